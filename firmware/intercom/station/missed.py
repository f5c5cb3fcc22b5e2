"""Calls that came and that nobody took.  Pure."""

from msgspec import Struct

from intercom.call.events import End, Ending

KEPT = 20


class Missed(Struct, frozen=True):
    """Who called, and when (seconds of the wall clock)."""

    who: str
    at: float


class MissedCalls(Struct, frozen=True):
    """How many since somebody looked, and the latest of them, the newest first."""

    count: int = 0
    latest: tuple[Missed, ...] = ()

    def with_one(self, who: str, at: float) -> "MissedCalls":
        """One more."""
        return MissedCalls(self.count + 1, (Missed(who, at), *self.latest)[:KEPT])


def is_missed(end: End, *, was_seen: bool, is_timed_out: bool) -> bool:
    """Whether a call that came and ended so was missed: given up by who called, or rung for too long, and unseen."""
    return not was_seen and (end.how is Ending.CANCELLED or is_timed_out)
