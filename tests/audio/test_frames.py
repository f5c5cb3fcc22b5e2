"""What holds for all sound: volumes, channels, frames."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.audio.frames import FRAME_BYTES, Framer, from_mono, gain, to_mono

sample = st.integers(-32768, 32767)
sounds = st.lists(sample, min_size=1, max_size=50)


def pcm(*samples: int) -> bytes:
    return np.array(samples, np.int16).tobytes()


@pytest.mark.parametrize(("percent", "factor"), [(0, 0.0), (50, 0.25), (100, 1.0)])
def test_volume_zero_is_silence_and_volume_hundred_changes_nothing(percent: int, factor: float) -> None:
    assert gain(percent) == factor


@given(sounds, st.integers(1, 8))
def test_equal_channels_are_the_mono_they_came_from(samples: list[int], channels: int) -> None:
    sound = pcm(*samples)
    assert to_mono(from_mono(sound, channels=channels), channels=channels) == sound


def test_different_channels_are_averaged() -> None:
    assert to_mono(pcm(100, 300, -32768, -32768), channels=2) == pcm(200, -32768)


@given(st.lists(st.binary(max_size=3 * FRAME_BYTES), max_size=20))
def test_frames_are_the_stream_cut_into_twenty_milliseconds(periods: list[bytes]) -> None:
    framer = Framer()
    frames = [frame for period in periods for frame in framer.feed(period)]
    stream = b"".join(periods)
    assert b"".join(frames) == stream[: len(stream) - len(stream) % FRAME_BYTES]
    assert all(len(frame) == FRAME_BYTES for frame in frames)
