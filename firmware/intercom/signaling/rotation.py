"""Which of several addresses of an exchange is dialled next.  Pure.  (Voice JS SDK v1, WSTransport.)"""

from collections.abc import Sequence
from enum import Enum, auto


class Loss(Enum):
    """How an attempt, or the connection that it led to, came to its end."""

    NO_ANSWER = auto()  # not connected in time
    ABNORMAL = auto()  # the socket broke, or never was one
    SILENT = auto()  # connected, but nothing came any more
    MOVED = auto()  # we have left the network it went by
    ORDERLY = auto()  # closed by the far end with a reason of its own


class Rotation:
    """Stays with an address that was open until its socket breaks twice in a row, and with no other."""

    def __init__(self, uris: Sequence[str]) -> None:
        self._uris = uris
        self._index = 0
        self._is_open = self._was_open = self._is_doubtful = False

    @property
    def uri(self) -> str:
        """The address to dial."""
        return self._uris[self._index]

    def opened(self) -> None:
        """Note that the address answered."""
        self._is_open, self._is_doubtful = True, False

    def lost(self, loss: Loss) -> None:
        """Note how it ended."""
        is_bad = self._is_doubtful or not (self._is_open or self._was_open)
        if loss is Loss.NO_ANSWER or (loss is Loss.ABNORMAL and is_bad):
            self._index = (self._index + 1) % len(self._uris)
        if loss in {Loss.ABNORMAL, Loss.SILENT}:
            self._is_doubtful = True
        self._is_open, self._was_open = False, self._is_open
