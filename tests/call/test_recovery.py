"""When lost media is tried for again, whose offer counts, and when the call is given up."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.call.recovery import CYCLE_S, GLARE_S, NEVER, RETRY_S, WINDOW_S, Attempt, Follow, GiveUp, Recovery, Step


def steps(recovery: Recovery, until: float, *, is_linked: bool = True) -> list[tuple[float, Step]]:
    """Return what is decided from now on, and when, up to and with `until`."""
    decided: list[tuple[float, Step]] = []
    while (now := recovery.due) <= until:
        if step := recovery.step(now, is_linked=is_linked):
            decided.append((now, step))
    return decided


def test_nothing_is_done_while_nothing_is_lost() -> None:
    recovery = Recovery(yields=False)
    assert recovery.due == NEVER
    assert recovery.step(1e6, is_linked=True) is None


def test_it_is_tried_at_once_and_again_after_each_cycle_until_the_window_is_over() -> None:
    recovery = Recovery(yields=False)
    recovery.lost(100.0)
    attempts = [(100.0 + CYCLE_S * number, Attempt()) for number in range(3)]
    assert steps(recovery, 1e6) == [*attempts, (100.0 + WINDOW_S, GiveUp())]


def test_a_far_end_that_is_heard_again_ends_it_and_the_next_loss_has_its_own_window() -> None:
    recovery = Recovery(yields=False)
    recovery.lost(0.0)
    steps(recovery, 15.0)
    recovery.found()
    assert steps(recovery, 1e6) == []
    recovery.lost(40.0)
    assert steps(recovery, 1e6)[-1] == (70.0, GiveUp())


def test_without_the_exchange_nothing_is_offered_and_the_call_is_given_up_in_time_all_the_same() -> None:
    recovery = Recovery(yields=False)
    recovery.lost(0.0)
    assert steps(recovery, 1e6, is_linked=False) == [(WINDOW_S, GiveUp())]


def test_an_exchange_that_is_back_is_used_at_once() -> None:
    recovery = Recovery(yields=False)
    recovery.lost(0.0)
    assert steps(recovery, 13.0, is_linked=False) == []
    recovery.linked(13.0)
    assert steps(recovery, 20.0) == [(13.0, Attempt())]
    recovery.found()
    recovery.linked(25.0)
    assert steps(recovery, 1e6) == []


def test_an_offer_that_could_not_be_made_is_tried_again_soon() -> None:
    recovery = Recovery(yields=False)
    recovery.lost(0.0)
    attempts = []
    while isinstance(recovery.step(now := recovery.due, is_linked=True), Attempt):
        attempts.append(now)
        recovery.offer_failed(now)
    assert attempts == [RETRY_S * number for number in range(15)]
    assert now == WINDOW_S


def test_an_attempt_late_in_the_window_has_its_full_time() -> None:
    recovery = Recovery(yields=False)
    recovery.lost(0.0)
    recovery.step(0.0, is_linked=True)
    recovery.answered()
    assert steps(recovery, 26.0) == [(10.0, Attempt()), (20.0, Attempt())]
    recovery.answered()
    recovery.far_end_offers("theirs", 27.0)
    assert steps(recovery, 1e6) == [(27.0, Follow("theirs")), (27.0 + CYCLE_S, GiveUp())]


def test_a_far_ends_offer_is_followed_also_where_we_have_noticed_nothing() -> None:
    recovery = Recovery(yields=False)
    recovery.far_end_offers("theirs", 5.0)
    assert steps(recovery, 1e6) == [(5.0, Follow("theirs"))]
    assert recovery.answered() is False


def test_where_both_offer_the_end_that_was_called_drops_its_own() -> None:
    recovery = Recovery(yields=True)
    recovery.lost(0.0)
    assert recovery.step(0.0, is_linked=True) == Attempt()
    assert recovery.may_offer()
    recovery.far_end_offers("theirs", 0.1)
    assert not recovery.may_offer()  # ours was just being made
    assert recovery.step(0.1, is_linked=True) == Follow("theirs")
    assert recovery.answered() is False


def test_where_both_offer_the_calling_end_goes_on_with_its_own_once_that_is_answered() -> None:
    recovery = Recovery(yields=False)
    recovery.lost(0.0)
    recovery.step(0.0, is_linked=True)
    recovery.far_end_offers("theirs", 0.1)
    assert recovery.may_offer()
    assert recovery.step(1.0, is_linked=True) is None
    assert recovery.answered() is True
    assert steps(recovery, CYCLE_S - 1) == []


def test_a_calling_end_whose_offer_is_never_answered_follows_the_far_ends() -> None:
    recovery = Recovery(yields=False)
    recovery.lost(0.0)
    recovery.step(0.0, is_linked=True)
    recovery.far_end_offers("theirs", 8.0)
    assert steps(recovery, 15.0) == [(8.0 + GLARE_S, Follow("theirs"))]


FACTS: dict[str, Callable[[Recovery, float], object]] = {
    "lost": lambda recovery, now: recovery.lost(now),
    "found": lambda recovery, _: recovery.found(),
    "linked": lambda recovery, now: recovery.linked(now),
    "offer failed": lambda recovery, now: recovery.offer_failed(now),
    "answered": lambda recovery, _: recovery.answered(),
    "far end offers": lambda recovery, now: recovery.far_end_offers("theirs", now),
    "nothing": lambda *_: None,
}


@pytest.mark.parametrize("yields", [False, True])
@given(facts=st.lists(st.tuples(st.floats(0, 12), st.sampled_from(sorted(FACTS)), st.booleans())))
def test_whatever_happens_no_call_is_given_up_early_and_nothing_is_decided_for_ever(
    yields: bool, facts: list[tuple[float, str, bool]]
) -> None:
    recovery, now, lost_at = Recovery(yields=yields), 0.0, NEVER
    for after_s, fact, is_linked in facts:
        now += after_s
        FACTS[fact](recovery, now)
        lost_at = {"lost": now, "found": NEVER}.get(fact, lost_at)
        decided = []
        while step := recovery.step(now, is_linked=is_linked):
            decided.append(step)
        assert len(decided) <= 2  # to follow, and to see that time is over
        assert Attempt() not in decided or is_linked
        assert GiveUp() not in decided or now - lost_at >= WINDOW_S
        assert recovery.due > now
