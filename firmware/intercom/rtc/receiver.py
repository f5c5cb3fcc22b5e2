"""From the far end to the speaker's thread."""

import time
from collections.abc import Callable
from functools import partial

from intercom.rtc import codecs, rtp
from intercom.rtc.codecs import CODECS
from intercom.rtc.keypad import Keypad
from intercom.rtc.playout import Playout
from intercom.rtc.rtp import Packet
from intercom.rtc.stats import Inbound


class Receiver:
    """A Source of the far end's voice, filled with its packets one at a time from any thread.

    `heard` is called with when each of them came, `fetch` before each pull, to bring what has arrived.

    The far end has one stream at a time: another SSRC is followed when it sends two packets of voice in a row, so that
    a stray one disturbs nothing.  `unreadable` counts what was no RTP.  Set `is_missed` when it has long fallen silent:
    the noise that stands for its pauses ends.
    """

    def __init__(
        self,
        keypad: Keypad,
        heard: Callable[[float], None],
        *,
        fetch: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.newest = b""
        self.is_missed = False
        self.unreadable = 0
        self.inbound = Inbound()
        self.playout = Playout({})
        self._keypad, self._heard, self._fetch, self._clock = keypad, heard, fetch, clock
        self._clocks: dict[int, int] = {}
        self._ssrc: int | None = None
        self._stranger: tuple[Packet, float] | None = None

    def agree(self, payload_types: dict[str, int]) -> None:
        """Take the payload types of the far end's codecs; a new stream begins."""
        self._clocks = {number: CODECS[name].rate_hz for name, number in payload_types.items()}
        self._ssrc = self._stranger = None
        self.inbound.begin_anew()
        self.playout.agree({number: partial(codecs.decoder, name) for name, number in payload_types.items()})

    def received(self, data: bytes, at_s: float) -> None:
        """Take a packet, and when it arrived."""
        try:
            packet = rtp.parse(data)
        except ValueError:
            self.unreadable += 1
            return
        is_voice = not self._keypad.hear(packet) and packet.payload_type in self._clocks
        if packet.ssrc == self._ssrc:
            self._stranger = None
            self._take(packet, at_s)
        elif is_voice:
            self._meet(packet, at_s)

    def pull(self, samples: int, *, most: int = 0) -> bytes:
        """Return what `Playout.pull` does, in the playback thread."""
        self._fetch()
        pcm = self._keypad.played(self.playout.pull(samples, at_s=self._clock(), most=most))
        self.newest = pcm = bytes(len(pcm)) if self.is_missed else pcm
        return pcm

    def _meet(self, packet: Packet, at_s: float) -> None:
        before, self._stranger = self._stranger, (packet, at_s)
        if self._ssrc is None:
            self._ssrc = packet.ssrc
            self._take(packet, at_s)
        elif before and before[0].ssrc == packet.ssrc:
            self._ssrc, self._stranger = packet.ssrc, None
            self._take(*before)
            self._take(packet, at_s)

    def _take(self, packet: Packet, at_s: float) -> None:
        self._heard(at_s)
        self.inbound.feed(packet, at_s=at_s, rate_hz=self._clocks.get(packet.payload_type))
        self.playout.put(packet, at_s=at_s)
