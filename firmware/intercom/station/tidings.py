"""What a station tells people of its comfort.  Pure."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from intercom.station.memory import Memory
from intercom.station.missed import MissedCalls
from intercom.station.quiet import Quiet, knows_time
from intercom.station.view import Sign

ON = {True: "on", False: "off"}


def status(
    memory: Memory, quiet: Quiet, signs: Collection[Sign], *, is_quiet: bool, now: float, why: str
) -> dict[str, Any]:
    """Return what stands under `comfort` in the snapshot."""
    return {
        "dnd": {"state": ON[is_quiet], "why": _why_quiet(quiet, is_quiet=is_quiet, now=now)},
        "privacy": {"state": ON[memory.is_private], "why": why},
        "missed": missed(memory.missed),
        "signs": sorted(signs),
    }


def missed(calls: MissedCalls) -> dict[str, Any]:
    """Return how many, and who called when, the latest first."""
    return {
        "state": "none" if not calls.count else "1 call" if calls.count == 1 else f"{calls.count} calls",
        "count": calls.count,
        "latest": [{"from": call.who, "at": _when(call.at)} for call in calls.latest],
    }


def _why_quiet(quiet: Quiet, *, is_quiet: bool, now: float) -> str:
    if quiet.by_hand:
        return "by hand until the schedule changes it" if quiet.has_schedule else "by hand"
    if quiet.has_schedule and not knows_time(now):
        return "the clock is not set, so the schedule waits"
    return "by schedule" if is_quiet else ""


def _when(at: float) -> str:
    """Return a time as people here have it on their clocks."""
    return datetime.fromtimestamp(at).astimezone().isoformat(" ", "seconds") if knows_time(at) else "unknown"
