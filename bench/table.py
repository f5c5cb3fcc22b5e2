"""The figures of both sides as one table."""

from collections.abc import Callable
from statistics import median
from typing import NamedTuple

from bench.measure import Figures


class Row(NamedTuple):
    """A line of the table: whose samples, how they are called and summed up, whether both sides are compared.

    What is rare is counted over all calls: its median would be 0 however bad one call was.
    """

    key: str
    label: str
    digits: int = 0
    of_all: Callable[[list[float]], float] = median
    is_compared: bool = True


ROWS = (
    Row("cpu_caller_s_per_min", "CPU in a call, caller, s/min", 2),
    Row("cpu_callee_s_per_min", "CPU in a call, callee, s/min", 2),
    Row("cpu_exchange_s_per_min", "CPU in a call, exchange, s/min", 2),
    Row("cpu_machine_percent", "  all of the machine meanwhile, %", is_compared=False),
    Row("idle_caller_s_per_min", "CPU idle, caller, s/min", 2),
    Row("idle_callee_s_per_min", "CPU idle, callee, s/min", 2),
    Row("idle_exchange_s_per_min", "CPU idle, exchange, s/min", 2),
    Row("idle_machine_percent", "  all of the machine meanwhile, %", is_compared=False),
    Row("peak_caller_mib", "peak memory, caller, MiB", 1),
    Row("peak_callee_mib", "peak memory, callee, MiB", 1),
    Row("invite_to_open_ms", "invite to open, less ringing, ms"),
    Row("invite_to_ringing_ms", "  invite to ringing, ms"),
    Row("answer_to_open_ms", "  answer to open at caller, ms"),
    Row("voice_at_caller_ms", "answer to voice at caller, ms"),
    Row("voice_at_callee_ms", "answer to voice at callee, ms"),
    Row("to_callee_ms", "mouth to ear, to callee, ms"),
    Row("to_caller_ms", "mouth to ear, to caller, ms"),
    Row("chirps_lost", "chirps that did not arrive, in all", of_all=sum),
    Row("xruns", "xruns of both cards, in all", of_all=sum),
)


def table(sides: dict[str, Figures]) -> str:
    """Return median (or sum) [least..most] of each row and side, and the first side's over the second's."""
    names = list(sides)
    lines = [_line("", [*names, " / ".join(names) if len(names) == 2 else ""])]
    for row in ROWS:
        samples = [figures.get(row.key, []) for figures in sides.values()]
        lines.append(_line(row.label, [*(_cell(row, each) for each in samples), _ratio(row, samples)]))
    return "\n".join(lines)


def merged(calls: list[Figures]) -> Figures:
    """Return the samples of all calls under their names, in order."""
    keys = dict.fromkeys(key for figures in calls for key in figures)
    return {key: [sample for figures in calls for sample in figures.get(key, [])] for key in keys}


def _line(label: str, cells: list[str]) -> str:
    return f"{label:38}{''.join(f'{cell:26}' for cell in cells)}".rstrip()


def _cell(row: Row, samples: list[float]) -> str:
    if not samples:
        return "-"
    figures = (row.of_all(samples), min(samples), max(samples))
    of_all, least, most = (f"{each:.{row.digits}f}" for each in figures)
    return of_all if of_all == least == most else f"{of_all} [{least}..{most}]"


def _ratio(row: Row, samples: list[list[float]]) -> str:
    if not row.is_compared or len(samples) < 2 or not all(samples):
        return "-"
    ours, theirs = map(row.of_all, samples)
    return f"{ours / theirs:.2f}" if theirs else "-"
