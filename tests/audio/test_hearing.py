"""What a recording tells of a microphone, and what is said of it."""

import numpy as np
import pytest

from intercom.audio import hearing
from intercom.audio.frames import RATE


def recorded(*, tone: float = 0.0, noise: float = 0.0, seconds: float = 2.0, spoken: float = 1.0) -> bytes:
    """A tone for a part of the time over noise, by their amplitudes of full scale."""
    at = np.arange(int(RATE * seconds)) / RATE
    sound = tone * np.sin(2 * np.pi * 440 * at) * (at < spoken * seconds)
    sound += noise * np.random.default_rng(1).standard_normal(len(at))
    return np.clip(np.rint(sound * 32768), -32768, 32767).astype(np.int16).tobytes()


def test_levels_are_those_of_the_sound() -> None:
    heard = hearing.hear(recorded(tone=0.5, noise=0.001, spoken=0.5))
    assert heard.peak_dbfs == pytest.approx(-6.0, abs=0.2)
    assert heard.level_dbfs == pytest.approx(-12.0, abs=0.2)  # half of the time 3 dB below its peak
    assert heard.noise_dbfs == pytest.approx(-60.0, abs=0.5)
    assert heard.clipped_share == 0


@pytest.mark.parametrize(
    ("sound", "says"),
    [
        (recorded(), "nothing but zeros"),
        (recorded(tone=2.0), "cut off at its loudest"),
        (recorded(noise=0.03), "much noise"),
        (recorded(noise=0.003), "`audio.noise = true`"),
        (recorded(noise=0.0001), "very faint"),
    ],
    ids=["dead", "clipped", "loud", "noisy", "faint"],
)
def test_what_is_wrong_is_said_with_what_to_do(sound: bytes, says: str) -> None:
    assert says in " ".join(hearing.in_words(hearing.hear(sound)))


def test_of_a_good_microphone_only_the_levels_are_told() -> None:
    told = hearing.in_words(hearing.hear(recorded(tone=0.3, noise=0.0005, spoken=0.6)))
    assert len(told) == 1
    assert "dBFS" in told[0]
