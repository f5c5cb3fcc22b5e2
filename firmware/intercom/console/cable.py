"""The far side's end of a line: it blocks, with patience."""

import os
import select
import time
from typing import Protocol

from intercom.errors import NoAnswerError

STALL_S = 10.0
PLUG = "See that the cable is plugged in, and that the station runs."
BITS = 10  # of each byte on a serial line


class HungUpError(NoAnswerError):
    """The line is gone: asking again is of no use before it is opened anew."""


class Cable(Protocol):
    """A line to a station; raises NoAnswerError where it is gone."""

    byte_s: float
    """How long a byte takes on it."""
    hint: str
    """What to do where nobody answers."""

    def send(self, data: bytes) -> None:
        """Send all of it."""

    def receive(self, timeout_s: float) -> bytes:
        """What arrives next; empty: nothing did in time."""

    def now_s(self) -> float:
        """The time, from any beginning."""


class FileCable:
    """A serial device or a socket by its file descriptor, which stays its owner's; `baud` 0: as fast as can be."""

    def __init__(self, file: int, *, baud: int = 0, hint: str = PLUG) -> None:
        self._file, self.hint = file, hint
        self.byte_s = BITS / baud if baud else 0.0

    def send(self, data: bytes) -> None:
        """Send all of it; raises NoAnswerError where the other end takes nothing for 10 s."""
        rest = memoryview(data)
        try:
            while rest:
                if not _takes(self._file):
                    raise NoAnswerError("The station takes nothing.", self.hint)
                try:
                    rest = rest[os.write(self._file, rest) :]
                except BlockingIOError:
                    continue
        except OSError as error:
            raise self._gone() from error

    def receive(self, timeout_s: float) -> bytes:
        """What arrives next; empty: nothing did in time."""
        try:
            if not select.select([self._file], [], [], max(timeout_s, 0.0))[0]:
                return b""
            received = os.read(self._file, 4096)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise self._gone() from error
        if not received:
            raise self._gone()
        return received

    def now_s(self) -> float:
        """The monotonic clock."""
        return time.monotonic()

    def _gone(self) -> HungUpError:
        return HungUpError("The station hung up.", self.hint)


def _takes(file: int) -> bool:
    """Whether it can be written to in time, or is gone, which `select` does not tell of a hung-up tty."""
    poll = select.poll()
    poll.register(file, select.POLLOUT)
    return bool(poll.poll(STALL_S * 1000))
