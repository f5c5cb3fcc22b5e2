"""The drift between two crystals."""

import numpy as np
import pytest

from intercom.rtc.skew import BLOCK_S, LEAST_BLOCKS, Skew

PACKET_S = 0.02


def follow(
    skew: Skew, seconds: float, *, ppm: float, jitter_s: float = 0.0005, begin_s: float = 0.0, off_s: float = 0.0
) -> None:
    """Let packets come from a far end that is that much faster, over a route that takes `off_s` longer."""
    late = np.random.default_rng(2).uniform(0, jitter_s, int(seconds / PACKET_S))
    for index, late_s in enumerate(late):
        at_s = begin_s + index * PACKET_S
        skew.arrived(off_s - at_s * ppm * 1e-6 + late_s)
        skew.pulled(0.0, at_s=at_s)


@pytest.mark.parametrize("ppm", [-300.0, -20.0, 0.0, 50.0, 300.0])
@pytest.mark.parametrize(("jitter_s", "seconds", "within"), [(0.0005, 20, 25), (0.03, 60, 60), (0.1, 60, 200)])
def test_the_drift_is_found_through_the_jitter(ppm: float, jitter_s: float, seconds: float, within: float) -> None:
    skew = Skew()
    follow(skew, seconds, ppm=ppm, jitter_s=jitter_s)
    assert skew.ppm == pytest.approx(ppm, abs=within)


def test_nothing_is_said_before_there_is_enough_to_say_it_by() -> None:
    skew = Skew()
    follow(skew, (LEAST_BLOCKS - 1) * BLOCK_S, ppm=300)
    assert skew.ppm == 0


@pytest.mark.parametrize("off_s", [0.05, -0.05])
def test_another_route_is_no_drift(off_s: float) -> None:
    skew = Skew()
    follow(skew, 30, ppm=100)
    for begin_s in (30.0, 36.0, 42.0, 60.0):
        follow(skew, 6 if begin_s < 60 else 30, ppm=100, begin_s=begin_s, off_s=off_s)
        assert skew.ppm == pytest.approx(100, abs=30)


def test_the_speakers_own_crystal_counts_as_much() -> None:
    skew = Skew()
    for index in range(1_000):
        skew.arrived(0.0)
        skew.pulled(-index * PACKET_S * 200e-6, at_s=index * PACKET_S)
    assert skew.ppm == pytest.approx(-200, abs=5)


def test_it_is_never_more_than_a_crystal_may_be_off() -> None:
    skew = Skew()
    follow(skew, 20, ppm=1_500)
    assert skew.ppm == 1_000


def test_another_stream_keeps_what_is_known() -> None:
    skew = Skew()
    follow(skew, 20, ppm=200)
    skew.renew()
    assert skew.ppm == pytest.approx(200, abs=20)
    follow(skew, 30, ppm=-200, begin_s=50, off_s=7)
    assert skew.ppm == pytest.approx(-200, abs=20)
