"""Longer and shorter sound."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.audio.frames import RATE
from intercom.rtc.coding import Samples
from intercom.rtc.timescale import LEAST, LONGEST, SHORTEST, cross_fade, nudge, period, shrink, stretch

LOUD = 20_000.0
frequencies = st.floats(100.0, 400.0)
phases = st.floats(0.0, 6.3)


def tone(hz: float, phase: float = 0.0, samples: int = LEAST, *, harmonics: int = 1) -> Samples:
    at = 2 * np.pi * hz / RATE * np.arange(samples) + phase
    sound: Samples = sum(LOUD / harmonics * np.sin(at * n) for n in range(1, harmonics + 1)).astype(np.int16)
    return sound


def greatest_step(sound: Samples) -> int:
    return int(np.abs(np.diff(sound.astype(int))).max())


@given(st.integers(SHORTEST, LONGEST), st.integers(1, 8))
def test_the_period_of_a_tone_is_found(length: int, harmonics: int) -> None:
    found, likeness = period(tone(RATE / length, harmonics=harmonics))
    assert likeness > 0.98
    assert min(found % length, length - found % length) <= 3


def test_noise_has_no_period_worth_the_name() -> None:
    noise = np.random.default_rng(1).normal(0, 3_000, LEAST).astype(np.int16)
    assert period(noise)[1] < 0.4


def test_silence_is_no_division_by_zero() -> None:
    length, likeness = period(np.zeros(LEAST, np.int16))
    assert SHORTEST <= length <= LONGEST
    assert likeness == 0


@given(frequencies, phases)
def test_a_period_less_or_more_is_no_click(hz: float, phase: float) -> None:
    sound = tone(hz, phase)
    length, _ = period(sound)
    for changed, samples in ((shrink(sound, length), LEAST - length), (stretch(sound, length), LEAST + length)):
        assert len(changed) == samples
        assert (changed[0], changed[-1]) == (sound[0], sound[-1])
        assert greatest_step(changed) <= 1.2 * greatest_step(sound) + 2


@given(frequencies, phases, st.sampled_from([1, -1]), st.sampled_from([240, 480, 960, 1_920, 5_760]))
def test_a_sample_more_or_less_can_not_be_heard(hz: float, phase: float, step: int, samples: int) -> None:
    sound = tone(hz, phase, samples)
    nudged = nudge(sound, step)
    assert len(nudged) == samples + step
    assert (nudged[0], nudged[-1]) == (sound[0], sound[-1])
    ideal = np.interp(np.linspace(0, samples - 1, samples + step), np.arange(samples), sound)
    assert np.abs(nudged - ideal).max() <= 40


@pytest.mark.parametrize("hz", [1_000, 4_000, 8_000])
def test_a_sample_more_keeps_high_tones_as_loud_as_they_are(hz: int) -> None:
    sound = tone(hz)
    loudness = [np.sqrt(np.mean(part.astype(float) ** 2)) for part in (sound[360:600], nudge(sound, 1)[360:600])]
    assert loudness[1] == pytest.approx(loudness[0], rel=0.12)


def test_the_loudest_sound_does_not_overflow() -> None:
    square = np.where(np.arange(LEAST) // 50 % 2, 32_767, -32_768).astype(np.int16)
    assert np.abs(nudge(square, -1).astype(int)).max() >= 32_767
    assert greatest_step(nudge(square, 1)) <= 65_535


def test_a_cross_fade_begins_as_one_and_ends_as_the_other() -> None:
    old, new = np.full(240, 1_000, np.int16), np.full(240, -1_000, np.int16)
    faded = cross_fade(old, new)
    assert faded[0] > 990
    assert faded[-1] < -990
    assert (np.diff(faded.astype(int)) < 0).all()
