"""What a board is found to have the strength for."""

from math import isclose

import pytest

from intercom.rtc.strength import MEASURED, Choice, Cost, choose, measure

# Microseconds a packet on a desktop, as measured, in the order of MEASURED.
DESKTOP = [(90, 37), (203, 41), (379, 42), (32, 14)]


def costs(times: float) -> list[Cost]:
    """Return what a board measures that is so many times slower."""
    return [Cost(how, times * there, times * back) for how, (there, back) in zip(MEASURED, DESKTOP, strict=True)]


@pytest.mark.parametrize(
    ("times", "profile", "complexity"),
    [(1, "normal", 9), (3, "normal", 9), (5, "normal", 5), (9, "normal", 5), (12, "light", 0), (100, "light", 0)],
)
def test_a_slower_board_gets_less_work(times: float, profile: str, complexity: int) -> None:
    choice = choose(costs(times))
    assert (choice.profile, choice.complexity) == (profile, complexity)


def test_the_share_of_a_core_is_told() -> None:
    assert isclose(choose(costs(1)).share, (421 + 4 * 244) / 20_000)


def test_a_board_is_measured_in_each_way() -> None:
    found = measure(seconds=0.02)
    assert [cost.how for cost in found] == list(MEASURED)
    assert all(cost.encode_us > 0 and cost.decode_us > 0 for cost in found)
    assert isinstance(choose(found), Choice)
