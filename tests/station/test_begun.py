"""Which presses follow on one that began a call, and which of them a visitor means."""

from collections.abc import Iterable, Iterator
from itertools import accumulate, cycle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.station.actions import Action
from intercom.station.begun import Begun


@pytest.mark.parametrize(
    ("action", "after_s", "meant"),
    [
        pytest.param(Action.CALL, [1.5], [0], id="who thinks better of it can cancel"),
        pytest.param(Action.CALL, [0.2], [], id="a double press calls"),
        pytest.param(Action.CALL, [1 / 7] * 40, [], id="so does hammering, however long"),
        pytest.param(Action.CALL, [0.3, 0.9, 1.1, 0.2], [2, 3], id="after a second's pause each is heard"),
        pytest.param(Action.ACCEPT, [0.2], [0], id="what was taken can be hung up at once"),
    ],
)
def test_presses_that_follow_on_one_that_began_a_call_mean_nothing(
    action: Action, after_s: list[float], meant: list[int]
) -> None:
    begun = Begun()
    begun.note("answer", action, None, 10.0)
    at = [10.0 + after for after in accumulate(after_s)]
    assert [number for number, now in enumerate(at) if not begun.is_hammering("answer", now, is_calling=True)] == meant
    assert not begun.is_hammering("mute", 10.1, is_calling=True)


@pytest.mark.parametrize(
    ("presses_s", "pause_s"),
    [
        pytest.param([0.0], 1.0, id="the first call"),
        pytest.param([0.0, 2.0, 4.0], 3.0, id="the second"),
        pytest.param([0.0, 2.0, 4.0, 8.0, 10.0], 9.0, id="the third"),
        pytest.param([0.0, 2.0, 4.0, 8.0, 10.0, 20.0, 22.0], 9.0, id="each further one"),
        pytest.param([0.0, 2.0, 17.0], 1.0, id="one after the button has rested"),
    ],
)
def test_a_button_that_calls_again_and_again_needs_a_longer_pause_to_cancel(
    presses_s: list[float], pause_s: float
) -> None:
    begun = Begun()
    heard = list(_heard(begun, presses_s))
    assert heard == [Action.CALL, Action.HANG_UP] * (len(presses_s) // 2) + [Action.CALL]
    assert begun.is_hammering("answer", presses_s[-1] + pause_s - 0.1, is_calling=True)
    assert not begun.is_hammering("answer", presses_s[-1] + 2 * pause_s, is_calling=True)


def test_a_call_that_was_answered_or_refused_leaves_the_button_to_its_presses_after_a_second() -> None:
    begun = Begun()
    assert len(list(_heard(begun, [0.0, 2.0, 4.0]))) == 3
    assert begun.is_hammering("answer", 4.9, is_calling=False)
    assert not begun.is_hammering("answer", 6.0, is_calling=False)


@given(gaps=st.lists(st.sampled_from([0.5, 2.0, 5.0, 8.9]), min_size=1, max_size=200))
def test_a_contact_that_never_rests_begins_three_calls_at_most(gaps: list[float]) -> None:
    assert list(_heard(Begun(), accumulate(gaps))).count(Action.CALL) <= 3


def _heard(begun: Begun, presses_s: Iterable[float]) -> Iterator[Action]:
    """What comes of presses that call and cancel by turns."""
    actions = cycle([Action.CALL, Action.HANG_UP])
    for at in presses_s:
        if not begun.is_hammering("answer", at, is_calling=True):
            begun.note("answer", action := next(actions), None, at)
            yield action
