"""Which profile sound works by."""

from dataclasses import replace

import pytest

from intercom.audio.profile import PROFILES, Name, of


@pytest.mark.parametrize(("measured", "expected"), [(None, "normal"), ("light", "light"), ("low-delay", "low-delay")])
def test_auto_is_what_was_measured_else_normal(measured: Name | None, expected: Name) -> None:
    assert of("auto", measured) == PROFILES[expected]


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_that_is_named_is_taken(name: Name) -> None:
    assert of(name, "light") == PROFILES[name]


def test_what_is_set_by_itself_goes_first() -> None:
    low = PROFILES["low-delay"]
    assert of("low-delay", packet_ms=20) == replace(low, packet_ms=20)
    assert of("low-delay", complexity=0) == replace(low, complexity=0)
    assert of("low-delay", period_ms=8) == replace(low, capture_period_ms=8, playback_period_ms=8)
    assert of("low-delay", packet_ms=0, complexity=-1, period_ms=0) == low
