"""What loss libopus is told to expect: enough that packets repeat each other, no more than serves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.rtc.redundancy import FORCING, MOST, NEEDLESS, Expectation, least_percent


@pytest.mark.parametrize(
    ("bitrate", "complexity", "packet_ms", "percent"),
    [
        (24_000, 5, 20, FORCING),
        (32_000, 5, 20, FORCING),
        (40_000, 5, 20, NEEDLESS),
        (40_000, 5, 10, NEEDLESS),
        (40_000, 0, 20, FORCING),
        (48_000, 0, 20, NEEDLESS),
    ],
)
def test_without_loss_no_more_is_said_than_makes_packets_repeat(
    bitrate: int, complexity: int, packet_ms: int, percent: int
) -> None:
    assert least_percent(bitrate=bitrate, complexity=complexity, packet_ms=packet_ms) == percent


def test_it_rises_at_once_and_falls_by_a_fifth_with_each_report() -> None:
    told = Expectation(1)
    assert [said(told, loss) for loss in (0, 0.08, 0, 0, 0.03, 0.03, 0.03, 0)] == [1, 8, 6, 5, 4, 3, 3, 2]


def test_much_loss_takes_no_more_from_the_first_copy() -> None:
    told = Expectation(FORCING)
    assert [said(told, loss) for loss in (0.02, 0.1, 0.5, 1)] == [FORCING, MOST, MOST, MOST]


@given(st.sampled_from([0, NEEDLESS, FORCING]), st.lists(st.floats(0, 1)))
def test_it_stays_within_its_bounds(least: int, losses: list[float]) -> None:
    told = Expectation(least)
    assert all(least <= said(told, loss) <= MOST for loss in losses)


def said(told: Expectation, loss: float) -> int:
    told.reported(loss)
    return told.percent
