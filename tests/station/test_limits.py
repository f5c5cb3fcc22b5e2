"""How long a call may ring and last."""

from hypothesis import given
from hypothesis import strategies as st

from intercom.station.limits import WARNINGS_S, Due, Limits

SECONDS = st.integers(1, 86_400)


def run(limits: Limits, until: float) -> list[tuple[float, Due]]:
    """Tick whenever something is due, as the station does."""
    done = []
    while (at := limits.due()) is not None and at <= until:
        done += [(at, due) for due in limits.tick(at)]
    return done


def test_a_call_that_nobody_answers_is_given_up() -> None:
    limits = Limits(ring_s=30, longest_s=0)
    limits.ring(100)
    assert run(limits, 1e9) == [(130, Due.UNANSWERED)]


def test_a_call_is_warned_of_twice_and_then_ended() -> None:
    limits = Limits(ring_s=30, longest_s=600)
    limits.ring(0)
    limits.open(10)
    assert not limits.is_warned
    assert run(limits, 1e9) == [(550, Due.WARNING), (600, Due.WARNING), (610, Due.OVER)]
    assert limits.is_warned


def test_a_press_in_the_last_minute_gives_as_long_again() -> None:
    limits = Limits(ring_s=0, longest_s=600)
    limits.open(0)
    assert run(limits, 595) == [(540, Due.WARNING), (590, Due.WARNING)]
    limits.open(595)
    assert not limits.is_warned
    assert run(limits, 1e9) == [(1135, Due.WARNING), (1185, Due.WARNING), (1195, Due.OVER)]


def test_a_limit_of_a_minute_warns_at_once() -> None:
    limits = Limits(ring_s=0, longest_s=60)
    limits.open(5)
    assert run(limits, 5) == [(5, Due.WARNING)]


def test_without_limits_nothing_is_ever_due() -> None:
    limits = Limits(ring_s=0, longest_s=0)
    limits.ring(0)
    limits.open(10)
    assert limits.due() is None


@given(SECONDS, st.lists(SECONDS, max_size=5))
def test_a_call_that_nobody_prolongs_any_more_ends_a_limit_after_the_last_press(
    longest_s: int, presses: list[int]
) -> None:
    limits, now = Limits(ring_s=0, longest_s=longest_s), 0.0
    limits.open(now)
    for after in presses:
        now += min(after, longest_s - 0.5)
        assert Due.OVER not in [due for _, due in run(limits, now)]
        limits.open(now)
    done = run(limits, 1e9)
    assert done[-1] == (now + longest_s, Due.OVER)
    assert [due for _, due in done[:-1]] == [Due.WARNING] * len(WARNINGS_S)
