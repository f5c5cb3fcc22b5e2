"""From samples to warnings: windows of values, no clock of its own (Voice JS SDK v1, warning, warning-cleared)."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from msgspec import Struct

from intercom.quality.sample import Sample
from intercom.quality.thresholds import THRESHOLDS, Kind, Threshold, figure, is_crossed

WARM_UP_S = 5.0
LEAST_SAMPLES = 5


class Limit(Struct, frozen=True):
    """The threshold that a warning is about: its kind and value."""

    name: str
    value: float


class Evidence(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a listener of `warning` is given: `name` is the member of Sample, in the seed's spelling.

    `values` and `samples` are the window of a count or a mean, `value` is a deviation.
    """

    name: str
    threshold: Limit
    values: tuple[float, ...] = ()
    samples: tuple[Sample, ...] = ()
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A warning that was raised or cleared."""

    warning: str
    is_raised: bool
    evidence: Evidence


class Monitor:
    """Keeps the newest samples of one call and tells which warnings they raise and clear.

    Nothing is told before `began_at` + 5 s, by any steady clock, though what came before counts; a warning lasts for
    5 samples at least.
    """

    def __init__(self, *, began_at: float, thresholds: Sequence[Threshold] = THRESHOLDS) -> None:
        self._thresholds = thresholds
        self._ready_at = began_at + WARM_UP_S
        self._count = 0
        self._samples: deque[Sample] = deque(maxlen=max(threshold.window for threshold in thresholds))
        self._levels: dict[str, deque[Sequence[float]]] = {
            threshold.stat: deque(maxlen=threshold.window)
            for threshold in thresholds
            if threshold.kind is Kind.MIN_STANDARD_DEVIATION
        }
        self._raised_at: dict[Threshold, int] = {}

    def feed(
        self, sample: Sample, *, input_levels: Sequence[float], output_levels: Sequence[float], at: float
    ) -> list[Change]:
        """Take the sample of a second and its levels; return what changes, in the order of the thresholds."""
        self._count += 1
        self._samples.append(sample)
        self._levels["audio_input_level"].append(input_levels)
        self._levels["audio_output_level"].append(output_levels)
        if at < self._ready_at:
            return []
        changes = (self._change(threshold) for threshold in self._thresholds)
        return [change for change in changes if change]

    def _change(self, threshold: Threshold) -> Change | None:
        values = self._window(threshold)
        if values is None:
            return None
        found = figure(threshold, values)
        raised_at = self._raised_at.get(threshold)
        match is_crossed(threshold, found):
            case True if raised_at is None:
                self._raised_at[threshold] = self._count
            case False if raised_at is not None and self._count >= raised_at + LEAST_SAMPLES:
                del self._raised_at[threshold]
            case _:
                return None
        return Change(threshold.warning, raised_at is None, self._evidence(threshold, values, found))

    def _window(self, threshold: Threshold) -> tuple[float, ...] | None:
        """Return the values to judge by; None where one is missing, or there are too few."""
        levels = self._levels.get(threshold.stat)
        seconds = self._newest(threshold) if levels is None else levels
        if threshold.needs_full_window and len(seconds) < threshold.window:
            return None
        if levels is not None:
            return tuple(chain.from_iterable(levels)) or None
        values = tuple(getattr(sample, threshold.stat) for sample in self._newest(threshold))
        return None if None in values else values

    def _newest(self, threshold: Threshold) -> tuple[Sample, ...]:
        return tuple(self._samples)[-threshold.window :]

    def _evidence(self, threshold: Threshold, values: tuple[float, ...], found: float) -> Evidence:
        name = Sample.__struct_encode_fields__[Sample.__struct_fields__.index(threshold.stat)]
        limit = Limit(threshold.kind, threshold.value)
        if threshold.kind is Kind.MIN_STANDARD_DEVIATION:
            return Evidence(name=name, threshold=limit, value=found)
        return Evidence(name=name, threshold=limit, values=values, samples=self._newest(threshold))
