"""What those who watch are told from one snapshot to the next."""

from typing import Any

import pytest

from intercom.station.bulletin import Bulletin, news


def call(sid: str = "CA1", **more: Any) -> dict[str, Any]:
    """One as the snapshot has it."""
    facts = {"sid": sid, "direction": "incoming", "from": "web", "to": "hall"}
    return facts | {"status": "open", "duration_s": 0, "ended": None} | more


def snapshot(**parts: Any) -> dict[str, Any]:
    return {"call": None, "pending": [], "light": "off", "sample": None} | parts


BEGAN, ANSWERED, LOST, FOUND, ENDED = (
    ("call", {"state": state, "sid": "CA1", "direction": "incoming", "from": "web", "to": "hall"})
    for state in ("began", "answered", "reconnecting", "reconnected", "ended")
)
CHANGED = ("status", {"changed": ["call"]})

NEWS: list[tuple[dict[str, Any], dict[str, Any], list[Any]]] = [
    (snapshot(), snapshot(), []),
    (snapshot(), snapshot(light="on"), [("status", {"changed": ["light"]})]),
    (snapshot(), snapshot(sample={"mos": 4}), []),
    (snapshot(), snapshot(call=call()), [BEGAN, CHANGED]),
    (snapshot(), snapshot(call=call(sid="")), [CHANGED]),
    (snapshot(call=call(sid="")), snapshot(call=call()), [BEGAN, CHANGED]),
    (snapshot(call=call()), snapshot(call=call(duration_s=5)), []),
    (snapshot(pending=[call()]), snapshot(pending=[call(duration_s=5)]), []),
    (
        snapshot(pending=[call(status="pending")]),
        snapshot(call=call()),
        [ANSWERED, ("status", {"changed": ["call", "pending"]})],
    ),
    (snapshot(call=call(status="connecting")), snapshot(call=call(status="ringing")), [CHANGED]),
    (snapshot(call=call(status="ringing")), snapshot(call=call()), [ANSWERED, CHANGED]),
    (snapshot(call=call(status="connecting")), snapshot(call=call()), [ANSWERED, CHANGED]),
    (snapshot(call=call()), snapshot(call=call(status="reconnecting")), [LOST, CHANGED]),
    (snapshot(call=call(status="reconnecting")), snapshot(call=call()), [FOUND, CHANGED]),
    (snapshot(call=call()), snapshot(call=call(ended={"how": "busy"})), [ENDED, CHANGED]),
    (snapshot(call=call(ended={"how": "busy"})), snapshot(), [CHANGED]),
    (snapshot(call=call()), snapshot(), [ENDED, CHANGED]),
]


@pytest.mark.parametrize(("before", "after", "told"), NEWS)
def test_what_is_new_is_told(before: dict[str, Any], after: dict[str, Any], told: list[Any]) -> None:
    assert list(news(before, after)) == told


def test_the_first_snapshot_is_no_news() -> None:
    told: list[tuple[str, Any]] = []
    bulletin = Bulletin(lambda kind, **members: told.append((kind, members)))
    bulletin.take(snapshot(call=call()))
    bulletin.take(snapshot())
    assert told == [ENDED, CHANGED]
