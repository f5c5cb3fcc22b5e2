"""A tone stays clean from any rate to ours and back."""

import numpy as np
import numpy.typing as npt
import pytest

from intercom.audio.frames import RATE
from intercom.audio.resampler import Resampler

RATES = [8_000, 16_000, 22_050, 32_000, 44_100, 96_000]


@pytest.mark.parametrize(("from_rate", "to_rate"), [(rate, RATE) for rate in RATES] + [(RATE, rate) for rate in RATES])
def test_a_tone_keeps_its_level_and_gains_no_noise(from_rate: int, to_rate: int) -> None:
    sound = tone(1000, from_rate)
    resampler = Resampler(from_rate, to_rate)
    period = from_rate // 100 * 2
    pieces = [resampler.feed(sound[at : at + period]) for at in range(0, len(sound), period)]
    heard = np.frombuffer(b"".join(pieces), np.int16)
    assert 0 <= to_rate - len(heard) <= to_rate / 500
    level_db, noise_db = analyse(heard[len(heard) // 4 : -len(heard) // 4], 1000, to_rate)
    assert level_db == pytest.approx(0, abs=0.05)
    assert noise_db < -75


def test_what_a_lower_rate_can_not_carry_is_gone() -> None:
    heard = np.frombuffer(Resampler(RATE, 8_000).feed(tone(7000, RATE)), np.int16)
    assert np.abs(heard[1000:-1000]).max() < 20


def test_equal_rates_change_nothing() -> None:
    assert Resampler(RATE, RATE).feed(sound := tone(1000, RATE)) is sound


def tone(hertz: float, rate: int) -> bytes:
    """One second at a peak of 20 000."""
    return (20_000 * np.sin(2 * np.pi * hertz * np.arange(rate) / rate)).astype(np.int16).tobytes()


def analyse(heard: npt.NDArray[np.int16], hertz: float, rate: int) -> tuple[float, float]:
    """Return the tone's level against 20 000 and that of all else against the tone, in dB."""
    phase = 2 * np.pi * hertz * np.arange(len(heard)) / rate
    basis = np.stack([np.sin(phase), np.cos(phase)], axis=1)
    parts = np.linalg.lstsq(basis, heard.astype(float), rcond=None)[0]
    rest = heard - basis @ parts
    peak = float(np.hypot(*parts))
    return 20 * float(np.log10(peak / 20_000)), 10 * float(np.log10(np.mean(rest**2) / (peak**2 / 2)))
