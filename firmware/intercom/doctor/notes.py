"""Where the doctor writes down what was measured: the station's state folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from intercom import places
from intercom.errors import IntercomError


@contextmanager
def noted(state: Path) -> Iterator[None]:
    """Write to the folder as its owner, and make it if need be; an OSError becomes an IntercomError."""
    try:
        state.mkdir(parents=True, exist_ok=True)
        with places.as_owner(state):
            yield
    except OSError as error:
        raise IntercomError(
            f"What was measured can't be written to {state}: {error.strerror}.", "Use sudo, or name a folder (--state)."
        ) from error
