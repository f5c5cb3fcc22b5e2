"""From counters that only grow to the sample of one second (Voice JS SDK v1, sample).

Names in JSON are the seed's (`packetsLostFraction`); in Python they are its words in snake_case.
"""

import math
from collections.abc import Sequence

from msgspec import Struct

from intercom.quality.mos import mos


class Record(Struct, frozen=True, kw_only=True, rename="camel"):
    """What a call's media has counted since it began; None: not known yet."""

    timestamp: float  # ms since 1970
    codec_name: str | None
    bytes_received: int  # payload alone, as the next
    bytes_sent: int
    packets_received: int
    packets_sent: int
    packets_lost: int
    jitter: float | None  # ms
    rtt: float | None  # ms


class Totals(Struct, frozen=True, kw_only=True, rename="camel"):
    """A sample's counters since the call began."""

    bytes_received: int = 0
    bytes_sent: int = 0
    packets_received: int = 0
    packets_sent: int = 0
    packets_lost: int = 0
    packets_lost_fraction: float = 0.0  # percent


class Sample(Struct, frozen=True, kw_only=True, rename="camel"):
    """One second of a call; counters are those of this second."""

    timestamp: float
    codec_name: str | None
    bytes_received: int
    bytes_sent: int
    packets_received: int
    packets_sent: int
    packets_lost: int
    packets_lost_fraction: float  # percent
    jitter: float | None  # ms
    rtt: float | None  # ms
    mos: float | None  # None in the first sample
    audio_input_level: int  # 0 to 32767, as the next
    audio_output_level: int
    totals: Totals


class Figures(Struct, frozen=True, kw_only=True, rename="camel"):
    """What is known of a call's sound beyond the seed's sample; None: not measured yet; counters are the call's.

    `mouth_to_ear` is an estimate for the far end's voice.  Measured: the round trip, of which half is taken, the
    playout delay, and the sound that waits in ALSA's playback buffer.  Assumed: that before it is sent the voice takes
    a packet of ours, the look-ahead of our encoder and what our microphone's periods add; that our speaker's card
    itself takes no time.
    """

    concealed_fraction: float = 0.0  # 0 to 1: the share of what was played that stood in for missing sound
    playout_delay: float | None = None  # ms from a packet's arrival until the speaker takes its sound
    mouth_to_ear: float | None = None  # ms
    concealed_ms: float = 0.0  # of sound that nobody knows, and that something like it stood for
    recovered_ms: float = 0.0  # of lost packets that the next one repeated
    stretched_ms: float = 0.0  # what was added to, and
    shrunk_ms: float = 0.0  # taken out of the voice, to keep the delay right
    dropped_ms: float = 0.0  # what came too early or too late to be played
    late: int = 0  # packets
    resets: int = 0
    skew_ppm: float = 0.0  # how much faster the far end's clock is than our speaker's
    loss_there: float | None = None  # 0 to 1: the share of our packets that the far end missed lately


def following(
    before: Sample | None, record: Record, *, input_levels: Sequence[float], output_levels: Sequence[float]
) -> Sample:
    """Return the sample that follows `before` (None: the first of a call); the levels are those since then."""
    then = before.totals if before else Totals()
    received = record.packets_received - then.packets_received
    lost = record.packets_lost - then.packets_lost
    lost_percent = _percent(lost, received, of_nothing=0.0)
    rtt = before.rtt if before and record.rtt is None else record.rtt
    return Sample(
        timestamp=record.timestamp,
        codec_name=record.codec_name,
        bytes_received=record.bytes_received - then.bytes_received,
        bytes_sent=record.bytes_sent - then.bytes_sent,
        packets_received=received,
        packets_sent=record.packets_sent - then.packets_sent,
        packets_lost=lost,
        packets_lost_fraction=lost_percent,
        jitter=record.jitter,
        rtt=rtt,
        mos=mos(rtt, record.jitter, lost_percent) if before else None,
        audio_input_level=_mean(input_levels),
        audio_output_level=_mean(output_levels),
        totals=_totals(record),
    )


def _totals(record: Record) -> Totals:
    return Totals(
        bytes_received=record.bytes_received,
        bytes_sent=record.bytes_sent,
        packets_received=record.packets_received,
        packets_sent=record.packets_sent,
        packets_lost=record.packets_lost,
        packets_lost_fraction=_percent(record.packets_lost, record.packets_received, of_nothing=100.0),
    )


def _percent(lost: int, received: int, *, of_nothing: float) -> float:
    expected = received + lost
    return lost / expected * 100 if expected > 0 else of_nothing


def _mean(levels: Sequence[float]) -> int:
    return math.floor(sum(levels) / len(levels) + 0.5) if levels else 0
