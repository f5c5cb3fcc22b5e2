"""Digits as telephone events (RFC 4733): what a packet says, when one is sent, how each digit is heard once.

Pure: RTP timestamps in and out, no clock of its own.
"""

import struct
from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

DIGITS = "0123456789*#ABCD"  # by event code
PAUSE = "w"
TONE_MS, GAP_MS, PAUSE_MS = 160, 70, 500
ENDS = 3
POWER = 10  # dBm0, the sign dropped
END_BIT = 0x80
LONGEST = 0xFFFF
LATE_MS = 100
REMEMBERED = 32
WRAP = 1 << 32

_PAYLOAD = struct.Struct("!BBH")


class Report(NamedTuple):
    """What is sent in place of a packet of the voice."""

    payload: bytes
    timestamp: int
    is_first: bool


class Dialler:
    """Sends digits in the clock of the voice, whose packets (of 10 or 20 ms) an event replaces one for one.

    A digit takes 230 ms, `w` 500 ms of voice; the end of an event is told three times, within the gap that follows it.
    """

    def __init__(self, rate_hz: int, packet_ms: int) -> None:
        self.rate_hz = rate_hz
        self._step, self._tone, self._gap, self._pause = (
            rate_hz * length_ms // 1000 for length_ms in (packet_ms, TONE_MS, GAP_MS, PAUSE_MS)
        )
        self._queue: deque[str] = deque()
        self._now: int | None = None
        self._free_at = 0
        self._event: _Sent | None = None

    def dial(self, digits: str) -> None:
        """Send these when all before them are sent: DIGITS and PAUSE."""
        self._queue.extend(digits)

    def replace(self, timestamp: int) -> Report | None:
        """Return what goes out instead of the voice's packet of that timestamp; None: that packet itself."""
        if self._event is None and not self._queue:
            return None
        now = self._now = self._unwrapped(timestamp)
        event = self._event = self._event or self._begin(now)
        if event is None:
            return None
        duration = min(now + self._step - event.start, self._tone)
        is_first, event.is_begun = not event.is_begun, True
        event.ends += duration == self._tone
        if event.ends == ENDS:
            self._event = None
        payload = _PAYLOAD.pack(event.code, POWER | (END_BIT if duration == self._tone else 0), duration)
        return Report(payload, event.start % WRAP, is_first)

    def _begin(self, now: int) -> "_Sent | None":
        """Return the next event if it starts before the packet of this moment ends."""
        while self._queue and (start := max(self._free_at, now)) < now + self._step:
            symbol = self._queue.popleft()
            if symbol == PAUSE:
                self._free_at = start + self._pause
            else:
                self._free_at = start + self._tone + self._gap
                return _Sent(DIGITS.index(symbol), start)
        return None

    def _unwrapped(self, timestamp: int) -> int:
        return timestamp if self._now is None else self._now + (timestamp - self._now) % WRAP


@dataclass(slots=True)
class _Sent:
    code: int
    start: int
    is_begun: bool = False
    ends: int = 0


class Listener:
    """Hears each event once, from whichever of its packets comes first; they may be lost, doubled and out of order."""

    def __init__(self) -> None:
        self._known: deque[_Heard] = deque(maxlen=REMEMBERED)

    def hear(self, payload: bytes, *, ssrc: int, timestamp: int, rate_hz: int) -> str | None:
        """Return the digit that begins with this packet, None where none does."""
        if len(payload) < _PAYLOAD.size:
            return None
        code, flags, _ = _PAYLOAD.unpack_from(payload)
        if code >= len(DIGITS):
            return None
        event = _Heard(ssrc, timestamp, code, bool(flags & END_BIT))
        for known in self._known:
            if (known.ssrc, known.timestamp) == (ssrc, timestamp):
                known.is_ended |= event.is_ended
                return None
        goes_on = bool(self._known) and event.continues(self._known[-1], late=rate_hz * LATE_MS // 1000)
        self._known.append(event)
        return None if goes_on else DIGITS[code]


@dataclass(slots=True)
class _Heard:
    ssrc: int
    timestamp: int
    code: int
    is_ended: bool

    def continues(self, before: "_Heard", *, late: int) -> bool:
        """Tell whether this is the next part of a digit held longer than an event can last (section 2.5.1.3).

        Its timestamp should be that of the part before and LONGEST more; Chromium's is up to a packet later.
        """
        gap = (self.timestamp - before.timestamp) % WRAP
        is_same = (self.ssrc, self.code) == (before.ssrc, before.code)
        return is_same and not before.is_ended and LONGEST <= gap <= LONGEST + late
