"""Event emitter with the seed's manners: a listener that raises disturbs neither the call nor other listeners."""

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from pyee.base import EventEmitter

logger = logging.getLogger(__name__)


class Emitter(EventEmitter):
    """`on`, `once`, `remove_listener`, `emit`; listeners run at once, in the order they were added.

    An `error` that nobody listens to is not raised (Voice JS SDK v1 installs a default listener).
    """

    def remove_listener(self, event: str, f: Callable[..., Any]) -> None:
        """Call it no more; one that was never added is no error, as in JavaScript."""
        with suppress(KeyError):
            super().remove_listener(event, f)

    def _emit_run(self, f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        try:
            f(*args, **kwargs)
        except Exception:  # a script's listener: its bug must not end the call
            logger.exception("a listener raised")

    def _emit_handle_potential_error(self, event: str, error: Any) -> None:
        """Stay silent where pyee would raise."""
