"""Comfort noise."""

import numpy as np
import pytest

from intercom.audio.frames import RATE
from intercom.rtc.coding import Samples
from intercom.rtc.noise import MOST_RMS, Noise


def loudness(sound: Samples) -> float:
    return float(np.sqrt(np.mean(sound.astype(float) ** 2)))


def test_before_anything_was_heard_it_is_silent() -> None:
    assert not Noise().take(480).any()


@pytest.mark.parametrize(("rms", "expected"), [(20.0, 20.0), (3_000.0, MOST_RMS), (0.0, 0.0)])
def test_it_is_as_loud_as_the_quietest_that_was_heard_but_gentle(rms: float, expected: float) -> None:
    noise, random = Noise(), np.random.default_rng(1)
    for _ in range(200):
        noise.hear(random.normal(0, rms, 960).astype(np.int16))
        noise.hear(random.normal(0, 4_000, 960).astype(np.int16))
    noise.learnt()
    assert loudness(noise.take(RATE)) == pytest.approx(expected, rel=0.3)


@pytest.mark.parametrize("level", [30, 50, 70])
def test_it_is_as_loud_as_the_far_end_describes_it(level: int) -> None:
    noise = Noise()
    noise.described(bytes([level]))
    assert loudness(noise.take(RATE)) == pytest.approx(32_768 * 10 ** (-level / 20), rel=0.1)


def test_its_colour_is_the_far_ends_too() -> None:
    noise = Noise()
    noise.described(bytes([40, 127 - 90]))
    spectrum = np.abs(np.fft.rfft(noise.take(RATE).astype(float))) ** 2
    low, high, beyond = spectrum[100:1_000].sum(), spectrum[3_000:3_900].sum(), spectrum[4_100:].sum()
    assert low > 5 * high
    assert beyond < 0.01 * low


@pytest.mark.parametrize("payload", [b"", b"\xff", bytes(40), b"\x00" + b"\xff" * 40, bytes(range(256))])
def test_no_description_is_too_odd(payload: bytes) -> None:
    noise = Noise()
    noise.described(payload)
    assert len(noise.take(960)) == 960


def test_what_is_ahead_is_what_is_taken_next() -> None:
    noise = Noise()
    noise.described(b"\x28")
    ahead = noise.ahead(100)
    assert np.array_equal(noise.take(100), ahead)
    noise.mute()
    assert not noise.take(100).any()
