"""Which edges a finger can make."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.panel.sieve import QUIET_S, TELL_S, Sieve, Verdict


def edges(every_s: float, count: int) -> list[float]:
    return [number * every_s for number in range(count)]


def pressed(times: int, every_s: float, *, bounces: int) -> list[float]:
    """Presses of 0.1 s, each press and release with so many bounces 5 ms apart."""
    return [
        number * every_s + side + bounce * 0.005
        for number in range(times)
        for side in (0.0, 0.1)
        for bounce in range(2 * bounces + 1)
    ]


def judged(at: list[float]) -> list[Verdict]:
    sieve = Sieve()
    return [sieve.feed(each) for each in at]


@pytest.mark.parametrize(
    "at",
    [
        pytest.param(pressed(30, 0.6, bounces=0), id="somebody without patience"),
        pytest.param(pressed(10, 0.2, bounces=0), id="ten steps of volume in two seconds"),
        pytest.param(pressed(20, 1.0, bounces=2), id="a worn contact"),
    ],
)
def test_what_a_finger_does_goes_through(at: list[float]) -> None:
    assert set(judged(at)) == {Verdict.PASS}


@pytest.mark.parametrize(
    ("at", "within_s"),
    [
        pytest.param(edges(0.001, 60_000), 0.03, id="1 kHz for a minute"),
        pytest.param(edges(0.01, 1000), 0.25, id="the mains' hum on a floating line"),
        pytest.param(edges(0.1, 600), 7, id="a wet contact, ten edges a second"),
    ],
)
def test_what_none_does_is_told_once_a_second_and_dropped(at: list[float], within_s: float) -> None:
    verdicts = judged(at)
    first = verdicts.index(Verdict.TELL)
    assert at[first] <= within_s
    assert Verdict.PASS not in verdicts[first:]
    assert verdicts.count(Verdict.TELL) <= 1 + (at[-1] - at[first]) / TELL_S


def test_it_is_trusted_again_after_quiet_and_not_before() -> None:
    sieve = Sieve()
    for at in edges(0.001, 100):
        sieve.feed(at)
    assert sieve.feed(0.1 + QUIET_S - 0.1) is not Verdict.PASS
    assert sieve.feed(0.1 + 2 * QUIET_S) is Verdict.PASS


@given(st.lists(st.floats(0, 0.5), max_size=400))
def test_whatever_comes_a_second_lets_through_what_the_loop_can_bear(after_s: list[float]) -> None:
    at, now = list[float](), 0.0
    for each in after_s:
        now += each
        at.append(now)
    passed = [time for time, verdict in zip(at, judged(at), strict=True) if verdict is not Verdict.DROP]
    for time in passed:
        assert sum(time <= other < time + 1 for other in passed) <= 24 * 5
