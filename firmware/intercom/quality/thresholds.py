"""The warnings of a call as one table: what is looked at, when it is raised, when it is cleared."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from intercom.settings import schema


class Kind(StrEnum):
    """What is compared with a threshold's value; the names are the seed's.

    `MAX`, `MIN`: each second, above or below it.  `MAX_AVERAGE`: the mean of a full window.  `MIN_STANDARD_DEVIATION`:
    the deviation of all levels in a full window.
    """

    MAX = "max"
    MIN = "min"
    MAX_AVERAGE = "maxAverage"
    MIN_STANDARD_DEVIATION = "minStandardDeviation"


@dataclass(frozen=True, slots=True)
class Threshold:
    """`warning` is the event's name, `stat` a member of Sample, `window` how many of the newest seconds are looked at.

    `raise_count`, `clear_count`: of how many bad seconds `MAX` and `MIN` are raised, and of how many still cleared.
    `clear_value`: where `MAX_AVERAGE` is cleared.
    """

    warning: str
    stat: str
    kind: Kind
    value: float
    window: int
    raise_count: int = 3
    clear_count: int = 0
    clear_value: float = 0.0

    @property
    def needs_full_window(self) -> bool:
        """Whether a call must be that old."""
        return self.kind in {Kind.MAX_AVERAGE, Kind.MIN_STANDARD_DEVIATION}


# In the order of their events within a second.
THRESHOLDS = (
    Threshold("constant-audio-input-level", "audio_input_level", Kind.MIN_STANDARD_DEVIATION, 327.67, window=10),
    Threshold("constant-audio-output-level", "audio_output_level", Kind.MIN_STANDARD_DEVIATION, 327.67, window=10),
    Threshold("low-bytes-received", "bytes_received", Kind.MIN, 1, window=3, clear_count=2),
    Threshold("low-bytes-sent", "bytes_sent", Kind.MIN, 1, window=3, clear_count=2),
    Threshold("high-jitter", "jitter", Kind.MAX, 30, window=10),
    Threshold("low-mos", "mos", Kind.MIN, 3, window=10),
    Threshold("high-packet-loss", "packets_lost_fraction", Kind.MAX, 1, window=10),
    Threshold("high-packets-lost-fraction", "packets_lost_fraction", Kind.MAX_AVERAGE, 3, window=7, clear_value=1),
    Threshold("high-rtt", "rtt", Kind.MAX, 400, window=10),
)


# Which of them a setting moves.
SET_BY = {
    "high-jitter": "high_jitter_ms",
    "low-mos": "low_mos",
    "high-packet-loss": "high_loss_percent",
    "high-packets-lost-fraction": "high_mean_loss_percent",
    "high-rtt": "high_rtt_ms",
}


def chosen(settings: schema.Quality) -> tuple[Threshold, ...]:
    """Return the thresholds as the settings have them."""
    return tuple(
        _moved(each, getattr(settings, SET_BY[each.warning])) if each.warning in SET_BY else each for each in THRESHOLDS
    )


def figure(threshold: Threshold, values: Sequence[float]) -> float:
    """Return what the threshold's kind makes of a window: a count, a mean or a deviation."""
    match threshold.kind:
        case Kind.MAX:
            return sum(value > threshold.value for value in values)
        case Kind.MIN:
            return sum(value < threshold.value for value in values)
        case Kind.MAX_AVERAGE:
            return math.fsum(values) / len(values)
        case Kind.MIN_STANDARD_DEVIATION:
            mean = math.fsum(values) / len(values)
            return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / len(values))
        case _:
            assert_never(threshold.kind)


def is_crossed(threshold: Threshold, figure: float) -> bool | None:
    """Return whether a figure raises (True) or clears (False) the warning; None: neither."""
    match threshold.kind:
        case Kind.MAX | Kind.MIN:
            is_raised, is_cleared = figure >= threshold.raise_count, figure <= threshold.clear_count
        case Kind.MAX_AVERAGE:
            is_raised, is_cleared = figure > threshold.value, figure <= threshold.clear_value
        case Kind.MIN_STANDARD_DEVIATION:
            is_raised, is_cleared = figure < threshold.value, figure >= threshold.value
        case _:
            assert_never(threshold.kind)
    return True if is_raised else False if is_cleared else None


def _moved(threshold: Threshold, value: float) -> Threshold:
    """Return it with another value, at which it is still cleared no later than raised."""
    return replace(threshold, value=value, clear_value=min(value, threshold.clear_value))
