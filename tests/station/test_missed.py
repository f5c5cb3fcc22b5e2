"""Which calls were missed, and what is remembered of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.call.events import End, Ending
from intercom.station.missed import KEPT, Missed, MissedCalls, is_missed


@pytest.mark.parametrize("how", Ending)
def test_only_a_call_that_its_caller_gave_up_unseen_is_missed(how: Ending) -> None:
    assert is_missed(End(how), was_seen=False, is_timed_out=False) is (how is Ending.CANCELLED)
    assert not is_missed(End(how), was_seen=True, is_timed_out=False)


def test_a_call_that_rang_here_for_too_long_is_missed_and_one_that_was_ignored_is_not() -> None:
    assert is_missed(End(Ending.IGNORED), was_seen=False, is_timed_out=True)
    assert not is_missed(End(Ending.IGNORED), was_seen=False, is_timed_out=False)


@given(st.lists(st.tuples(st.text(max_size=5), st.floats(0, 1e9)), max_size=3 * KEPT))
def test_all_are_counted_and_the_latest_are_kept_newest_first(calls: list[tuple[str, float]]) -> None:
    missed = MissedCalls()
    for who, at in calls:
        missed = missed.with_one(who, at)
    assert missed.count == len(calls)
    assert list(missed.latest) == [Missed(who, at) for who, at in reversed(calls)][:KEPT]
