"""Digits of a call, sent and heard (Voice JS SDK v1, sendDigits; hearing them is ours)."""

import asyncio
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intercom.call import codes
from intercom.call.events import CallError
from intercom.call.life import Life
from intercom.call.machine import ACCEPTED
from intercom.call.ports import DigitHeard, DigitSource, Media, Ports
from intercom.errors import ConflictError, UsageError
from intercom.signaling.events import StreamState
from intercom.signaling.messages import Dtmf

if TYPE_CHECKING:
    from intercom.call.connection import Connection

PAUSE = "w"
SENDABLE = {*"0123456789*#", PAUSE}
MOST = 256  # what a frame may hold
STEP_MS = 200
TONES = {"*": "dtmfs", "#": "dtmfh"}
TWICE_WITHIN_S = 2.0


def check(digits: object) -> str:
    """Return the text if it can be sent; raises UsageError, which does not quote it: it may be a door's code."""
    if not isinstance(digits, str):
        raise UsageError("Digits must be a text.", 'Write them as "123".')
    if not SENDABLE.issuperset(digits):
        raise UsageError("Digits can be 0 to 9, * and #, with w for a pause of half a second.", "Leave out the rest.")
    if len(digits) > MOST:
        raise UsageError(f"At most {MOST} digits can be sent at once.", "Send them in parts.")
    return digits


def tones(digits: str) -> Iterator[tuple[int, str]]:
    """Yield what is heard here while they are sent: the ms from now, and the name of the sound."""
    for at, symbol in enumerate(digits):
        if symbol != PAUSE:
            yield at * STEP_MS, TONES.get(symbol, f"dtmf{symbol}")


class Once:
    """Tells a digit that is new from one that was heard before in another way.

    What one way tells is never dropped for its own sake: a digit is matched with the first of the same name that was
    told within two seconds by others but not by this one.  So a text that comes in several ways comes out once.
    """

    def __init__(self) -> None:
        self._told: deque[_Told] = deque(maxlen=MOST)

    def is_new(self, digit: str, source: DigitSource, *, at_s: float) -> bool:
        """Note a digit that was heard at this time; return whether it counts."""
        for told in self._told:
            is_near = abs(told.at_s - at_s) < TWICE_WITHIN_S
            if told.digit == digit and source not in told.sources and is_near:
                told.sources.add(source)
                return False
        self._told.append(_Told(digit, at_s, {source}))
        return True


@dataclass(slots=True)
class _Told:
    digit: str
    at_s: float
    sources: set[DigitSource]


class Digits:
    """Sends a call's digits the best way there is, and emits `digit(DigitHeard)` once for each that is heard."""

    def __init__(self, call: "Connection", life: Life, media: Media, ports: Ports) -> None:
        self._call, self._life, self._media, self._ports = call, life, media, ports
        self._once = Once()

    def send(self, digits: object) -> None:
        """Send them as telephone events, else in a `dtmf` frame; raises UsageError, ConflictError.

        `error` 31000 where there are no telephone events and no exchange is connected.
        """
        checked = check(digits)
        if self._life.state not in ACCEPTED:
            raise ConflictError(f"Digits can't be sent in a call that is {self._life.state}.")
        self._life.run(self._play(checked))
        if self._media.send_digits(checked):
            return
        if self._ports.stream.state is not StreamState.DISCONNECTED:
            self._ports.stream.send(Dtmf(callsid=self._call.sid, dtmf=checked))
        else:
            message = "The exchange is not connected, so the digits could not be sent."
            self._call.emit("error", CallError(codes.UNKNOWN, message, self._call))

    def hear(self, heard: DigitHeard) -> None:
        """Take a digit that came with the voice."""
        self._hear(heard, at_s=asyncio.get_running_loop().time())

    def receive(self, message: Dtmf) -> None:
        """Take the digits of a frame: told at once, but at the pace at which the far end may be heard to play them."""
        now = asyncio.get_running_loop().time()
        for at, symbol in enumerate(message.dtmf):
            if symbol != PAUSE:
                self._hear(DigitHeard(symbol, DigitSource.SIGNALLING), at_s=now + at * STEP_MS / 1000)

    def _hear(self, heard: DigitHeard, *, at_s: float) -> None:
        if self._life.state in ACCEPTED and self._once.is_new(heard.digit, heard.source, at_s=at_s):
            self._call.emit("digit", heard)

    async def _play(self, digits: str) -> None:
        began = asyncio.get_running_loop().time()
        for at_ms, tone in tones(digits):
            await asyncio.sleep(began + at_ms / 1000 - asyncio.get_running_loop().time())
            self._ports.sounds.play(tone)
