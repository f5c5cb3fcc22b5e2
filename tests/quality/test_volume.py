"""Volume and level, against a browser's analysers."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.quality.volume import BINS, WINDOW_BYTES, Loudness, Meter
from tests.vectors.read import vectors

CASES = vectors("volume")["cases"]
ONE_COUNT = 1 / 255
LOUD, SILENT = b"\xff\x7f" * 32, bytes(WINDOW_BYTES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["signal"])
def test_volumes_and_levels_are_a_browsers_within_a_count(case: dict[str, Any]) -> None:
    meter = Meter(directions=1)
    for poll in case["polls"]:
        (heard,) = meter.measure(np.array([poll["window"]], float))
        assert heard.volume == pytest.approx(poll["volume"], abs=ONE_COUNT)
        assert heard.level == pytest.approx(poll["level"], abs=32767 * ONE_COUNT)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["signal"])
def test_each_bin_is_a_browsers_within_a_count(case: dict[str, Any]) -> None:
    meter = Meter(directions=1)
    for poll in case["polls"]:
        bins = meter.bins(np.array([poll["window"]], float))
        assert bins.shape == (2, 1, BINS)
        assert np.abs(bins[:, 0] - [poll["bytes"], poll["bytes_wide"]]).max() <= 1


sounds = st.binary(max_size=2 * WINDOW_BYTES).filter(lambda pcm: len(pcm) % 2 == 0)


@given(st.lists(st.tuples(sounds, sounds)))
def test_any_sound_stays_on_the_scales_and_two_directions_do_not_touch_each_other(
    moments: list[tuple[bytes, bytes]],
) -> None:
    both, ours, theirs = Meter(directions=2), Meter(directions=1), Meter(directions=1)
    for one, other in moments:
        heard = both.hear(one, other)
        assert all(0 <= each.volume <= 1 and 0 <= each.level <= 32767 for each in heard)
        for each, alone in zip(heard, [*ours.hear(one), *theirs.hear(other)], strict=True):
            assert each.volume == pytest.approx(alone.volume, abs=ONE_COUNT)
            assert each.level == pytest.approx(alone.level, abs=32767 * ONE_COUNT)


def test_only_the_last_32_samples_count_and_silence_stands_for_missing_ones() -> None:
    meter = Meter(directions=1)
    assert meter.hear(LOUD + SILENT) == meter.hear(b"") == [Loudness(0, 0)]
    assert meter.hear(LOUD[:32])[0].level == meter.hear(SILENT + LOUD[:32])[0].level > 0


def test_the_volume_remembers_and_the_level_does_not() -> None:
    meter = Meter(directions=1)
    (loud,) = meter.hear(LOUD)
    (after,) = meter.hear(SILENT)
    assert loud.volume > after.volume > 0
    assert after.level == 0
