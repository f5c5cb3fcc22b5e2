"""Digits as tones within the voice: each of them heard through real codecs, none heard where people talk."""

import io
import subprocess
import wave

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intercom.audio.frames import FRAME_BYTES, RATE
from intercom.audio.resampler import Resampler
from intercom.audio.tones import CADENCES, Tone
from intercom.rtc.codecs import CODECS
from intercom.rtc.inband import COLUMNS, KEYS, ROWS, ToneEar
from tests.rtc.coding import coded

SENTENCES = """Who is there? I have a parcel for the second floor, number forty two. Please open the door.
One two three four five six seven eight nine zero. She sells sea shells by the sea shore. Ooh, aah, mmm, no no, hello!
Wir sind um halb neun weg. Où est la clé? The quick brown fox jumps over the lazy dog."""
VOICES = ["en-us", "en-us+f3", "en-gb+m3", "de", "de+f2", "fr", "fr+f4", "es", "it+croak", "en+whisper"]


def dialled(
    digits: str, *, tone_ms: int, gap_ms: int, peak: float = 3000, twist_db: float = 0, noise: float = 0, late: int = 0
) -> bytes:
    """Return the tones of digits, each note at `peak`, the columns' by `twist_db` louder; `late` samples in front."""
    time = np.arange(RATE * tone_ms // 1000) / RATE
    parts = [np.zeros(late)]
    for digit in digits:
        row, column = divmod(KEYS.index(digit), len(COLUMNS))
        low, high = (np.sin(2 * np.pi * hertz * time) for hertz in (ROWS[row], COLUMNS[column]))
        parts += [peak * (low + 10 ** (twist_db / 20) * high), np.zeros(RATE * gap_ms // 1000)]
    sound = np.concatenate([*parts, np.zeros(RATE // 5)])
    sound += np.random.default_rng(1).normal(0, noise, len(sound))
    return bytes(np.clip(sound, -32768, 32767).astype(np.int16).tobytes())


def heard(pcm: bytes, *, piece: int = FRAME_BYTES) -> str:
    ear = ToneEar()
    return "".join(ear.hear(pcm[at : at + piece]) for at in range(0, len(pcm), piece))


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("late", [0, 333, 777])
@pytest.mark.parametrize("noise", [0, 300])
def test_all_of_64_digits_of_60_ms_are_heard_through_a_codec(codec: str, late: int, noise: float) -> None:
    digits = KEYS * 4
    assert heard(coded(dialled(digits, tone_ms=60, gap_ms=60, noise=noise, late=late), codec)) == digits


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize(("peak", "twist_db"), [(200, 0), (16_000, 0), (3000, -6), (3000, 4)])
def test_quiet_and_loud_and_uneven_digits_are_heard(codec: str, peak: float, twist_db: float) -> None:
    assert heard(coded(dialled(KEYS, tone_ms=70, gap_ms=70, peak=peak, twist_db=twist_db), codec)) == KEYS


def test_a_long_digit_is_one_and_the_same_digit_again_is_two() -> None:
    assert heard(dialled("5", tone_ms=2000, gap_ms=60)) == "5"
    assert heard(dialled("55", tone_ms=60, gap_ms=60)) == "55"


@settings(max_examples=30, deadline=None)
@given(digits=st.text(KEYS, max_size=6), piece=st.integers(1, 3000), late=st.integers(0, 2000))
def test_it_does_not_matter_in_which_pieces_sound_comes(digits: str, piece: int, late: int) -> None:
    assert heard(dialled(digits, tone_ms=60, gap_ms=60, late=late), piece=2 * piece) == digits


def test_a_digit_that_was_heard_is_known_to_sound_until_it_has_ended() -> None:
    ear, pcm = ToneEar(), dialled("5", tone_ms=100, gap_ms=100)
    sounding = []
    for at in range(0, len(pcm), FRAME_BYTES):
        ear.hear(pcm[at : at + FRAME_BYTES])
        sounding.append(ear.is_sounding)
    assert sounding[:10] == [False] + [True] * 5 + [False] * 4


def speech(voice: str, *, pitch: int) -> bytes:
    """Return a minute of a voice (mono, S16LE, 48 kHz)."""
    said = subprocess.run(
        ["espeak-ng", "-v", voice, "-p", str(pitch), "--stdout", SENTENCES * 2],
        stdout=subprocess.PIPE,
        check=True,
        timeout=60,
    )
    with wave.open(io.BytesIO(said.stdout)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        return Resampler(file.getframerate(), RATE).feed(file.readframes(file.getnframes()))


@pytest.mark.parametrize("voice", VOICES)
def test_no_digit_is_heard_in_speech(voice: str) -> None:
    for pitch, codec in zip((20, 60, 90), ("opus", "pcmu", "opus"), strict=True):
        pcm = speech(voice, pitch=pitch)
        assert len(pcm) > 20 * RATE
        assert heard(coded(pcm, codec)) == ""


@pytest.mark.parametrize("name", CADENCES)
def test_no_digit_is_heard_in_the_tones_of_another_station(name: str) -> None:
    assert heard(coded(Tone(name).pull(5 * RATE), "opus")) == ""


def test_noise_and_silence_are_no_digits() -> None:
    noise = np.random.default_rng(1).normal(0, 5000, 60 * RATE).clip(-32768, 32767).astype(np.int16)
    assert heard(noise.tobytes()) == ""
    assert heard(bytes(10 * FRAME_BYTES)) == ""
