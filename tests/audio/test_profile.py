"""Which profile sound works by."""

from dataclasses import replace

import pytest

from intercom.audio.board import Board
from intercom.audio.profile import PROFILES, Name, of

LIGHT = Board(profile="light", complexity=2, share=0.7, at="2026-01-01T00:00:00Z")


def test_auto_is_what_was_measured_else_normal() -> None:
    assert of("auto") == PROFILES["normal"]
    assert of("auto", LIGHT) == replace(PROFILES["light"], complexity=2)


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_that_is_named_is_taken(name: Name) -> None:
    assert of(name, LIGHT) == PROFILES[name]


def test_what_is_set_by_itself_goes_first() -> None:
    low = PROFILES["low-delay"]
    assert of("low-delay", packet_ms=20) == replace(low, packet_ms=20)
    assert of("low-delay", complexity=0) == replace(low, complexity=0)
    assert of("low-delay", period_ms=8) == replace(low, capture_period_ms=8, playback_period_ms=8)
    assert of("low-delay", packet_ms=0, complexity=-1, period_ms=0) == low
