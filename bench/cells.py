"""What is measured: a table of cells, each some twenty seconds of one call on both sides at once."""

from dataclasses import dataclass
from enum import Enum

from bench.impair import CONDITIONS, IMPAIRED_S

BEFORE_S, AFTER_S = 2.5, 3.0
TALK_S = BEFORE_S + IMPAIRED_S + AFTER_S  # less than what a card's ring holds
Span = tuple[float, float]


class Kind(Enum):
    """How a cell is measured."""

    IDLE = "idle"
    TALK = "talk"
    DRIFT = "drift"
    ECHO = "echo"
    PRESS = "press"
    LINE = "line"

    @property
    def is_ours_alone(self) -> bool:
        """Whether there is no call in it, and no other side."""
        return self in (Kind.PRESS, Kind.LINE)


@dataclass(frozen=True, slots=True)
class Cell:
    """One measurement.

    `settings`: which of SETTINGS our stations run with.  `condition`: of the link, from BEFORE_S on.  `afterwards`:
    when, counted from there, the delay that is left is looked at.  `back_from_s`: from when on its way back is timed.
    `ppm`: by how much the caller's card is too fast.  `is_quick`: measured without FULL too.
    `is_for_browser`: measured with Chromium as well, if FULL.
    """

    name: str
    kind: Kind = Kind.TALK
    settings: str = "normal"
    condition: str = "clean"
    seconds: float = TALK_S
    afterwards: tuple[Span, ...] = ((IMPAIRED_S + 0.5, IMPAIRED_S + AFTER_S),)
    back_from_s: float | None = None
    ppm: float = 0.0
    is_quick: bool = True
    is_for_browser: bool = False


SETTINGS = {
    "normal": '[audio]\nprofile = "normal"\necho = "off"\n',
    "canceller": '[audio]\nprofile = "normal"\necho = "auto"\nnoise = true\ngain = true\n',
    "echo": '[audio]\nprofile = "normal"\necho = "auto"\n',
    "low-delay": '[audio]\nprofile = "low-delay"\necho = "off"\n',
}

QUICK_CONDITIONS = ("loss 5 %", "loss 10 %", "bursts 60 ms")
OWN_CELLS = ("clean", "one lost", "gap 200 ms", "jitter 30-100-30")
LOSSES = tuple(
    Cell(name, condition=name, is_quick=name in QUICK_CONDITIONS, is_for_browser=True)
    for name in CONDITIONS
    if name not in OWN_CELLS
)

CELLS = (
    Cell("idle", Kind.IDLE, seconds=20),
    Cell("clean", is_for_browser=True),
    *LOSSES,
    Cell("one lost", condition="one lost", afterwards=tuple((at + 1.5, at + 3.5) for at in (0, 4, 8, 12))),
    Cell("jitter 30-100-30", condition="jitter 30-100-30", back_from_s=10),
    Cell("gap 200 ms", condition="gap 200 ms", afterwards=((5.7, IMPAIRED_S + AFTER_S),), back_from_s=4.2),
    Cell("drift +300 ppm, 1 min", Kind.DRIFT, seconds=60, ppm=300),
    Cell("drift +300 ppm", Kind.DRIFT, seconds=600, ppm=300, is_quick=False),
    Cell("drift -300 ppm", Kind.DRIFT, seconds=600, ppm=-300, is_quick=False),
    Cell("canceller", settings="canceller"),
    Cell("echo", Kind.ECHO, settings="echo", seconds=20),
    Cell("low-delay", settings="low-delay"),
    Cell("press", Kind.PRESS, seconds=20),
    Cell("console", Kind.LINE, seconds=24),
)
