"""Bytes to lines, with the editing that a person at a terminal needs.  Sans-I/O: bytes in, events out.

A line ends with CR, LF or CRLF and has at most 1024 bytes; a longer one is swallowed to its end and refused once.
^U and ^C drop the line begun.  A line that begins with `@` is a machine's: nothing of it is echoed or edited, and a
bad one is dropped in silence.  One that begins as Improv's packets do is taken by its length, whatever its bytes are.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from intercom.console import improv

LIMIT = 1024

_BACKSPACE, _TAB, _LF, _CR, _CTRL_C, _CTRL_U, _ESCAPE, _DELETE = 0x08, 0x09, 0x0A, 0x0D, 0x03, 0x15, 0x1B, 0x7F
_ERASE = b"\b \b"


@dataclass(frozen=True, slots=True)
class Echo:
    """Bytes that the terminal shows of what was typed."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Line:
    """A whole line, without its end."""

    text: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A person's line that can't be used."""

    why: str


@dataclass(frozen=True, slots=True)
class Interrupted:
    """^C: the line begun is dropped, a new one begins."""


@dataclass(frozen=True, slots=True)
class Tab:
    """The key, behind the line `begun`: what may come next is asked for."""

    begun: str


@dataclass(frozen=True, slots=True)
class Packet:
    """One of Improv's, whole."""

    data: bytes


Typed = Echo | Line | Refused | Interrupted | Tab
Event = Typed | Packet


class Lines:
    """One direction of one line; remembers at most 1024 bytes."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._packet = improv.Intake(now)
        self.is_hidden = False  # what is typed is not shown, and no machine's
        self._line = bytearray()
        self._is_too_long = False
        self._is_after_cr = False
        self._escape = b""  # the terminal's escape sequence begun, such as that of an arrow key

    @property
    def begun(self) -> bytes:
        """The line that has no end yet."""
        return bytes(self._line)

    def feed(self, data: bytes) -> Iterator[Event]:
        """What these bytes give; split anywhere, they give the same, but for a packet that a silence ends."""
        self._packet.wake()
        for byte in data:
            if self._packet.is_begun or self._begins_packet(byte):
                yield from self._collect(byte)
                continue
            if byte == _LF and self._is_after_cr:
                self._is_after_cr = False
                continue
            self._is_after_cr = byte == _CR
            yield from self._take(byte)

    def add(self, text: str) -> Echo:
        """Have that typed."""
        return Echo(b"".join(echo.data for byte in text.encode() for echo in self._type(byte)))

    def _begins_packet(self, byte: int) -> bool:
        return byte == improv.VERSION and self._line == improv.BEGIN and not (self._escape or self.is_hidden)

    def _collect(self, byte: int) -> Iterator[Event]:
        if not self._packet.is_begun:
            self._clear()
            self._packet.begin()
        elif packet := self._packet.take(byte):
            yield Packet(packet)

    def _take(self, byte: int) -> Iterator[Event]:
        if byte in (_CR, _LF):
            yield from self._end()
        elif byte in (_CTRL_C, _CTRL_U):
            yield from self._drop(byte)
        elif self._is_too_long:
            pass
        elif self._is_machine():
            self._append(byte)
        elif byte == _ESCAPE or self._escape:
            self._skip(byte)
        elif byte in (_BACKSPACE, _DELETE, _TAB):
            yield from self._edit(byte)
        elif byte >= 0x20:
            yield from self._type(byte)

    def _end(self) -> Iterator[Event]:
        line, is_machine, is_too_long = bytes(self._line), self._is_machine(), self._is_too_long
        self._clear()
        if is_machine:
            if not is_too_long:
                yield Line(line.decode("ascii", "replace"))
            return
        yield Echo(b"\r\n")
        try:
            yield Refused(f"A line has at most {LIMIT} bytes.") if is_too_long else Line(line.decode())
        except UnicodeDecodeError:
            yield Refused("This line is not UTF-8 text.")

    def _drop(self, byte: int) -> Iterator[Event]:
        is_machine, typed = self._is_machine(), len(self._line.decode(errors="replace"))
        self._clear()
        if is_machine:
            return
        if byte == _CTRL_C:
            yield Echo(b"^C\r\n")
            yield Interrupted()
        elif typed and not self.is_hidden:
            yield Echo(_ERASE * typed)

    def _type(self, byte: int) -> Iterator[Echo]:
        self._append(byte)
        if not (self._is_machine() or self._is_too_long or self.is_hidden):
            yield Echo(bytes([byte]))

    def _edit(self, byte: int) -> Iterator[Event]:
        if byte == _TAB:
            yield Tab(self._line.decode(errors="replace"))
        elif self._line:
            while self._line.pop() & 0xC0 == 0x80 and self._line:
                pass
            if not self.is_hidden:
                yield Echo(_ERASE)

    def _skip(self, byte: int) -> None:
        self._escape += bytes([byte])
        is_begun = self._escape in (b"\x1b", b"\x1b[", b"\x1bO")
        if not is_begun and (len(self._escape) == 2 or 0x40 <= byte <= 0x7E):
            self._escape = b""

    def _append(self, byte: int) -> None:
        if len(self._line) < LIMIT:
            self._line.append(byte)
        else:
            self._is_too_long = True

    def _is_machine(self) -> bool:
        return self._line.startswith(b"@") and not self.is_hidden

    def _clear(self) -> None:
        self._line.clear()
        self._is_too_long = False
        self._escape = b""
