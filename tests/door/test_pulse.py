"""How long a lock is open: the same limits whatever the station says, and whenever it says it."""

from itertools import pairwise
from math import inf, nan
from typing import Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.door.pulse import REST_S, SILENCE_S, Pulse

TINY_S = 1e-6

moments = st.floats(0, 3, allow_nan=False)
# What the station says, how long after what it said before, and how old that is when it arrives.
steps = st.lists(st.tuples(st.sampled_from(["open", "tick", "tick", "wait", "end"]), moments, st.floats(0, 1)))
limits = st.tuples(st.floats(0.1, 30), st.floats(0.1, 60))


class Course:
    """What becomes of a pulse: when it was open, when openings were accepted, when signs of life were given."""

    def __init__(self, pulse: Pulse) -> None:
        self.open: list[tuple[float, float]] = []
        self.opened_at: list[float] = []
        self.alive_at: list[float] = []
        self.ended_at = inf
        self._pulse, self._now, self._began_at = pulse, 100.0, inf

    def run(self, told: list[tuple[str, float, float]]) -> Self:
        """Tell it all that, calling it whenever it is due as the guard does, and for a minute after."""
        for word, pause_s, age_s in [*told, ("wait", 70.0, 0.0)]:
            self._wait(self._now + pause_s)
            self._tell(word, self._now - age_s)
            self._look()
        return self

    def _wait(self, until: float) -> None:
        while (due := self._pulse.due()) is not None and due <= until:
            self._now = due
            self._pulse.pass_time(due)
            self._look()
        self._now = until

    def _tell(self, word: str, at: float) -> None:
        match word:
            case "open":
                if not self._pulse.open(at, self._now):
                    self.opened_at.append(self._now)
                self.alive_at.append(at)
            case "tick":
                self._pulse.tick(at, self._now)
                self.alive_at.append(at)
            case "end":
                self._pulse.end(self._now, "It ends.")
                self.ended_at = min(self.ended_at, self._now)

    def _look(self) -> None:
        if self._pulse.is_open and self._began_at == inf:
            self._began_at = self._now
        elif not self._pulse.is_open and self._began_at != inf:
            self.open.append((self._began_at, self._now))
            self._began_at = inf


@given(limits, steps)
def test_it_is_never_open_beyond_its_limits(limit: tuple[float, float], told: list[tuple[str, float, float]]) -> None:
    pulse_s, longest_s = limit
    seen = Course(Pulse(pulse_s, longest_s)).run(told)
    for began_at, ended_at in seen.open:
        assert began_at in seen.opened_at
        last_opening = max(at for at in seen.opened_at if at < ended_at or at == began_at)
        assert ended_at <= last_opening + pulse_s + TINY_S
        last_sign = max(at for at in seen.alive_at if at <= ended_at)
        assert ended_at < last_sign + SILENCE_S + TINY_S
        assert ended_at <= seen.ended_at
    for together in rested_between(seen.open):
        assert together[-1][1] - together[0][0] <= longest_s + TINY_S


def rested_between(times: list[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    """Put the times it was open together where it was locked for less than its rest between them."""
    groups = [times[:1]] if times else []
    for before, after in pairwise(times):
        if after[0] - before[1] < REST_S - TINY_S:
            groups[-1].append(after)
        else:
            groups.append([after])
    return groups


@given(limits, st.floats(0.01, 0.49))
def test_a_station_that_lives_has_it_open_for_the_whole_pulse(limit: tuple[float, float], period_s: float) -> None:
    pulse_s, longest_s = limit
    ticks = [("tick", period_s, 0.0)] * (int(min(limit) / period_s) + 1)
    seen = Course(Pulse(pulse_s, longest_s)).run([("open", 1.0, 0.0), *ticks])
    ((began_at, ended_at),) = seen.open
    assert ended_at - began_at == pytest.approx(min(pulse_s, longest_s))


def test_each_opening_lasts_for_the_pulse_from_then_on_up_to_the_longest_time() -> None:
    pulse = Pulse(3.0, 5.0)
    assert pulse.open(0.0, 0.0) == ""
    for at in (0.4, 0.8, 1.2, 1.6, 2.0):
        pulse.tick(at, at)
    pulse.open(2.0, 2.0)
    for at in (2.4, 2.8, 3.2, 3.6, 4.0, 4.4, 4.8):
        pulse.tick(at, at)
    assert (pulse.is_open, pulse.due()) == (True, 5.0)
    pulse.pass_time(5.0)
    assert (pulse.is_open, pulse.why) == (False, "Its time was over.")


def test_after_its_longest_time_it_rests() -> None:
    pulse = Pulse(0.4, 0.4)
    pulse.open(0.0, 0.0)
    pulse.pass_time(0.4)
    assert "rests" in pulse.open(1.3, 1.3)
    assert pulse.open(1.5, 1.5) == ""


@pytest.mark.parametrize("at", [9.5, 10.1, inf, -inf, nan])
def test_what_was_asked_too_long_ago_or_at_no_time_at_all_opens_nothing(at: float) -> None:
    pulse = Pulse(3.0, 10.0)
    assert pulse.open(at, 10.0) == "It was asked for too long ago."
    assert not pulse.is_open


@pytest.mark.parametrize("at", [10.3, inf, nan])
def test_a_sign_of_life_from_the_future_is_none(at: float) -> None:
    pulse = Pulse(3.0, 10.0)
    pulse.open(10.0, 10.0)
    pulse.tick(at, 10.2)
    assert pulse.due() == 10.5


def test_what_has_ended_opens_no_more() -> None:
    pulse = Pulse(3.0, 10.0)
    pulse.end(0.0, "It ends.")
    assert pulse.open(1.0, 1.0) == "It ends."
    assert (pulse.is_open, pulse.is_over) == (False, True)
