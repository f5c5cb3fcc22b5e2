"""The door's log as it is told: its last records, or that it is as it was written."""

from pathlib import Path
from typing import Any

from msgspec import to_builtins

from intercom.door import audit
from intercom.door.chain import Finding, State
from intercom.errors import DoorError


def of_folder(state: Path, count: int, *, is_verifying: bool) -> dict[str, Any] | None:
    """The same of a station that doesn't run, by its state folder; None where it has no log.  Raises DoorError."""
    try:
        found = audit.read(state / audit.FOLDER)
    except OSError as error:
        raise DoorError(f"The door's log can't be read: {error.strerror}.", "Use sudo, or --state.") from error
    if not found.lines and found.state is State.WHOLE:
        return None
    return verified(found) if is_verifying else latest(found, count)


def latest(found: Finding, count: int) -> dict[str, Any]:
    """The last records, oldest first."""
    return {"records": [to_builtins(line) for line in found.lines[-count:]]}


def verified(found: Finding) -> dict[str, Any]:
    """The numbers of the first and last record kept, and the hash of the last; raises DoorError where it was changed.

    Who can write the log can write it anew from the beginning: only a hash that was noted elsewhere tells that.
    """
    if found.state is State.BROKEN:
        raise DoorError(f"The door's log is not as it was written: {found.why}", "Somebody or the disk has changed it.")
    return {"first": found.first, "last": found.end.n, "hash": found.end.digest, "why": found.why}
