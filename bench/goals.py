"""The lines of the table: which figure of which cell, and what it should be."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

from bench.impair import CONDITIONS


@dataclass(frozen=True, slots=True)
class Goal:
    """What our figure should be: `most`, `least`, or, beside that of the others, `most_ratio`, `least_ratio`."""

    most: float | None = None
    least: float | None = None
    most_ratio: float | None = None
    least_ratio: float | None = None

    def __str__(self) -> str:
        bounds = (
            (self.most_ratio, "≤ {:g} ×"), (self.least_ratio, "≥ {:g} ×"),
            (self.most, "≤ {:g}"), (self.least, "≥ {:g}"),
        )  # fmt: skip
        return ", ".join(text.format(bound) for bound, text in bounds if bound is not None)

    def is_met(self, ours: float, others: Sequence[float]) -> bool | None:
        """Return whether it is, beside each of the others; None: there is nothing to compare with."""
        if not others and (self.most_ratio is not None or self.least_ratio is not None):
            return None
        bounds = (
            self.most is None or ours <= self.most,
            self.least is None or ours >= self.least,
            self.most_ratio is None or ours <= self.most_ratio * min(others),
            self.least_ratio is None or ours >= self.least_ratio * max(others),
        )
        return all(bounds)


class Row(NamedTuple):
    """A line: a figure of a cell, its name, its decimals, what it should be, and what stands for its samples."""

    cell: str
    figure: str
    label: str
    digits: int = 0
    goal: Goal | None = None
    of_all: Callable[[list[float]], float] = median


OF_CLEAN = (
    Row("idle", "cpu_s_per_min", "idle: CPU, s/min (0.3 = 0.5 % of a core)", 2, Goal(most=0.3)),
    Row("clean", "under_ms", "mouth to ear, ms", 0, Goal(most_ratio=0.25, most=65)),
    Row("low-delay", "under_ms", "mouth to ear, low-delay profile, ms", 0, Goal(most_ratio=0.18)),
    Row("clean", "cpu_s_per_min", "CPU in a call, s/min", 2, Goal(most_ratio=1.2)),
    Row("low-delay", "cpu_s_per_min", "CPU in a call, low-delay profile, s/min", 2),
    Row("canceller", "cpu_s_per_min", "CPU with canceller, noise, gain, s/min", 2, Goal(most_ratio=2)),
    Row("clean", "resident_mib", "resident memory in a call, MiB", 1, Goal(most=80)),
    Row("clean", "own_mib", "  shared pages divided (PSS), MiB", 1),
    Row("canceller", "resident_mib", "resident memory with canceller, MiB", 1, Goal(most=105)),
    Row("clean", "xruns", "xruns of both cards", of_all=sum),
    Row("clean", "invite_to_open_ms", "invite to open, less ringing, ms"),
    Row("clean", "answer_to_voice_ms", "answer to voice, ms"),
    Row("clean", "pesq", "speech, clean, PESQ", 2),
    Row("clean", "stall_ms", "  speech missed at once, at most, ms", of_all=max),
)
SCORE_GOALS = dict.fromkeys(("loss 5 %", "loss 10 %", "bursts 60 ms"), Goal(least_ratio=1))
LEFT = "  delay left afterwards, ms"
OF_EVENTS = (
    Row("one lost", "stall_ms", "one packet lost: speech missed, ms", 0, Goal(most=20), max),
    Row("one lost", "left_ms", "  delay left after 1 s, ms", 0, Goal(most=5)),
    Row("jitter 30-100-30", "back_s", "jitter 30-100-30: delay back after, s", 1, Goal(most=2)),
    Row("jitter 30-100-30", "under_ms", "  delay meanwhile, ms"),
    Row("jitter 30-100-30", "stall_ms", "  speech missed at once, at most, ms", of_all=max),
    Row("jitter 30-100-30", "pesq", "  speech, PESQ", 2),
    Row("gap 200 ms", "stall_ms", "gap of 200 ms: speech missed, ms", of_all=max),
    Row("gap 200 ms", "left_ms", LEFT),
    Row("gap 200 ms", "back_s", "  delay back after, s", 1),
)
OF_ECHO = (
    Row("echo", "erle_db", "echo taken away after 2 s (ERLE), dB", 1, Goal(least=30)),
    Row("echo", "converged_s", "  20 dB reached after, s", 1),
    Row("echo", "near_pesq", "  near speech in double talk, PESQ", 2),
    Row("echo", "near_db", "  its level, beside what was said, dB", 1),
)
PRESS = Row("press", "press_ms", "button to light and call, at most, ms", 1, Goal(most=20), max)
OF_CONSOLE = (
    Row("console", "commands_per_s", "serial console: commands a second"),
    Row("console", "push_s", "  all settings pushed at 115200 baud, s", 1),
    Row("console", "push_ratio", "    beside what their bytes take, times", 1),
    Row("console", "cpu_log_s_per_min", "  CPU, 50 lines of log a second streamed, s/min", 2),
    Row("console", "cpu_unread_s_per_min", "    the same, nobody following, s/min", 2),
)


def rows() -> Iterator[Row]:
    """Yield all lines in order."""
    yield from OF_CLEAN
    for condition in CONDITIONS:
        if condition.startswith(("loss", "bursts")) or condition in ("jitter 30", "jitter 100"):
            yield Row(condition, "pesq", f"speech, {condition}, PESQ", 2, SCORE_GOALS.get(condition))
            yield Row(condition, "stall_ms", "  speech missed at once, at most, ms", of_all=max)
            yield Row(condition, "under_ms", "  delay meanwhile, ms")
            yield Row(condition, "left_ms", LEFT)
    yield from OF_EVENTS
    for drift in ("drift +300 ppm, 1 min", "drift +300 ppm", "drift -300 ppm"):
        yield Row(drift, "span_ms", f"{drift}: delay from least to most, ms", 1, Goal(most=5), max)
        yield Row(drift, "slope_ms_per_min", "  growing by, ms/min", 1)
    yield from OF_ECHO
    yield PRESS
    yield from OF_CONSOLE
