"""When a card will say that it has moved so much, told from looks at what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.audio.pcm import Pace

RATE, PERIOD = 48_000, 240


@given(
    began_s=st.floats(0, 1e6),
    waits_ms=st.lists(st.floats(0.1, 30), min_size=30, max_size=60),
    ppm=st.floats(-300, 300),
)
def test_a_card_that_tells_period_by_period_is_foreseen_within_one(
    began_s: float, waits_ms: list[float], ppm: float
) -> None:
    pace, now_s, rate = Pace(RATE), began_s, RATE * (1 + ppm * 1e-6)
    for wait_ms in waits_ms:
        now_s += wait_ms / 1000
        moved = int((now_s - began_s) * rate)
        pace.look(moved - moved % PERIOD, at_s=now_s)
    true_s = began_s + (wanted := moved + 2 * PERIOD) / rate
    assert true_s - 0.001 <= pace.moment_s(wanted) <= true_s + PERIOD / RATE


@pytest.mark.parametrize("late_ms", [1.0, 3.0, 4.9])
def test_one_look_at_the_right_moment_outweighs_all_that_come_late(late_ms: float) -> None:
    pace = Pace(RATE)
    pace.look(PERIOD, at_s=PERIOD / RATE)
    for turn in range(2, 20):
        pace.look(turn * PERIOD, at_s=turn * PERIOD / RATE + late_ms / 1000)
    assert pace.moment_s(20 * PERIOD) == pytest.approx(20 * PERIOD / RATE, abs=0.0002)
