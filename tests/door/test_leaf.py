"""How the door stands, from what its lock and its contact do."""

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.door.events import DoorEvent, DoorForced, DoorHeld, DoorMoved
from intercom.door.leaf import Leaf, LeafState

OPENED, CLOSED = DoorMoved(is_closed=False), DoorMoved(is_closed=True)
FORCED, HELD = DoorForced(), DoorHeld()


class Step(NamedTuple):
    """What happens to lock or leaf, and when."""

    at: float
    what: str


def told(steps: list[Step], held_open_s: float = 60.0) -> tuple[LeafState, list[DoorEvent]]:
    leaf, events = Leaf(held_open_s), list[DoorEvent]()
    for at, what in steps:
        events += leaf.tick(at)
        match what:
            case "unlock" | "lock":
                leaf.lock(at, is_open=what == "unlock")
            case "open" | "close" | "open at start":
                events += leaf.move(at, is_closed=what == "close", is_at_start=what == "open at start")
    return leaf.state, events


@pytest.mark.parametrize(
    ("steps", "state", "events"),
    [
        ([Step(0, "unlock"), Step(1, "open")], "open", [OPENED]),
        ([Step(0, "unlock"), Step(1, "open"), Step(5, "lock"), Step(9, "close")], "closed", [OPENED, CLOSED]),
        ([Step(0, "unlock"), Step(5, "lock"), Step(7.9, "open")], "open", [OPENED]),
        ([Step(0, "unlock"), Step(5, "lock"), Step(8, "open")], "forced", [OPENED, FORCED]),
        ([Step(0, "unlock"), Step(5, "lock"), Step(6, "lock"), Step(8, "open")], "forced", [OPENED, FORCED]),
        ([Step(0, "open")], "forced", [OPENED, FORCED]),
        ([Step(0, "open"), Step(1, "close")], "closed", [OPENED, FORCED, CLOSED]),
        ([Step(0, "open at start")], "open", [OPENED]),
        ([Step(0, "open at start"), Step(60, "wait")], "held", [OPENED, HELD]),
        ([Step(0, "unlock"), Step(1, "open"), Step(60.9, "wait")], "open", [OPENED]),
        ([Step(0, "unlock"), Step(1, "open"), Step(61, "wait"), Step(99, "wait")], "held", [OPENED, HELD]),
        ([Step(0, "unlock"), Step(1, "open"), Step(61, "close")], "closed", [OPENED, HELD, CLOSED]),
        ([Step(0, "open"), Step(60, "wait")], "forced", [OPENED, FORCED, HELD]),
        ([Step(0, "close")], "closed", []),
        ([Step(0, "unlock"), Step(1, "open"), Step(2, "open")], "open", [OPENED]),
    ],
)
def test_the_door_tells_what_befalls_it(steps: list[Step], state: str, events: list[DoorEvent]) -> None:
    assert told(steps) == (state, events)


@given(st.lists(st.tuples(st.floats(0, 100), st.sampled_from(["unlock", "lock", "open", "close", "wait"]))))
def test_whatever_happens_it_opens_and_closes_by_turns_and_is_held_at_most_once_each_time(
    pauses: list[tuple[float, str]],
) -> None:
    steps, now = [], 0.0
    for pause_s, what in pauses:
        now += pause_s
        steps.append(Step(now, what))
    state, events = told(steps)
    moves = [event for event in events if isinstance(event, DoorMoved)]
    assert moves == [OPENED, CLOSED] * (len(moves) // 2) + [OPENED] * (len(moves) % 2)
    assert (state is LeafState.CLOSED) is (len(moves) % 2 == 0)
    for event, before in zip(events[1:], events, strict=False):
        assert event not in (FORCED, HELD) or before in (OPENED, FORCED)
