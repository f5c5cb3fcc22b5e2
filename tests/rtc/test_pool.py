"""The buffer between the network and the speaker."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.audio.frames import FRAME_BYTES, FRAME_SAMPLES, RATE
from intercom.rtc.pool import BOUND_MS, Pool

VOICE = b"\x01\x01" * FRAME_SAMPLES
SILENCE = bytes(FRAME_BYTES)
BOUND_SAMPLES = BOUND_MS * RATE // 1000


def test_it_waits_for_40_ms_before_it_plays() -> None:
    playout = Pool()
    playout.put(VOICE)
    assert playout.pull(FRAME_SAMPLES) == SILENCE
    playout.put(VOICE)
    assert playout.pull(FRAME_SAMPLES) == VOICE
    assert playout.silence_samples == 0


def test_when_it_runs_empty_it_plays_silence_counts_it_and_waits_again() -> None:
    playout = Pool()
    playout.put(VOICE * 2)
    assert playout.pull(2 * FRAME_SAMPLES + 10) == VOICE * 2 + bytes(20)
    assert playout.silence_samples == 10
    playout.put(VOICE)
    assert playout.pull(FRAME_SAMPLES) == SILENCE
    playout.put(VOICE)
    assert playout.pull(FRAME_SAMPLES) == VOICE


def test_above_its_bound_the_oldest_goes_until_40_ms_are_left() -> None:
    playout = Pool()
    frames = [bytes([number]) * FRAME_BYTES for number in range(1, 8)]
    for frame in frames:
        playout.put(frame)
    assert playout.dropped_samples == 5 * FRAME_SAMPLES
    assert playout.pull(2 * FRAME_SAMPLES) == frames[5] + frames[6]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3000)), max_size=20))
def test_it_returns_what_is_asked_for_in_order_and_never_holds_more_than_its_bound(
    steps: list[tuple[bool, int]],
) -> None:
    playout, put, played = Pool(), 0, array("H")
    for is_put, samples in steps:
        if is_put:
            playout.put(array("H", range(put + 1, put + samples + 1)).tobytes())
            put += samples
        else:
            pcm = array("H", playout.pull(samples))
            assert len(pcm) == samples
            played.extend(filter(None, pcm))
        assert 0 <= put - len(played) - playout.dropped_samples <= BOUND_SAMPLES
    assert list(played) == sorted(played)


def test_it_tells_how_long_sound_waits_in_it_and_which_share_was_missing() -> None:
    playout = Pool()
    playout.pull(FRAME_SAMPLES)
    assert (playout.wait_ms, playout.concealed_fraction) == (None, 0)
    playout.put(VOICE * 2)
    for _ in range(100):
        playout.pull(FRAME_SAMPLES // 2)
        playout.put(VOICE)
        playout.pull(FRAME_SAMPLES // 2)
    assert playout.wait_ms == pytest.approx(45, abs=5)  # 40 ms at rest, 20 more while a frame is there
    assert playout.concealed_fraction == 0
    playout.pull(200 * FRAME_SAMPLES)
    assert playout.concealed_fraction == pytest.approx(2 / 3, abs=0.02)
