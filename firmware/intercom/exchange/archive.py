"""The reports of the phones on record, beside the calls that they are about: as they came, and summed up."""

import sqlite3

from intercom.exchange.filing import Figures, Filed

KEPT_S = 90 * 86_400.0
KEPT_BYTES = 50 * 10**6


def add(db: sqlite3.Connection, identity: str, filed: Filed, body: str, *, at: float) -> None:
    """Write down a report that `identity` sent; `at` in seconds since the epoch."""
    db.execute("BEGIN")
    with db:
        db.execute(
            "INSERT INTO reports (at, identity, call, topic, name, level, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (at, identity, filed.call, filed.topic, filed.name, filed.level, body),
        )
        for sid, figures in filed.figures.items():
            _sum_up(db, sid, identity, figures)


def prune(db: sqlite3.Connection, now: float) -> None:
    """Forget what is older than 90 days, and the oldest of what is more than 50 MB."""
    db.execute("DELETE FROM reports WHERE at < ?", (now - KEPT_S,))
    db.execute(
        "DELETE FROM reports WHERE id <= (SELECT max(id) FROM ("
        "SELECT id, sum(length(body)) OVER (ORDER BY id DESC) AS newer FROM reports) WHERE newer > ?)",
        (KEPT_BYTES,),
    )
    db.execute("DELETE FROM quality WHERE call NOT IN (SELECT sid FROM calls)")


def _sum_up(db: sqlite3.Connection, sid: str, identity: str, figures: Figures) -> None:
    """Add to what this end of the call has told; a call that it has no part in is none of its business."""
    db.execute(
        "INSERT INTO quality (call, identity, seconds, scored, mos_sum)"
        " SELECT sid, ?, ?, ?, ? FROM calls WHERE sid = ? AND ? IN (caller, callee)"
        " ON CONFLICT (call, identity) DO UPDATE SET seconds = seconds + excluded.seconds,"
        " scored = scored + excluded.scored, mos_sum = mos_sum + excluded.mos_sum",
        (identity, figures.seconds, figures.scored, figures.mos_sum, sid, identity),
    )
