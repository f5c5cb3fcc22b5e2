"""What the far side of a line hears: bytes to frames, and what to make of the rest.  Pure."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from intercom.console import frames
from intercom.console.frames import Long, Reply
from intercom.console.lines import LIMIT
from intercom.console.watch import News
from intercom.errors import SerialError

REMEMBERED = 64
KEPT = 4096  # bytes of what is no frame


class Ear:
    """Bytes in, frames out; `other` is the end of what was none, such as noise or a login prompt."""

    def __init__(self) -> None:
        self._line = bytearray()
        self._other = bytearray()

    @property
    def other(self) -> bytes:
        """What was heard that is no frame, at most 4 KB of it."""
        return bytes(self._other + self._line)

    def feed(self, data: bytes) -> Iterator[Reply | Long | News]:
        """What these bytes give; split anywhere, they give the same."""
        for byte in data:
            if byte not in b"\r\n" and len(self._line) < LIMIT:
                self._line.append(byte)
                continue
            frame = frames.decode_answer(self._line.decode("ascii", "replace"))
            if frame:
                yield frame
            else:
                self._other = (self._other + self._line + bytes([byte]))[-KEPT:]
            self._line.clear()


@dataclass(slots=True)
class _Told:
    content: str
    times: int
    sent: int


class Answered:
    """The answers of late: one that comes more often than it was asked for, or in two versions, is of two stations."""

    def __init__(self) -> None:
        self._told: OrderedDict[str, _Told] = OrderedDict()

    def take(self, answer: Reply | Long, sent: int) -> None:
        """The answer to a request that was sent so many times."""
        self._told[answer.id] = _Told(frames.content(answer), 1, sent)
        if len(self._told) > REMEMBERED:
            self._told.popitem(last=False)

    def check(self, answer: Reply | Long) -> None:
        """An answer that nobody waits for; raises SerialError where it can't be of the same station."""
        told = self._told.get(answer.id)
        if told is None:
            return
        told.times += 1
        if told.times > told.sent or told.content != frames.content(answer):
            raise SerialError(
                "More than one station answers on this line.", "Connect one station alone to each serial port."
            )
