"""Presses and holds, as decided from edges and times alone."""

from collections.abc import Iterable
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.panel.events import Edge
from intercom.panel.gestures import LOCK_OUT_S, Gesture, Gestures, Hold, Press

HOLD_S = 1.0
DOWN, UP = True, False
PRESS, HOLD = Press("answer"), Hold("answer")


class Step(NamedTuple):
    """An edge `after` seconds."""

    after: float
    button: str
    is_down: bool
    may_hold: bool


def run(steps: Iterable[Step], *, ticks_late: bool = False) -> list[Gesture]:
    """Feed the steps, tick when due (or only before the next edge), and long after the last."""
    gestures, found, now = Gestures(HOLD_S), [], 0.0
    for step in steps:
        now += step.after
        while not ticks_late and (due := gestures.due()) is not None and due <= now:
            found += gestures.tick(due)
        found += gestures.tick(now)
        gesture = gestures.feed(Edge(step.button, step.is_down, now), may_hold=step.may_hold)
        found += [gesture] if gesture else []
    found += gestures.tick(now + 10)
    assert gestures.due() is None
    return found


def answer(*edges: tuple[float, bool], may_hold: bool) -> list[Gesture]:
    """The gestures of one button, from edges at absolute times."""
    times = [0.0, *(at for at, _ in edges)]
    return run(
        Step(at - before, "answer", is_down, may_hold) for before, (at, is_down) in zip(times, edges, strict=False)
    )


@pytest.mark.parametrize(
    ("edges", "may_hold", "expected"),
    [
        pytest.param([(1.0, DOWN)], False, [PRESS], id="a press acts at its edge"),
        pytest.param([(1.0, DOWN), (1.2, UP)], False, [PRESS], id="its release does nothing"),
        pytest.param([(1.0, DOWN), (3.0, UP)], False, [PRESS], id="nor does keeping it down"),
        pytest.param([(1.0, DOWN), (1.2, UP)], True, [PRESS], id="where a hold means something it acts at release"),
        pytest.param([(1.0, DOWN)], True, [HOLD], id="held is a hold, once"),
        pytest.param([(1.0, DOWN), (2.5, UP)], True, [HOLD], id="after a hold the release does nothing"),
        pytest.param([(1.0, DOWN), (1.999, UP)], True, [PRESS], id="just short of the hold time is a press"),
        pytest.param([(1.0, DOWN), (2.0, UP)], True, [HOLD], id="the hold time itself is a hold"),
        pytest.param([(1.0, UP)], True, [], id="held at start: the release gives nothing"),
        pytest.param([(1.0, UP), (1.004, DOWN), (1.006, UP)], False, [], id="nor does the bounce of that release"),
        pytest.param([(1.0, UP), (1.5, DOWN)], False, [PRESS], id="held at start: the next press counts"),
        pytest.param([(1.0, DOWN), (1.001, UP), (1.002, DOWN)], False, [PRESS], id="a bounce is no second press"),
        pytest.param(
            [(1.0, DOWN), (1.2, UP), (1.203, DOWN), (1.205, UP)], False, [PRESS], id="nor at the release"
        ),
        pytest.param([(1.0, DOWN), (1.01, UP)], True, [PRESS], id="a tap shorter than the lock-out counts"),
        pytest.param(
            [(1.0, DOWN), (1.2, UP), (1.21, DOWN)], False, [PRESS, PRESS], id="pressed in the lock-out and kept down"
        ),
        pytest.param([(1.0, DOWN), (1.3, DOWN)], False, [PRESS], id="an edge that was lost is no second press"),
        pytest.param([(1.0, DOWN), (0.5, UP), (0.6, DOWN)], False, [PRESS], id="time that goes backwards is survived"),
    ],
)  # fmt: skip
def test_a_button(edges: list[tuple[float, bool]], may_hold: bool, expected: list[Gesture]) -> None:
    assert answer(*edges, may_hold=may_hold) == expected


def test_a_hold_is_told_at_its_time_while_the_button_is_down() -> None:
    gestures = Gestures(HOLD_S)
    assert gestures.feed(Edge("answer", DOWN, 5.0), may_hold=True) is None
    assert gestures.due() == 6.0
    assert gestures.tick(5.9) == []
    assert gestures.tick(6.0) == [HOLD]
    assert gestures.due() is None


def test_a_hold_that_the_loop_came_too_late_for_is_told_at_the_release() -> None:
    gestures = Gestures(HOLD_S)
    gestures.feed(Edge("answer", DOWN, 5.0), may_hold=True)
    assert gestures.feed(Edge("answer", UP, 6.5), may_hold=True) == HOLD


def test_what_became_due_is_told_in_the_order_in_which_it_did() -> None:
    gestures = Gestures(HOLD_S)
    gestures.feed(Edge("mute", DOWN, 5.2), may_hold=True)
    gestures.feed(Edge("answer", DOWN, 5.1), may_hold=True)
    assert gestures.tick(9.0) == [Hold("answer"), Hold("mute")]


AFTER = st.sampled_from([0.0, 0.001, 0.01, 0.029, 0.03, 0.031, 0.1, 0.5, 0.97, 1.0, 1.1, 2.0]) | st.floats(0, 3)
STEPS = st.lists(st.builds(Step, AFTER, st.sampled_from(["answer", "mute"]), st.booleans(), st.booleans()))


@given(STEPS)
def test_no_button_acts_more_often_than_it_was_pressed(steps: list[Step]) -> None:
    found = run(steps)
    for button in ("answer", "mute"):
        pressed = sum(step.is_down for step in steps if step.button == button)
        assert sum(gesture.button == button for gesture in found) <= pressed


@given(STEPS)
def test_without_a_hold_meaning_something_there_is_none(steps: list[Step]) -> None:
    found = run(step._replace(may_hold=False) for step in steps)
    assert all(isinstance(gesture, Press) for gesture in found)


@given(STEPS)
def test_a_loop_that_ticks_late_finds_the_same(steps: list[Step]) -> None:
    assert run(steps) == run(steps, ticks_late=True)


@given(STEPS)
def test_buttons_do_not_disturb_each_other(steps: list[Step]) -> None:
    together = run(steps)
    for button in ("answer", "mute"):
        now, before, alone = 0.0, 0.0, []
        for step in steps:
            now += step.after
            if step.button == button:
                alone.append(step._replace(after=now - before))
                before = now
        assert run(alone) == [gesture for gesture in together if gesture.button == button]


@given(
    st.lists(st.tuples(st.floats(0.1, 3), st.floats(0.1, 0.9) | st.floats(1.1, 3), st.booleans())),
    st.lists(st.floats(0.0001, LOCK_OUT_S / 4), max_size=8),
)
def test_bounces_within_the_lock_out_change_nothing(
    presses: list[tuple[float, float, bool]], bounces: list[float]
) -> None:
    clean, bouncing = [], []
    for pause, length, may_hold in presses:
        for after, is_down in ((pause, DOWN), (length, UP)):
            clean.append(Step(after, "answer", is_down, may_hold))
            bouncing += bounced(clean[-1], bounces)
    assert run(bouncing) == run(clean)


def bounced(step: Step, bounces: list[float]) -> list[Step]:
    """The step, then pairs of a wrong and a right edge, all within the lock-out."""
    pairs = [pause for pause in bounces[:2] for _ in range(2)]
    levels = [not step.is_down, step.is_down] * (len(pairs) // 2)
    return [step, *(step._replace(after=after, is_down=level) for after, level in zip(pairs, levels, strict=True))]
