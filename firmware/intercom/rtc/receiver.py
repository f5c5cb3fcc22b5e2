"""From the far end to the speaker's thread."""

import time
from collections.abc import Callable
from functools import partial

from intercom.audio.frames import silence
from intercom.rtc import codecs, rtp
from intercom.rtc.codecs import CODECS
from intercom.rtc.keypad import Keypad
from intercom.rtc.playout import Playout
from intercom.rtc.rtp import Packet
from intercom.rtc.stats import Inbound


class Receiver:
    """A Source of the far end's voice, filled with its packets from the loop; calls `heard` for each of them.

    The far end has one stream at a time: another SSRC is followed when it sends two packets of voice in a row, so that
    a stray one disturbs nothing.  `unreadable` counts what was no RTP.  Set `is_missed` when it has long fallen silent:
    the noise that stands for its pauses ends.
    """

    def __init__(
        self, keypad: Keypad, heard: Callable[[], None], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.newest = b""
        self.is_missed = False
        self.unreadable = 0
        self.inbound = Inbound()
        self.playout = Playout({})
        self._keypad, self._heard, self._clock = keypad, heard, clock
        self._clocks: dict[int, int] = {}
        self._ssrc: int | None = None
        self._stranger: Packet | None = None

    def agree(self, payload_types: dict[str, int]) -> None:
        """Take the payload types of the far end's codecs; a new stream begins."""
        self._clocks = {number: CODECS[name].rate_hz for name, number in payload_types.items()}
        self._ssrc = self._stranger = None
        self.inbound.begin_anew()
        self.playout.agree({number: partial(codecs.decoder, name) for name, number in payload_types.items()})

    def received(self, data: bytes) -> None:
        """Take a packet, in the loop."""
        try:
            packet = rtp.parse(data)
        except ValueError:
            self.unreadable += 1
            return
        is_voice = not self._keypad.hear(packet) and packet.payload_type in self._clocks
        if packet.ssrc == self._ssrc:
            self._stranger = None
            self._take(packet)
        elif is_voice:
            self._meet(packet)

    def pull(self, samples: int) -> bytes:
        """Return exactly that many samples, in the playback thread."""
        pcm = self._keypad.played(self.playout.pull(samples, at_s=self._clock()))
        self.newest = pcm = silence(samples) if self.is_missed else pcm
        return pcm

    def _meet(self, packet: Packet) -> None:
        before, self._stranger = self._stranger, packet
        if self._ssrc is None:
            self._ssrc = packet.ssrc
            self._take(packet)
        elif before and before.ssrc == packet.ssrc:
            self._ssrc, self._stranger = packet.ssrc, None
            self._take(before)
            self._take(packet)

    def _take(self, packet: Packet) -> None:
        at_s = self._clock()
        self._heard()
        self.inbound.feed(packet, at_s=at_s, rate_hz=self._clocks.get(packet.payload_type))
        self.playout.put(packet, at_s=at_s)
