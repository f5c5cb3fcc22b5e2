"""How long the sound is on its way, by what is known of each stretch."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.rtc.figures import mouth_to_ear_ms


@pytest.mark.parametrize(
    ("period_ms", "packet_ms", "expected_ms"),
    [
        (20, 20, 20),  # a period is a packet
        (5, 20, 20),
        (20, 10, 15),  # the first of two waits for the second
        (1024 / 48, 20, 20 + 10),
        (8, 20, 20 + 2),
        (0, 20, 20),  # no microphone
    ],
)
def test_a_packet_waits_for_the_end_of_a_period(period_ms: float, packet_ms: int, expected_ms: float) -> None:
    found = mouth_to_ear_ms(period_ms=period_ms, packet_ms=packet_ms, look_ahead_ms=0, rtt_ms=0, wait_ms=0, queued_ms=0)
    assert found == pytest.approx(expected_ms)


WAY = st.floats(0, 500)


@given(WAY, WAY, WAY, st.floats(0, 40))
def test_every_stretch_adds_to_it_and_half_of_the_round_trip(
    rtt_ms: float, wait_ms: float, queued_ms: float, period_ms: float
) -> None:
    found = mouth_to_ear_ms(
        period_ms=period_ms, packet_ms=20, look_ahead_ms=6.5, rtt_ms=rtt_ms, wait_ms=wait_ms, queued_ms=queued_ms
    )
    rest_ms = found - (26.5 + rtt_ms / 2 + wait_ms + queued_ms)
    assert -1e-9 <= rest_ms <= period_ms / 2 + 1e-2
