"""Between the network and the speaker: packets and times in, samples out."""

from collections import deque

from intercom.audio.frames import SAMPLE_BYTES
from intercom.rtc.counters import Counters
from intercom.rtc.intake import Intake
from intercom.rtc.reel import Reel
from intercom.rtc.rtp import Packet
from intercom.rtc.speech import Decoders, Speech

INBOX = 100


class Playout:
    """A Source of the far end's voice (mono, S16LE, 48 kHz): `put` in the loop, `pull` in the playback thread.

    A packet whose type has a decoder is voice, one of type 13 describes comfort noise (RFC 3389), and any other holds
    its place in the sequence and sounds as silence.  Pure: all that happens follows from packets and times.
    """

    def __init__(self, decoders: Decoders) -> None:
        self.newest = b""
        self.counters = Counters()
        self._inbox: deque[tuple[Packet, float]] = deque(maxlen=INBOX)
        self._agreed: Decoders | None = None
        self._speech = Speech(decoders)
        self._intake = Intake(self._speech, self.counters)
        self._reel = Reel(self._speech, self.counters)
        self._ready, self._at = b"", 0
        self._pulled = 0

    @property
    def wait_ms(self) -> float | None:
        """How long sound waits here between its packet's arrival and its pull, smoothed; None before any."""
        return self._reel.wait_ms

    @property
    def skew_ppm(self) -> float:
        """How much faster the far end's clock runs than the speaker's; 0 until known."""
        return self._intake.skew.ppm

    @property
    def concealed_fraction(self) -> float:
        """The share, 0 to 1, of what was played since the first sound that stood for sound that was missing."""
        return self._reel.concealed_fraction

    def agree(self, decoders: Decoders) -> None:
        """Use these payload types from the next packet on; any thread."""
        self._agreed = decoders

    def put(self, packet: Packet, *, at_s: float) -> None:
        """Take a packet that came at that time; never waits."""
        self.counters.packets_dropped += len(self._inbox) == INBOX
        self._inbox.append((packet, at_s))

    def pull(self, samples: int, *, at_s: float, most: int = 0) -> bytes:
        """Return that many samples for a speaker that asks at that time (of the same clock as `put`).

        What is decoded beyond them will not change any more: whole lots of it come along, up to `most` in all.
        """
        lot = samples * SAMPLE_BYTES
        if self._at + lot > len(self._ready):
            self._ready, self._at = self._produce(samples, at_s=at_s), 0
        there = min(len(self._ready) - self._at, most * SAMPLE_BYTES)
        size = max(lot, there - there % lot) if lot else 0
        self.newest = sound = self._ready[self._at : self._at + size]
        self._at += size
        self._pulled += size // SAMPLE_BYTES
        return sound

    def _produce(self, samples: int, *, at_s: float) -> bytes:
        """Return what is left, and then at least as much as is asked for."""
        if self._agreed is not None:
            self._speech.agree(self._agreed)
            self._agreed = None
        while self._inbox:
            packet, arrived_s = self._inbox.popleft()
            self._intake.take(packet, at_s=arrived_s)
        parts = [self._ready[self._at :]]
        missing = samples - len(parts[0]) // SAMPLE_BYTES
        self._reel.turn(self._intake.stream, at_s=at_s, pulled=self._pulled, samples=samples)
        while missing > 0:
            sound = self._reel.next()
            parts.append(sound.tobytes())
            missing -= len(sound)
        return b"".join(parts)
