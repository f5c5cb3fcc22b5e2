"""Which edges a finger can make."""

import random
from collections.abc import Iterable, Iterator
from statistics import quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.panel.sieve import QUIET_S, TELL_S, Sieve, Verdict

DEBOUNCE_S = 0.005


def edges(every_s: float, count: int) -> list[float]:
    return [number * every_s for number in range(count)]


def pressed(times: int, every_s: float, *, down_s: float = 0.1, bounce_s: float = 0.0) -> list[float]:
    """Presses whose contact bounces for so long each time that it closes or opens."""
    bounces = edges(DEBOUNCE_S, 2 * round(bounce_s / DEBOUNCE_S / 2) + 1)
    return [number * every_s + side + bounce for number in range(times) for side in (0.0, down_s) for bounce in bounces]


def noise(seed: int, per_s: float, lasts_s: float = 20.0) -> Iterator[float]:
    """What is left of a line that floats, now and then steady enough for the kernel."""
    chance, now = random.Random(seed), 0.0
    while now < lasts_s:
        now += DEBOUNCE_S + chance.expovariate(1 / (1 / per_s - DEBOUNCE_S))
        yield now


def judged(at: Iterable[float]) -> list[Verdict]:
    sieve = Sieve()
    return [sieve.feed(each, is_down=number % 2 == 0) for number, each in enumerate(at)]


def found_out_at(at: Iterable[float]) -> float:
    times = list(at)
    return times[judged(times).index(Verdict.TELL)]


@pytest.mark.parametrize(
    "at",
    [
        pytest.param(pressed(1, 1), id="one press"),
        pytest.param(pressed(2, 0.25), id="a double press"),
        pytest.param(pressed(1, 1, down_s=5, bounce_s=0.02), id="a long hold that bounces at both ends"),
        pytest.param(pressed(30, 0.6), id="somebody without patience"),
        pytest.param(pressed(10, 0.2), id="ten steps of volume in two seconds"),
        pytest.param(pressed(14, 1 / 7, down_s=0.04), id="an angry visitor, seven taps a second for two seconds"),
        pytest.param(pressed(14, 1 / 7, down_s=0.07, bounce_s=0.02), id="the same, on a wet contact"),
        pytest.param(pressed(20, 1.0, bounce_s=0.02), id="a worn contact"),
    ],
)
def test_what_a_finger_does_goes_through(at: list[float]) -> None:
    assert set(judged(at)) == {Verdict.PASS}


@given(st.data(), st.integers(1, 14))
def test_however_a_finger_hammers_it_is_never_found_out(data: st.DataObject, taps: int) -> None:
    at, now = list[float](), 0.0
    for _ in range(2 * taps):  # it closes, or opens
        ends = data.draw(st.lists(st.floats(DEBOUNCE_S, 0.02), max_size=3))
        at += [now, *sorted(now + end for end in ends[: len(ends) // 2 * 2])]
        now += data.draw(st.floats(0.071, 0.4))
    assert set(judged(at)) == {Verdict.PASS}


@pytest.mark.parametrize(
    ("at", "within_s"),
    [
        pytest.param(edges(0.001, 60_000), 0.03, id="1 kHz for a minute"),
        pytest.param(edges(0.005, 2000), 0.15, id="100 Hz"),
        pytest.param(edges(0.01, 1000), 0.25, id="the mains' hum on a floating line"),
        pytest.param(edges(1 / 120, 1000), 0.25, id="the same in America"),
        pytest.param(edges(0.02, 1000), 0.25, id="half of that"),
        pytest.param(edges(0.05, 1000), 1, id="a contact that moves 20 times a second"),
        pytest.param(edges(0.1, 600), 7, id="a wet contact, ten edges a second"),
    ],
)
def test_what_none_does_is_told_once_a_second_and_dropped(at: list[float], within_s: float) -> None:
    verdicts = judged(at)
    first = verdicts.index(Verdict.TELL)
    assert at[first] <= within_s
    assert Verdict.PASS not in verdicts[first:]
    assert verdicts.count(Verdict.TELL) <= 1 + (at[-1] - at[first]) / TELL_S


@pytest.mark.parametrize(("per_s", "mostly_within_s"), [(10, 2.5), (15, 1.5), (20, 1), (50, 0.5)])
def test_noise_that_passes_the_kernel_is_found_out_soon(per_s: float, mostly_within_s: float) -> None:
    found = quantiles([found_out_at(noise(seed, per_s)) for seed in range(200)], n=20)
    assert found[9] <= mostly_within_s
    assert found[18] <= 2 * mostly_within_s


def test_it_tells_since_when_the_contact_moves_without_a_pause() -> None:
    sieve = Sieve()
    for number, at in enumerate([0.0, 0.1, *(5 + each for each in noise(1, 15))]):
        sieve.feed(at, is_down=number % 2 == 0)
    assert sieve.since == 5 + next(noise(1, 15))


def test_it_is_trusted_again_after_quiet_and_not_before() -> None:
    sieve = Sieve()
    for number, at in enumerate(edges(0.001, 100)):
        sieve.feed(at, is_down=number % 2 == 0)
    assert sieve.feed(0.1 + QUIET_S - 0.1, is_down=True) is not Verdict.PASS
    assert sieve.feed(0.1 + 2 * QUIET_S, is_down=False) is Verdict.PASS


@given(st.lists(st.floats(0, 0.5), max_size=400))
def test_whatever_comes_a_second_lets_through_what_the_loop_can_bear(after_s: list[float]) -> None:
    at, now = list[float](), 0.0
    for each in after_s:
        now += each
        at.append(now)
    passed = [time for time, verdict in zip(at, judged(at), strict=True) if verdict is not Verdict.DROP]
    for time in passed:
        assert sum(time <= other < time + 1 for other in passed) <= 24 * 5
