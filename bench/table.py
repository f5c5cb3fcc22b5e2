"""The figures as one table, ours beside theirs and the goals."""

from collections.abc import Callable, Iterable
from unicodedata import east_asian_width

from bench.goals import Row
from bench.measure import Figures

OURS, THEIRS, BROWSER = SIDES = ("intercom", "baresip", "chromium")
HEAD = ("figure", *SIDES, "ratio", "goal", "")
WORDS = {True: "met", False: "missed", None: ""}
FiguresOf = Callable[[str, str], Figures]


def table(rows: Iterable[Row], figures: FiguresOf) -> str:
    """Return a table in Markdown of the rows for which there are figures; each `median [least..most]`."""
    lines = [HEAD, *(line for row in rows if (line := _line(row, figures)))]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    texts = [_text(line, widths) for line in lines]
    return "\n".join([texts[0], "|".join(["", *("-" * (width + 2) for width in widths), ""]), *texts[1:]])


def _line(row: Row, figures: FiguresOf) -> tuple[str, ...] | None:
    samples = [figures(row.cell, side).get(row.figure, []) for side in SIDES]
    if not any(samples):
        return None
    ours, theirs, browsers = (row.of_all(each) if each else None for each in samples)
    others = [each for each in (theirs, browsers) if each is not None]
    is_met = row.goal.is_met(ours, others) if row.goal and ours is not None else None
    ratio = f"{ours / theirs:.2f}" if ours is not None and theirs and theirs > 0 else ""
    goal = str(row.goal) if row.goal else ""
    return row.label, *(_cell(row, each) for each in samples), ratio, goal, WORDS[is_met]


def _cell(row: Row, samples: list[float]) -> str:
    if not samples:
        return ""
    of_all, least, most = (f"{each:.{row.digits}f}" for each in (row.of_all(samples), min(samples), max(samples)))
    return of_all if least == most else f"{of_all} [{least}..{most}]"


def _text(cells: tuple[str, ...], widths: list[int]) -> str:
    padded = (cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"


def _width(text: str) -> int:
    return sum(1 + (east_asian_width(each) == "W") for each in text)
