"""What a call's media counts.  Pure: times and packets in, figures out."""

from dataclasses import dataclass
from typing import NamedTuple

from intercom.quality.sample import Record
from intercom.rtc.rtp import Packet

MOST_MISSING = 3000


class Sent(NamedTuple):
    """What has been sent since the call began; payload alone."""

    packets: int = 0
    payload_bytes: int = 0


@dataclass(slots=True)
class Source:
    """One run of one SSRC's numbers, `first` to `highest`, in which the wraps are counted."""

    ssrc: int
    first: int
    highest: int
    packets: int = 0

    @property
    def expected(self) -> int:
        """How many packets it must have sent."""
        return self.highest - self.first + 1


class Inbound:
    """Counts the far end's packets (RFC 3550, appendices A.1, A.3 and A.8); `jitter_ms` is None before the first.

    `source` is the run that the newest packet is of; `rate_hz` the clock of the voice in it.
    """

    def __init__(self) -> None:
        self.packets = self.payload_bytes = 0
        self.jitter_ms: float | None = None
        self.rate_hz = 0
        self.source: Source | None = None
        self._lost_before = 0
        self._paced: tuple[int, float] | None = None

    @property
    def lost(self) -> int:
        """How many packets are missing; late ones come off again."""
        source = self.source
        return self._lost_before + (source.expected - source.packets if source else 0)

    def begin_anew(self) -> None:
        """Expect that the next packet belongs to another stream, though its SSRC may be the same."""
        self._lost_before = self.lost
        self.source = self._paced = None

    def feed(self, packet: Packet, *, at_s: float, rate_hz: int | None) -> None:
        """Count a packet that has just arrived, by a steady clock; None: it has no pace of its own, as an event."""
        self.packets += 1
        self.payload_bytes += len(packet.payload)
        source, number = self.source, packet.sequence_number
        if source is not None and packet.ssrc == source.ssrc:
            step = ((number - source.highest + 0x8000) & 0xFFFF) - 0x8000
            if -MOST_MISSING <= step <= MOST_MISSING:
                source.packets += 1
                if step > 0:
                    source.highest += step
                    if rate_hz:
                        self._measure_jitter(packet.timestamp, at_s, rate_hz)
                return
        self.begin_anew()
        self.source = Source(packet.ssrc, number, number, packets=1)
        self.jitter_ms = self.jitter_ms or 0.0
        if rate_hz:
            self._measure_jitter(packet.timestamp, at_s, rate_hz)

    def _measure_jitter(self, timestamp: int, at_s: float, rate_hz: int) -> None:
        paced, self._paced, self.rate_hz = self._paced, (timestamp, at_s), rate_hz
        if paced is None:
            return
        before, before_at_s = paced
        ticks = ((timestamp - before + 0x80000000) & 0xFFFFFFFF) - 0x80000000
        if ticks == 0:  # parts of one frame
            return
        before_ms = self.jitter_ms or 0.0
        moved_ms = abs((at_s - before_at_s) * 1000 - ticks * 1000 / rate_hz)
        self.jitter_ms = before_ms + (moved_ms - before_ms) / 16


def record(
    sent: Sent,
    inbound: Inbound,
    *,
    rtt_s: float | None,
    path_rtt_s: float | None,
    codec: str | None,
    timestamp_ms: float,
) -> Record:
    """Return all figures at one moment; `rtt_s` is of the far end's reports, `path_rtt_s` of a check of ICE.

    A round trip of 0 is none.  That of the path stands in for it (Voice JS SDK v1 takes `currentRoundTripTime` of the
    selected candidate pair).
    """
    rtt_s = rtt_s or path_rtt_s
    return Record(
        timestamp=timestamp_ms,
        codec_name=codec,
        bytes_received=inbound.payload_bytes,
        bytes_sent=sent.payload_bytes,
        packets_received=inbound.packets,
        packets_sent=sent.packets,
        packets_lost=inbound.lost,
        jitter=inbound.jitter_ms,
        rtt=None if rtt_s is None else rtt_s * 1000,
    )
