"""The digits of one call: telephone events among its packets, and tones in its sound where there are none."""

import asyncio
import time
from collections.abc import Callable

from intercom.audio.frames import RATE
from intercom.call.ports import DigitHeard, DigitSource
from intercom.rtc.codecs import CODECS
from intercom.rtc.dtmf import Dialler, Listener
from intercom.rtc.inband import HELD_SAMPLES, Muffler
from intercom.rtc.rtp import Packet
from intercom.rtc.sdp import Description

AFTER_S = 0.3  # for so long after an event what came with it may still wait to be played


class Keypad:
    """`tell` is called in the loop with each digit that the far end sends.  Knows nothing before `agree`.

    Nothing that tells a digit is to be heard at the speaker: no sound is played while events come, as some far ends let
    the tone be heard too, and tones that are all there is are taken out of the voice, which waits `held_ms` for that.

    `dialler` makes the events that are to be sent, as packets of type `event_type`; None: none may be.
    """

    def __init__(
        self, tell: Callable[[DigitHeard], None], *, packet_ms: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.dialler: Dialler | None = None
        self.event_type = -1
        self._tell, self._packet_ms, self._clock = tell, packet_ms, clock
        self._loop = asyncio.get_running_loop()
        self._listener = Listener()
        self._clocks: dict[int, int] = {}
        self._muffler: Muffler | None = None
        self._silent_until = 0.0

    @property
    def held_ms(self) -> float:
        """For how long the voice waits here."""
        return HELD_SAMPLES * 1000 / RATE if self._muffler else 0.0

    def agree(self, description: Description, codec: str) -> None:
        """Take what was agreed on: the far end's payload types, and which codec our voice is in."""
        rate_hz = CODECS[codec].rate_hz
        self._clocks = {number: rate for rate, number in description.event_types.items()}
        self._muffler = None if self._clocks else self._muffler or Muffler()
        self.event_type = description.event_types.get(rate_hz, -1)
        if not description.takes_voice or self.event_type < 0:
            self.dialler = None
        elif self.dialler is None or self.dialler.rate_hz != rate_hz:  # else a new path for the same call
            self.dialler = Dialler(rate_hz, self._packet_ms)

    def dial(self, digits: str) -> bool:
        """Begin to send digits; False where that was not agreed on."""
        if self.dialler:
            self.dialler.dial(digits)
        return self.dialler is not None

    def hear(self, packet: Packet) -> bool:
        """Return whether a packet of the far end is a telephone event, whose digit is then told once; any thread."""
        rate_hz = self._clocks.get(packet.payload_type)
        if rate_hz is None:
            return False
        self._silent_until = self._clock() + AFTER_S
        stamp, ssrc = packet.timestamp, packet.ssrc
        if digit := self._listener.hear(packet.payload, ssrc=ssrc, timestamp=stamp, rate_hz=rate_hz):
            self._loop.call_soon_threadsafe(self._tell, DigitHeard(digit, DigitSource.RTP))
        return True

    def played(self, pcm: bytes) -> bytes:
        """Return what is to be played in place of the far end's sound, as much of it; in the playback thread."""
        if self._clock() < self._silent_until:
            return bytes(len(pcm))
        muffler = self._muffler
        if muffler is None:
            return pcm
        digits, heard = muffler.hear(pcm)
        for digit in digits:
            self._loop.call_soon_threadsafe(self._tell, DigitHeard(digit, DigitSource.IN_BAND))
        return heard
