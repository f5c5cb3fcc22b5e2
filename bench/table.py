"""The figures of both sides as one table."""

from statistics import median
from typing import NamedTuple

from bench.measure import Figures


class Row(NamedTuple):
    """A line of the table: whose samples, how they are called, how many decimals they deserve, whether to compare."""

    key: str
    label: str
    digits: int = 0
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
    Row("chirps_lost", "chirps that did not arrive, per call"),
    Row("xruns", "xruns of both cards, per call"),
)


def table(sides: dict[str, Figures]) -> str:
    """Return median [least..most] of each row and side, and the first side's median over the second's."""
    names = list(sides)
    lines = [_line("", [*names, " / ".join(names) if len(names) == 2 else ""])]
    for row in ROWS:
        samples = [figures.get(row.key, []) for figures in sides.values()]
        ratio = _ratio(samples) if row.is_compared else "-"
        lines.append(_line(row.label, [*(_cell(each, row.digits) for each in samples), ratio]))
    return "\n".join(lines)


def merged(calls: list[Figures]) -> Figures:
    """Return the samples of all calls under their names, in order."""
    keys = dict.fromkeys(key for figures in calls for key in figures)
    return {key: [sample for figures in calls for sample in figures.get(key, [])] for key in keys}


def _line(label: str, cells: list[str]) -> str:
    return f"{label:38}{''.join(f'{cell:26}' for cell in cells)}".rstrip()


def _cell(samples: list[float], digits: int) -> str:
    if not samples:
        return "-"
    middle, least, most = (f"{each:.{digits}f}" for each in (median(samples), min(samples), max(samples)))
    return middle if least == most else f"{middle} [{least}..{most}]"


def _ratio(samples: list[list[float]]) -> str:
    if len(samples) < 2 or not all(samples) or not median(samples[1]):
        return "-"
    return f"{median(samples[0]) / median(samples[1]):.2f}"
