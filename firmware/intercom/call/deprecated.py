"""What the Voice JS SDK v1 keeps of earlier times, and tells not to use."""

import warnings
from abc import abstractmethod
from collections.abc import Callable
from functools import cache
from typing import Any

from intercom.call.emitter import Emitter

Listener = Callable[..., Any]


class Deprecated(Emitter):
    """`cancel()`, `unmute()`, and the eight methods that add a listener when they are given one.

    Those eight warn once in a process, the others wherever they are used; `is_warning` False silences them all.
    """

    def __init__(self, *, is_warning: bool) -> None:
        super().__init__()
        self._is_warning = is_warning

    @abstractmethod
    def ignore(self, listener: Listener | None = None) -> None:
        """See Connection."""

    @abstractmethod
    def mute(self, flag: bool | Listener = True) -> bool:
        """See Connection."""

    def cancel(self, listener: Listener | None = None) -> None:
        """Ignore a pending call, under its old name (Voice JS SDK v1, cancel)."""
        if listener is not None:
            self._listen("cancel", listener)
        else:
            if self._is_warning:
                warnings.warn("Connection.cancel() is deprecated: use ignore().", DeprecationWarning, stacklevel=2)
            self.ignore()

    def unmute(self) -> None:
        """Open the microphone, under its old name (Voice JS SDK v1, unmute)."""
        if self._is_warning:
            warnings.warn("Connection.unmute() is deprecated: use mute(False).", DeprecationWarning, stacklevel=2)
        self.mute(False)

    def error(self, listener: Listener) -> None:
        """Add a listener of `error`."""
        self._listen("error", listener)

    def volume(self, listener: Listener) -> None:
        """Add a listener of `volume`."""
        self._listen("volume", listener)

    def _listen(self, event: str, listener: Listener) -> None:
        if self._is_warning:
            _warn_of_listeners()
        self.on(event, listener)


@cache
def _warn_of_listeners() -> None:
    """Warn on the first call of a process, at the line of the script that used the old form."""
    message = "Giving Connection's methods a listener is deprecated: use on(event, listener)."
    warnings.warn(message, DeprecationWarning, stacklevel=4)
