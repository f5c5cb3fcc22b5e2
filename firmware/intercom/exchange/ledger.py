"""The calls on record: the live ones, taken up again after a restart, and the log of the past ones."""

import sqlite3

from intercom.exchange.directory import Kind
from intercom.exchange.effects import Answered, End, Ended, Started

KEPT_S = 90 * 86_400.0


def write(db: sqlite3.Connection, effect: Started | Answered | Ended, at: float) -> None:
    """Write down what happened to a call; `at` in seconds since the epoch."""
    match effect:
        case Started(sid, temporary, to, caller):
            db.execute(
                "INSERT INTO calls (sid, temporary, target, caller, caller_kind, caller_reconnect, started_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (sid, temporary, to, caller.identity, caller.kind, caller.reconnect, at),
            )
        case Answered(sid, callee):
            db.execute(
                "UPDATE calls SET callee = ?, callee_kind = ?, callee_reconnect = ?, answered_at = ? WHERE sid = ?",
                (callee.identity, callee.kind, callee.reconnect, at, sid),
            )
        case Ended(sid, code, reason):
            db.execute("UPDATE calls SET ended_at = ?, code = ?, reason = ? WHERE sid = ?", (at, code, reason, sid))


def live(db: sqlite3.Connection) -> list[tuple[Started, Answered | None]]:
    """Return the calls that have not ended, the oldest first."""
    rows = db.execute(
        "SELECT sid, temporary, target, caller, caller_kind, caller_reconnect, callee, callee_kind, callee_reconnect"
        " FROM calls WHERE ended_at IS NULL ORDER BY started_at"
    )
    return [_call(*row) for row in rows]


def prune(db: sqlite3.Connection, now: float) -> None:
    """Forget calls that ended more than 90 days ago."""
    db.execute("DELETE FROM calls WHERE ended_at < ?", (now - KEPT_S,))


def _call(sid: str, temporary: str, to: str, *ends: str) -> tuple[Started, Answered | None]:
    answered = Answered(sid, _end(*ends[3:])) if ends[3] is not None else None
    return Started(sid, temporary, to, _end(*ends[:3])), answered


def _end(identity: str, kind: str, reconnect: str) -> End:
    return End(identity, Kind(kind), reconnect)
