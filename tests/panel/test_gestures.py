"""Presses, holds, double presses and talking, as decided from edges and times alone."""

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.panel.events import Edge
from intercom.panel.gestures import LOCK_OUT_S, Gesture, Gestures, Kind, Reach

HOLD_S, DOUBLE_S, STEADY_S = 1.0, 0.3, 0.06
DOWN, UP = True, False
PLAIN = Reach()
HELD = Reach(hold_s=HOLD_S)
TWICE = Reach(double_s=DOUBLE_S)
ALL = Reach(hold_s=HOLD_S, double_s=DOUBLE_S)
TALKS = Reach(is_talk=True)
CAREFUL = Reach(steady_s=STEADY_S)
REACHES = [PLAIN, HELD, TWICE, ALL, TALKS, CAREFUL, Reach(hold_s=HOLD_S, steady_s=STEADY_S)]
PRESS, HOLD, DOUBLE, TALK, TALK_END = Kind.PRESS, Kind.HOLD, Kind.DOUBLE, Kind.TALK, Kind.TALK_END


class Step(NamedTuple):
    """An edge `after` seconds."""

    after: float
    button: str
    is_down: bool
    reach: Reach


def run(steps: Iterable[Step], *, ticks_late: bool = False) -> list[tuple[float, Gesture]]:
    """Feed the steps, tick when due (or only before the next edge), and long after the last; tell when and what."""
    gestures, found, now = Gestures(), list[tuple[float, Gesture]](), 0.0
    for step in steps:
        now += step.after
        while not ticks_late and (due := gestures.due()) is not None and due <= now:
            found += ((due, gesture) for gesture in gestures.tick(due))
        found += ((now, gesture) for gesture in gestures.tick(now))
        gesture = gestures.feed(Edge(step.button, step.is_down, now), step.reach)
        found += [(now, gesture)] if gesture else []
    while (due := gestures.due()) is not None:
        found += ((due, gesture) for gesture in gestures.tick(due))
    return found


def answer(*edges: tuple[float, bool], reach: Reach) -> list[tuple[float, Kind]]:
    """When and what comes of one button's edges at absolute times."""
    times = [0.0, *(at for at, _ in edges)]
    steps = [Step(at - before, "answer", is_down, reach) for before, (at, is_down) in zip(times, edges, strict=False)]
    return [(round(at, 3), gesture.kind) for at, gesture in run(steps)]


@pytest.mark.parametrize(
    ("edges", "reach", "expected"),
    [
        pytest.param([(1.0, DOWN)], PLAIN, [(1.0, PRESS)], id="a press acts at its edge"),
        pytest.param([(1.0, DOWN), (1.2, UP)], PLAIN, [(1.0, PRESS)], id="its release does nothing"),
        pytest.param([(1.0, DOWN), (3.0, UP)], PLAIN, [(1.0, PRESS)], id="nor does keeping it down"),
        pytest.param([(1.0, DOWN), (1.2, UP)], HELD, [(1.2, PRESS)], id="where a hold means something, at release"),
        pytest.param([(1.0, DOWN)], HELD, [(2.0, HOLD)], id="held is a hold, once"),
        pytest.param([(1.0, DOWN), (2.5, UP)], HELD, [(2.0, HOLD)], id="after a hold the release does nothing"),
        pytest.param([(1.0, DOWN), (1.999, UP)], HELD, [(1.999, PRESS)], id="just short of the hold time is a press"),
        pytest.param([(1.0, DOWN), (2.0, UP)], HELD, [(2.0, HOLD)], id="the hold time itself is a hold"),
        pytest.param([(1.0, DOWN), (1.1, UP)], TWICE, [(1.3, PRESS)], id="with a double press it waits for a second"),
        pytest.param([(1.0, DOWN)], TWICE, [(1.3, PRESS)], id="kept down it waits no longer"),
        pytest.param([(1.0, DOWN), (1.1, UP), (1.25, DOWN)], TWICE, [(1.25, DOUBLE)], id="twice acts at the second"),
        pytest.param(
            [(1.0, DOWN), (1.1, UP), (1.4, DOWN), (1.5, UP)], TWICE, [(1.3, PRESS), (1.7, PRESS)], id="too slow"
        ),
        pytest.param(
            [(1.0, DOWN), (1.1, UP), (1.2, DOWN), (1.25, UP), (1.3, DOWN)],
            TWICE,
            [(1.2, DOUBLE), (1.6, PRESS)],
            id="the third begins anew",
        ),
        pytest.param([(1.0, DOWN), (1.5, UP)], ALL, [(1.8, PRESS)], id="hold and double: it waits after the release"),
        pytest.param([(1.0, DOWN), (1.5, UP), (1.7, DOWN), (4.0, UP)], ALL, [(1.7, DOUBLE)], id="twice is no hold"),
        pytest.param([(1.0, DOWN), (2.5, UP)], ALL, [(2.0, HOLD)], id="a hold is no first of two"),
        pytest.param([(1.0, DOWN), (4.0, UP)], TALKS, [(1.0, TALK), (4.0, TALK_END)], id="talk lasts to its release"),
        pytest.param([(1.0, DOWN), (1.01, UP)], TALKS, [(1.0, TALK), (1.03, TALK_END)], id="also a short one"),
        pytest.param([(1.0, DOWN), (1.2, UP)], CAREFUL, [(1.06, PRESS)], id="a careful press is steady first"),
        pytest.param([(1.0, DOWN), (1.02, UP)], CAREFUL, [], id="a spike is none"),
        pytest.param(
            [(1.0, DOWN), (1.01, UP), (1.02, DOWN), (1.2, UP)], CAREFUL, [(1.08, PRESS)], id="a bounce only delays it"
        ),
        pytest.param([(1.0, UP)], HELD, [], id="held at start: the release gives nothing"),
        pytest.param([(1.0, UP), (1.004, DOWN), (1.006, UP)], PLAIN, [], id="nor does the bounce of that release"),
        pytest.param([(1.0, UP), (1.5, DOWN)], PLAIN, [(1.5, PRESS)], id="held at start: the next press counts"),
        pytest.param([(1.0, DOWN), (1.001, UP), (1.002, DOWN)], PLAIN, [(1.0, PRESS)], id="a bounce is no press"),
        pytest.param(
            [(1.0, DOWN), (1.2, UP), (1.203, DOWN), (1.205, UP)], PLAIN, [(1.0, PRESS)], id="nor at the release"
        ),
        pytest.param([(1.0, DOWN), (1.01, UP)], HELD, [(1.03, PRESS)], id="a tap shorter than the lock-out counts"),
        pytest.param(
            [(1.0, DOWN), (1.2, UP), (1.21, DOWN)], PLAIN, [(1.0, PRESS), (1.23, PRESS)], id="pressed in the lock-out"
        ),
        pytest.param([(1.0, DOWN), (1.3, DOWN)], PLAIN, [(1.0, PRESS)], id="an edge that was lost is no second press"),
        pytest.param(
            [(1.0, DOWN), (0.5, UP), (0.6, DOWN)], PLAIN, [(1.0, PRESS)], id="time that goes backwards is survived"
        ),
    ],
)  # fmt: skip
def test_a_button(edges: list[tuple[float, bool]], reach: Reach, expected: list[tuple[float, Kind]]) -> None:
    assert answer(*edges, reach=reach) == expected


def test_a_hold_that_the_loop_came_too_late_for_is_told_at_the_release() -> None:
    gestures = Gestures()
    gestures.feed(Edge("answer", DOWN, 5.0), HELD)
    assert gestures.feed(Edge("answer", UP, 6.5), HELD) == Gesture(HOLD, "answer")


def test_what_became_due_is_told_in_the_order_in_which_it_did() -> None:
    gestures = Gestures()
    gestures.feed(Edge("mute", DOWN, 5.2), HELD)
    gestures.feed(Edge("answer", DOWN, 5.1), HELD)
    assert [gesture.button for gesture in gestures.tick(9.0)] == ["answer", "mute"]


def test_a_button_that_is_down_at_start_gives_nothing_until_it_was_released_however_long_that_is() -> None:
    gestures = Gestures()
    assert gestures.feed(Edge("answer", DOWN, 0.0, is_found=True), HELD) is None
    assert gestures.due() is None
    assert gestures.feed(Edge("answer", UP, 70.0), HELD) is None
    assert gestures.tick(80.0) == []
    assert gestures.feed(Edge("answer", DOWN, 90.0), PLAIN) == Gesture(PRESS, "answer")


def test_a_gesture_belongs_to_the_circumstances_in_which_it_began_whatever_bounces_later() -> None:
    gestures = Gestures()
    gestures.feed(Edge("answer", DOWN, 1.0), Reach("pending", hold_s=1))
    gestures.feed(Edge("answer", UP, 1.01), Reach("idle", hold_s=1))
    gestures.feed(Edge("answer", DOWN, 1.02), Reach("idle", hold_s=1))
    assert gestures.feed(Edge("answer", UP, 1.2), Reach("idle")) == Gesture(PRESS, "answer", "pending")


def test_a_button_that_is_forgotten_ends_its_talk_and_its_release_gives_nothing() -> None:
    gestures = Gestures()
    gestures.feed(Edge("answer", DOWN, 1.0), TALKS)
    assert gestures.forget("answer") == Gesture(TALK_END, "answer")
    assert gestures.forget("answer") is None
    assert gestures.feed(Edge("answer", UP, 9.0), TALKS) is None


AFTER = st.sampled_from([0.0, 0.001, 0.01, 0.029, 0.03, 0.031, 0.06, 0.1, 0.3, 0.5, 0.97, 1.0, 2.0]) | st.floats(0, 3)
STEPS = st.lists(st.builds(Step, AFTER, st.sampled_from(["answer", "mute"]), st.booleans(), st.sampled_from(REACHES)))


@given(STEPS)
def test_no_press_is_two_gestures_and_no_gesture_is_without_a_press(steps: list[Step]) -> None:
    """A double press takes two presses; TALK and TALK_END are one gesture and take turns."""
    found = run(steps)
    for button in ("answer", "mute"):
        kinds = [gesture.kind for _, gesture in found if gesture.button == button]
        pressed = sum(step.is_down for step in steps if step.button == button)
        assert sum((kind is not TALK_END) + (kind is DOUBLE) for kind in kinds) <= pressed
        talks = [kind for kind in kinds if kind in (TALK, TALK_END)]
        assert talks[:1] in ([], [TALK])
        assert all(one is not other for one, other in pairwise(talks))


@given(STEPS)
def test_nothing_comes_that_the_button_can_not_mean(steps: list[Step]) -> None:
    possible = {PRESS, *(HOLD for step in steps if step.reach.hold_s)}
    possible |= {DOUBLE for step in steps if step.reach.double_s}
    possible |= {kind for step in steps if step.reach.is_talk for kind in (TALK, TALK_END)}
    assert {gesture.kind for _, gesture in run(steps)} <= possible


@given(STEPS)
def test_a_loop_that_ticks_late_finds_the_same(steps: list[Step]) -> None:
    assert [each for _, each in run(steps)] == [each for _, each in run(steps, ticks_late=True)]


@given(STEPS)
def test_the_time_to_tick_is_never_stuck_and_comes_to_an_end(steps: list[Step]) -> None:
    gestures, now = Gestures(), 0.0
    for step in steps:
        now += step.after
        gestures.tick(now)
        gestures.feed(Edge(step.button, step.is_down, now), step.reach)
        assert (gestures.due() or now) >= now
    for _ in range(8):  # a lock-out, a hold or a wait for a second press, of each of two buttons
        if (due := gestures.due()) is not None:
            gestures.tick(due)
    assert gestures.due() is None


@given(STEPS)
def test_buttons_do_not_disturb_each_other(steps: list[Step]) -> None:
    together = [each for _, each in run(steps)]
    for button in ("answer", "mute"):
        now, before, alone = 0.0, 0.0, []
        for step in steps:
            now += step.after
            if step.button == button:
                alone.append(step._replace(after=now - before))
                before = now
        assert [each for _, each in run(alone)] == [each for each in together if each.button == button]


@given(
    st.lists(st.tuples(st.floats(0.1, 3), st.floats(0.1, 0.9) | st.floats(1.1, 3), st.sampled_from(REACHES[:5]))),
    st.lists(st.floats(0.0001, LOCK_OUT_S / 4), max_size=8),
)
def test_bounces_within_the_lock_out_change_nothing(
    presses: list[tuple[float, float, Reach]], bounces: list[float]
) -> None:
    clean, bouncing = [], []
    for pause, length, reach in presses:
        for after, is_down in ((pause, DOWN), (length, UP)):
            clean.append(Step(after, "answer", is_down, reach))
            bouncing += bounced(clean[-1], bounces)
    assert [each for _, each in run(bouncing)] == [each for _, each in run(exactly(clean, bounces))]


def bounced(step: Step, bounces: list[float]) -> list[Step]:
    """The step, then pairs of a wrong and a right edge, all within the lock-out."""
    pairs = [pause for pause in bounces[:2] for _ in range(2)]
    levels = [not step.is_down, step.is_down] * (len(pairs) // 2)
    return [step, *(step._replace(after=after, is_down=level) for after, level in zip(pairs, levels, strict=True))]


def exactly(clean: list[Step], bounces: list[float]) -> list[Step]:
    """The clean steps at the times that they have among the bounces."""
    more = sum(pause for pause in bounces[:2] for _ in range(2))
    return [step._replace(after=step.after + more * (index > 0)) for index, step in enumerate(clean)]
