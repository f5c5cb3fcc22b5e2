"""The digits of one call: telephone events among its packets, and tones in its sound where there are none."""

import asyncio
from collections.abc import Callable

from intercom.call.ports import DigitHeard, DigitSource
from intercom.rtc.codecs import CODECS
from intercom.rtc.dtmf import Dialler, Listener
from intercom.rtc.inband import ToneEar
from intercom.rtc.rtp import Packet
from intercom.rtc.sdp import Description


class Keypad:
    """`tell` is called in the loop with each digit that the far end sends.  Knows nothing before `agree`.

    `dialler` makes the events that are to be sent, as packets of type `event_type`; None: none may be.
    """

    def __init__(self, tell: Callable[[DigitHeard], None], *, packet_ms: int) -> None:
        self.dialler: Dialler | None = None
        self.event_type = -1
        self._tell, self._packet_ms = tell, packet_ms
        self._loop = asyncio.get_running_loop()
        self._listener = Listener()
        self._clocks: dict[int, int] = {}
        self._ear: ToneEar | None = None

    def agree(self, description: Description, codec: str) -> None:
        """Take what was agreed on: the far end's payload types, and which codec our voice is in."""
        rate_hz = CODECS[codec].rate_hz
        self._clocks = {number: rate for rate, number in description.event_types.items()}
        self._ear = None if self._clocks else self._ear or ToneEar()
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
        """Return whether a packet of the far end is a telephone event, whose digit is then told once; in the loop."""
        rate_hz = self._clocks.get(packet.payload_type)
        if rate_hz is None:
            return False
        stamp, ssrc = packet.timestamp, packet.ssrc
        if digit := self._listener.hear(packet.payload, ssrc=ssrc, timestamp=stamp, rate_hz=rate_hz):
            self._tell(DigitHeard(digit, DigitSource.RTP))
        return True

    def played(self, pcm: bytes) -> bytes:
        """Return what of the far end's sound is to be played: silence while a digit sounds in it; while playing."""
        ear = self._ear
        if ear is None:
            return pcm
        for digit in ear.hear(pcm):
            self._loop.call_soon_threadsafe(self._tell, DigitHeard(digit, DigitSource.IN_BAND))
        return bytes(len(pcm)) if ear.is_sounding else pcm
