"""What a call's media counts.

aiortc tells what is sent and the round trip; what arrives is counted here, since its figures lack the bytes, are in
ticks of a clock that it does not name, and start anew with each of the far end's SSRCs.
"""

from collections.abc import Iterable

from aiortc.rtp import RtpPacket
from aiortc.stats import RTCOutboundRtpStreamStats, RTCRemoteInboundRtpStreamStats, RTCStats

from intercom.audio.frames import RATE
from intercom.quality.sample import Record
from intercom.rtc.codecs import CODECS

STATIC_RATES_HZ = {codec.static_type: codec.rate_hz for codec in CODECS.values() if codec.static_type is not None}
MOST_MISSING = 3000


class Inbound:
    """Counts the far end's packets (RFC 3550, appendices A.1, A.3 and A.8); `jitter_ms` is None before the first."""

    def __init__(self) -> None:
        self.packets = self.payload_bytes = 0
        self.jitter_ms: float | None = None
        self._expected = 0
        self._newest: RtpPacket | None = None
        self._paced: tuple[RtpPacket, float] | None = None

    @property
    def lost(self) -> int:
        """How many packets are missing; late ones come off again."""
        return self._expected - self.packets

    def begin_anew(self) -> None:
        """Expect that the next packet belongs to another stream, though its SSRC may be the same."""
        self._newest = None

    def feed(self, packet: RtpPacket, *, at_s: float, is_voice: bool = True) -> None:
        """Count a packet that has just arrived, by a steady clock; a telephone event's has no pace of its own."""
        self.packets += 1
        self.payload_bytes += len(packet.payload)
        newest = self._newest
        step = _signed(packet.sequence_number - newest.sequence_number, 16) if newest else 0
        if newest is None or packet.ssrc != newest.ssrc or abs(step) > MOST_MISSING:
            self._expected += 1
            self._paced = None
            self.jitter_ms = self.jitter_ms or 0.0
        elif step > 0:
            self._expected += step
        else:
            return
        self._newest = packet
        if is_voice:
            self._measure_jitter(packet, at_s)

    def _measure_jitter(self, packet: RtpPacket, at_s: float) -> None:
        (before, before_at_s), self._paced = self._paced or (packet, at_s), (packet, at_s)
        ticks = _signed(packet.timestamp - before.timestamp, 32)
        if ticks == 0:  # the first, or parts of one frame
            return
        ticks_ms = ticks * 1000 / STATIC_RATES_HZ.get(packet.payload_type, RATE)
        before_ms = self.jitter_ms or 0.0
        self.jitter_ms = before_ms + (abs((at_s - before_at_s) * 1000 - ticks_ms) - before_ms) / 16


def record(
    report: Iterable[RTCStats],
    inbound: Inbound,
    *,
    path_rtt_s: float | None,
    codec: str | None,
    timestamp_ms: float,
) -> Record:
    """Return all figures at one moment; `report` is that of aiortc's senders, of which a call may have had several.

    A round trip of 0 is none: aiortc tells it where the far end has not reported yet.  That of the path stands in for
    it (Voice JS SDK v1 takes `currentRoundTripTime` of the selected candidate pair).
    """
    packets = sent_bytes = 0
    rtt_s: float | None = None
    for entry in report:
        match entry:
            case RTCOutboundRtpStreamStats():
                packets, sent_bytes = packets + entry.packetsSent, sent_bytes + entry.bytesSent
            case RTCRemoteInboundRtpStreamStats():
                rtt_s = entry.roundTripTime or rtt_s
    rtt_s = rtt_s or path_rtt_s
    return Record(
        timestamp=timestamp_ms,
        codec_name=codec,
        bytes_received=inbound.payload_bytes,
        bytes_sent=sent_bytes,
        packets_received=inbound.packets,
        packets_sent=packets,
        packets_lost=inbound.lost,
        jitter=inbound.jitter_ms,
        rtt=None if rtt_s is None else rtt_s * 1000,
    )


def _signed(difference: int, bits: int) -> int:
    """Return the shortest way round from one counter to another."""
    half = 1 << (bits - 1)
    return (difference + half) % (1 << bits) - half
