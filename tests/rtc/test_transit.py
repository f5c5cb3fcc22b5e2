"""How long packets wait in aiortc, followed by their times."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.rtc.transit import MOST_ARRIVALS, Transit

TICKS, PACKET_S = 960, 0.02


def follow(transit: Transit, *, first: int, count: int, waits_s: float, lost: set[int] | None = None) -> None:
    """Let packets arrive each 20 ms, and each come out `waits_s` later."""
    steps = [(number * PACKET_S, False, number) for number in range(count)]
    steps += [(number * PACKET_S + waits_s, True, number) for number in range(count)]
    for at_s, is_out, number in sorted(steps):
        if number in (lost or set()):
            continue
        if is_out:
            transit.decoded(number * TICKS, at_s=at_s)
        else:
            transit.arrived((first + number * TICKS) % (1 << 32), at_s=at_s)


@given(st.integers(0, (1 << 32) - 1), st.floats(0.001, 0.5), st.sets(st.integers(1, 99)))
def test_a_steady_wait_is_found_from_any_timestamp_on_whatever_is_lost(
    first: int, waits_s: float, lost: set[int]
) -> None:
    transit = Transit()
    follow(transit, first=first, count=100, waits_s=waits_s, lost=lost)
    assert transit.ms == pytest.approx(waits_s * 1000)


def test_nothing_is_known_before_a_packet_came_out() -> None:
    transit = Transit()
    transit.arrived(0, at_s=0)
    assert transit.ms is None
    transit.decoded(None, at_s=1)
    assert transit.ms is None


def test_another_track_begins_anew() -> None:
    transit = Transit()
    follow(transit, first=5000, count=50, waits_s=0.08)
    transit.begin()
    follow(transit, first=900_000, count=200, waits_s=0.04)
    assert transit.ms == pytest.approx(40, abs=0.1)


def test_a_far_end_whose_packets_are_never_decoded_does_not_fill_the_memory() -> None:
    transit = Transit()
    for number in range(10 * MOST_ARRIVALS):
        transit.arrived(number, at_s=0)
    assert len(transit._arrivals) == MOST_ARRIVALS
