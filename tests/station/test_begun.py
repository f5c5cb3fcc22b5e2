"""Which presses follow on one that began a call, and which of them a visitor means."""

from itertools import accumulate

import pytest

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
    assert [number for number, now in enumerate(at) if not begun.is_hammering("answer", now)] == meant
    assert not begun.is_hammering("mute", 10.1)
