"""Volume and level, against a browser's analysers."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.quality.volume import LEVEL_DB, VOLUME_DB, WINDOW_BYTES, Meter, level, magnitudes, scaled, spectrum
from tests.vectors.read import vectors

CASES = vectors("volume")["cases"]
ONE_COUNT = 1 / 255


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["signal"])
def test_bins_volumes_and_levels_are_a_browsers_within_a_count(case: dict[str, Any]) -> None:
    meter = Meter()
    for poll in case["polls"]:
        now = magnitudes(np.array(poll["window"], float))
        assert meter.volume(now) == pytest.approx(poll["volume"], abs=ONE_COUNT)
        assert level(now) == pytest.approx(poll["level"], abs=32767 * ONE_COUNT)
        assert np.abs(scaled(meter._smoothed, VOLUME_DB) - poll["bytes"]).max() <= 1
        assert np.abs(scaled(now, LEVEL_DB) - poll["bytes_wide"]).max() <= 1


@given(st.lists(st.binary(max_size=2 * WINDOW_BYTES).filter(lambda pcm: len(pcm) % 2 == 0)))
def test_any_sound_stays_on_the_scales(sounds: list[bytes]) -> None:
    meter = Meter()
    for sound in sounds:
        assert 0 <= meter.volume(spectrum(sound)) <= 1
        assert 0 <= level(spectrum(sound)) <= 32767


def test_only_the_last_32_samples_count_and_silence_stands_for_missing_ones() -> None:
    loud, silent = b"\xff\x7f" * 32, bytes(WINDOW_BYTES)
    assert level(spectrum(loud + silent)) == level(spectrum(b"")) == 0
    assert level(spectrum(loud[:32])) == level(spectrum(silent + loud[:32])) > 0
