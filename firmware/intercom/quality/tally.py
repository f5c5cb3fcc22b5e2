"""What a whole call sounded like: the samples of its seconds, summed up.  Pure."""

from dataclasses import dataclass, field

from msgspec import Struct

from intercom.quality.sample import Figures, Sample


class Heard(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A call's figures; None: never known.  Means are over the seconds that had the figure."""

    seconds: int = 0
    mos: float | None = None
    lowest_mos: float | None = None
    loss_percent: float | None = None  # of the far end's packets
    loss_there_percent: float | None = None  # of ours: the worst that the far end told
    jitter_ms: float | None = None
    worst_jitter_ms: float | None = None
    rtt_ms: float | None = None
    worst_rtt_ms: float | None = None
    mouth_to_ear_ms: float | None = None
    concealed_percent: float | None = None


@dataclass(slots=True)
class _Series:
    """Figures of one kind, of which only mean and bounds are wanted."""

    count: int = 0
    total: float = 0.0
    lowest: float | None = None
    highest: float | None = None

    def add(self, value: float | None) -> None:
        if value is not None:
            self.count += 1
            self.total += value
            self.lowest = value if self.lowest is None else min(self.lowest, value)
            self.highest = value if self.highest is None else max(self.highest, value)

    @property
    def mean(self) -> float | None:
        return self.total / self.count if self.count else None


@dataclass(slots=True)
class Tally:
    """Fed with each second of one call."""

    _seconds: int = 0
    _latest: tuple[Sample, Figures | None] | None = None
    _mos: _Series = field(default_factory=_Series)
    _jitter: _Series = field(default_factory=_Series)
    _rtt: _Series = field(default_factory=_Series)
    _delay: _Series = field(default_factory=_Series)
    _loss_there: _Series = field(default_factory=_Series)

    def add(self, sample: Sample, figures: Figures | None) -> None:
        """Take a second; `figures` are those of its end."""
        self._seconds += 1
        self._latest = sample, figures
        self._mos.add(sample.mos)
        self._jitter.add(sample.jitter)
        self._rtt.add(sample.rtt)
        if figures:
            self._delay.add(figures.mouth_to_ear)
            self._loss_there.add(figures.loss_there)

    def sum(self) -> Heard | None:
        """Return what it was like until now; None before the first second."""
        if self._latest is None:
            return None
        sample, figures = self._latest
        there = self._loss_there.highest
        return Heard(
            seconds=self._seconds,
            mos=_rounded(self._mos.mean, 2),
            lowest_mos=_rounded(self._mos.lowest, 2),
            loss_percent=_rounded(sample.totals.packets_lost_fraction, 1),
            loss_there_percent=None if there is None else _rounded(100 * there, 1),
            jitter_ms=_rounded(self._jitter.mean, 1),
            worst_jitter_ms=_rounded(self._jitter.highest, 1),
            rtt_ms=_rounded(self._rtt.mean, 1),
            worst_rtt_ms=_rounded(self._rtt.highest, 1),
            mouth_to_ear_ms=_rounded(self._delay.mean, 0),
            concealed_percent=_rounded(100 * figures.concealed_fraction, 1) if figures else None,
        )


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
