"""The ear of the bench: it finds the delay and the stall that were made, and no others."""

import numpy as np
import pytest

from bench import echo, hearing
from bench.hearing import RATE, Late, Sound

SECONDS = 12


def murmur(seconds: float = SECONDS, *, seed: int = 1) -> Sound:
    """Return something like speech: noise in syllables, four a second, with a pause each two seconds."""
    t = np.arange(round(seconds * RATE)) / RATE
    syllables = np.sin(2 * np.pi * 2 * t) ** 2 * (t % 2 < 1.6)
    return 3000 * syllables * np.random.default_rng(seed).normal(0, 1, len(t))


def later(sound: Sound, ms: float) -> Sound:
    samples = round(ms * RATE / 1000)
    return np.concatenate([np.zeros(samples), sound])[: len(sound)]


@pytest.mark.parametrize("delay_ms", [0.0, 43.5, 250.0, 900.0])
def test_it_finds_a_delay_that_stays(delay_ms: float) -> None:
    said = murmur()
    noise = np.random.default_rng(2).normal(0, 30, len(said))
    found = hearing.delays(said, later(said, delay_ms) + noise)
    assert len(found) >= SECONDS
    assert {each.delay_ms for each in found} == {delay_ms}
    assert hearing.slope_ms_per_min(found) == pytest.approx(0, abs=1e-6)


def test_it_follows_a_delay_that_changes() -> None:
    said = murmur()
    heard = np.concatenate([later(said, 60)[: 6 * RATE], later(said, 200)[6 * RATE :]])
    found = hearing.delays(said, heard)
    assert hearing.median_ms(found, 0, 5) == 60
    assert hearing.median_ms(found, 7, SECONDS) == 200
    assert hearing.settled_after_s(found, since_s=1, limit_ms=80) is None


def test_it_finds_no_delay_where_something_else_or_nothing_is_heard() -> None:
    said = murmur()
    assert hearing.delays(said, murmur(seed=3)) == []
    assert hearing.delays(said, np.zeros_like(said)) == []
    assert hearing.median_ms([]) is None


def test_a_drift_is_its_slope() -> None:
    late = [Late(at_s, 50 + 0.3 * at_s) for at_s in range(60)]
    assert hearing.slope_ms_per_min(late) == pytest.approx(18)


def test_a_delay_has_settled_when_it_never_again_is_beyond() -> None:
    late = [Late(at_s, delay_ms) for at_s, delay_ms in enumerate([50, 50, 200, 50, 90, 55, 50])]
    assert hearing.settled_after_s(late, since_s=2, limit_ms=60) == 2.5
    assert hearing.settled_after_s(late, since_s=5, limit_ms=60) == 0.0
    assert hearing.settled_after_s(late, since_s=2, limit_ms=40) is None


@pytest.mark.parametrize("missing_ms", [0, 60, 200])
def test_a_stall_is_what_of_speech_was_missed(missing_ms: int) -> None:
    said = murmur()
    heard = later(said, 100)
    begin = round((4.125 - missing_ms / 2000 + 0.1) * RATE)  # around the loudest moment of a syllable
    heard[begin : begin + missing_ms * RATE // 1000] = 0
    stall_ms = hearing.longest_stall_ms(said, heard, hearing.delays(said, heard))
    assert missing_ms - 60 <= stall_ms <= missing_ms


def test_silence_while_nobody_speaks_is_no_stall() -> None:
    said = murmur()
    heard = later(said, 100)
    heard[round(1.72 * RATE) : round(2.08 * RATE)] = 0  # the pause
    assert hearing.longest_stall_ms(said, heard, hearing.delays(said, heard)) == 0


def test_the_level_of_speech_leaves_its_pauses_out() -> None:
    said = murmur()
    sparse = np.concatenate([said, np.zeros(5 * len(said))])
    assert hearing.level(sparse) == pytest.approx(hearing.level(said), abs=1.5)


def test_erle_is_what_was_taken_away_and_converged_is_when() -> None:
    back = murmur()
    left = back * np.where(np.arange(len(back)) < 3 * RATE, 1.0, 0.01)
    assert echo.erle_db(back[3 * RATE :], left[3 * RATE :]) == pytest.approx(40, abs=0.1)
    assert echo.converged_s(back, left) == pytest.approx(3, abs=0.5)
    assert echo.converged_s(back, back) == SECONDS
    assert echo.erle_db(back, np.zeros_like(back)) == 80
