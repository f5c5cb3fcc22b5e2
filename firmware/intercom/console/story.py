"""The commands that tell of past calls: what they take and do, and their results as people read them."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from intercom.console.access import Access
from intercom.console.command import Command, Result
from intercom.console.desk import Desk

FIGURES = (
    ("mos", "MOS", ".1f", ""),
    ("lowest_mos", "lowest", ".1f", ""),
    ("loss_percent", "loss", ".1f", " %"),
    ("jitter_ms", "jitter", ".0f", " ms"),
    ("rtt_ms", "round trip", ".0f", " ms"),
    ("mouth_to_ear_ms", "mouth to ear", ".0f", " ms"),
)


class Calls(Struct, forbid_unknown_fields=True):
    """How many."""

    count: Annotated[int, Meta(ge=1, le=200)] = 10


class Why(Struct, forbid_unknown_fields=True):
    """Which call, by the number that `calls` gives it; None: the last one."""

    call: Annotated[int, Meta(ge=1)] | None = None


async def calls(desk: Desk, given: Calls) -> Result:
    """The latest calls."""
    return desk.operator.annals.calls(given.count)


async def why(desk: Desk, given: Why) -> Result:
    """One call's story."""
    return await desk.operator.annals.why(given.call)


def told_calls(result: Result) -> str:
    """One line per call, and another where it had sound."""
    return "\n".join(line for call in result["calls"] for line in _lines(call)) or "There has been no call."


def told_why(result: Result) -> str:
    """One sentence per line."""
    return "\n".join(result["sentences"])


def _lines(call: dict[str, Any]) -> list[str]:
    way = "from" if call["direction"] == "incoming" else "to"
    lasted = call.get("lasted_s")
    length = f", {lasted:.0f} s" if lasted is not None else ""
    when = call["at"][:19] or "time unknown"
    head = f"{call['n']:<4} {when:<19}  {way} {call.get('peer') or 'unknown'}{length}: {call['ended']}"
    sound = _sound(call)
    return [head, f"     {sound}"] if sound else [head]


def _sound(call: dict[str, Any]) -> str:
    figures = call["quality"]
    known = [f"{name} {figures[key]:{form}}{unit}" for key, name, form, unit in FIGURES if figures[key] is not None]
    warned = ", ".join(one["name"] for one in call.get("warnings", []))
    return ", ".join(filter(None, (*known, call.get("codec"), call["way"], warned and f"warnings: {warned}")))


COMMANDS = [
    Command(
        "calls",
        "[COUNT]",
        "The latest calls: with whom, how they ended, how they sounded.",
        Access.VIEWER,
        Calls,
        calls,
        told_calls,
    ),
    Command(
        "why",
        "[CALL]",
        "The story of the last call, or of that one: why it went as it did.",
        Access.VIEWER,
        Why,
        why,
        told_why,
    ),
]
