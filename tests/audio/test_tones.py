"""The station's own sounds: heard as the tables say, without clicks."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.audio.frames import FRAME_BYTES, RATE
from intercom.audio.tones import KEYS, RAMP_MS, SOUNDS, Cadence, Tone
from intercom.rtc.inband import key
from tests.rig.ear import listen
from tests.rig.simcard import Pcm


def samples(pcm: bytes) -> Pcm:
    return np.frombuffer(pcm, np.int16)


def length(cadence: Cadence) -> int:
    return sum(RATE * (note.on_ms + note.off_ms) // 1000 for note in cadence.notes)


@pytest.mark.parametrize("name", SOUNDS)
def test_each_note_sounds_at_one_of_its_frequencies_and_then_pauses(name: str) -> None:
    tone = Tone(name)
    for note in SOUNDS[name].notes:
        heard = listen(samples(tone.pull(RATE * note.on_ms // 1000)))
        assert any(abs(heard.hertz - hertz) < 0.04 * hertz for hertz in note.hertz)
        assert not any(tone.pull(RATE * note.off_ms // 1000))


@pytest.mark.parametrize("name", SOUNDS)
def test_no_tone_clicks_or_clips(name: str) -> None:
    cadence = SOUNDS[name]
    sound = samples(Tone(name).pull(2 * length(cadence))).astype(float)
    assert 0 < np.abs(sound).max() <= 32767 * cadence.peak
    steepest = 2 * np.pi * max(hertz for note in cadence.notes for hertz in note.hertz) / RATE
    assert np.abs(np.diff(sound)).max() <= 32767 * cadence.peak * (steepest + 1000 / RAMP_MS / RATE) + 1


@pytest.mark.parametrize("name", SOUNDS)
def test_a_tone_ends_after_its_times_or_never(name: str) -> None:
    cadence, tone = SOUNDS[name], Tone(name)
    tone.pull(length(cadence) * (cadence.times or 3) - 1)
    assert not tone.is_over
    tone.pull(1)
    assert tone.is_over == bool(cadence.times)
    assert any(tone.pull(RATE)) == (not cadence.times)


@given(st.sampled_from(sorted(SOUNDS)), st.lists(st.integers(0, 20_000), max_size=30))
def test_a_tone_is_the_same_in_pieces_of_any_size(name: str, pieces: list[int]) -> None:
    whole, parts = Tone(name), Tone(name)
    assert b"".join(parts.pull(piece) for piece in pieces) == whole.pull(sum(pieces))


def test_a_tone_that_is_ended_fades_within_one_pull() -> None:
    tone = Tone("ringback")
    before = samples(tone.pull(4800)).astype(float)
    tone.end()
    fading = samples(tone.pull(480)).astype(float)
    assert tone.is_over
    assert np.abs(np.diff(np.concatenate([before, fading]))).max() < np.abs(before).max() / 10
    assert abs(fading[-1]) < 50
    assert not any(tone.pull(480))


def test_no_two_tones_are_alike() -> None:
    for (_, first), (_, second) in combinations(SOUNDS.items(), 2):
        assert first.notes != second.notes


@pytest.mark.parametrize("name", KEYS)
def test_what_is_heard_here_of_our_digits_is_no_digit_to_a_far_end(name: str) -> None:
    pcm = Tone(name).pull(RATE // 10)
    assert not any(key(pcm[at : at + FRAME_BYTES]) for at in range(0, len(pcm) - FRAME_BYTES, 96))
