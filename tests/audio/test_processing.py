"""What is done to the microphone: the real engine, in a room that is computed."""

import sys

import numpy as np
import numpy.typing as npt
import pytest

from intercom.audio.frames import FRAME_BYTES, FRAME_MS, FRAME_SAMPLES, RATE
from intercom.audio.processing import Processing, Treatment, treatment
from intercom.call.ports import AudioConstraints
from intercom.settings import schema

Sound = npt.NDArray[np.float64]

SECONDS = 6
PERIOD_SAMPLES = RATE // 100
QUEUED_MS = 30


def murmur(seed: int) -> Sound:
    """Noise in syllables, within the band of speech."""
    random = np.random.default_rng(seed)
    noise = np.fft.rfft(random.standard_normal(SECONDS * RATE))
    hertz = np.fft.rfftfreq(SECONDS * RATE, 1 / RATE)
    band = np.fft.irfft(noise * ((hertz > 200) & (hertz < 3500)))
    syllables = np.sin(np.pi * 4 * np.arange(len(band)) / RATE) ** 2
    return np.asarray(3000 * band / band.std() * syllables)


def echoed(far: Sound, *, delay_ms: int) -> Sound:
    """Return what a room gives back of it: later, 12 dB weaker, with a tail of 100 ms."""
    tail = np.random.default_rng(7).standard_normal(RATE // 10) * np.exp(-np.arange(RATE // 10) / (RATE / 60))
    echo = np.fft.irfft(np.fft.rfft(far, 2 * len(far)) * np.fft.rfft(tail, 2 * len(far)))[: len(far)]
    echo = np.roll(echo, delay_ms * RATE // 1000)
    echo[: delay_ms * RATE // 1000] = 0
    return np.asarray(echo * (far.std() / echo.std() / 4))


def processed(processing: Processing, near: Sound, far: Sound) -> Sound:
    """Let both threads move a frame by turns, in periods of 10 ms."""
    heard, played = near.astype(np.int16).tobytes(), far.astype(np.int16).tobytes()
    processing.prepare()
    frames = []
    for at in range(0, len(heard), FRAME_BYTES):
        for half in (at, at + FRAME_BYTES // 2):
            processing.far(played[half : half + FRAME_BYTES // 2], delay_ms=QUEUED_MS)
        frames.append(processing.near(heard[at : at + FRAME_BYTES]))
        assert len(frames[-1]) == FRAME_BYTES
    return np.frombuffer(b"".join(frames), np.int16).astype(np.float64)


def db(one: Sound, other: Sound, *, from_s: float) -> float:
    """Return by how much one is stronger than the other, from a second on."""
    begin = round(from_s * RATE)
    return float(20 * np.log10(one[begin:].std() / max(other[begin:].std(), 1e-3)))


@pytest.mark.parametrize("delay_ms", [QUEUED_MS + FRAME_MS, 120])
def test_the_echo_goes_within_two_seconds(delay_ms: int) -> None:
    far = murmur(1)
    near = echoed(far, delay_ms=delay_ms)
    assert db(near, processed(Processing(Treatment(echo=True)), near, far), from_s=2) > 20
    assert db(near, processed(Processing(Treatment()), near, far), from_s=2) == pytest.approx(0, abs=0.1)


def test_who_speaks_here_is_heard_where_nothing_plays() -> None:
    near = murmur(2)
    assert abs(db(near, processed(Processing(Treatment(echo=True)), near, np.zeros(len(near))), from_s=2)) < 3


def test_steady_noise_goes_and_speech_stays() -> None:
    noise = np.random.default_rng(3).standard_normal(SECONDS * RATE) * 300
    silence = np.zeros(len(noise))
    assert db(noise, processed(Processing(Treatment(noise=True)), noise, silence), from_s=2) > 6
    speech = murmur(4)
    assert abs(db(speech, processed(Processing(Treatment(noise=True)), speech, silence), from_s=2)) < 6


def test_a_quiet_voice_is_lifted_by_the_gain_control() -> None:
    quiet = murmur(5) / 20
    assert db(processed(Processing(Treatment(level=True)), quiet, np.zeros(len(quiet))), quiet, from_s=3) > 3


def test_without_the_engine_the_sound_passes_and_status_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "livekit.rtc.apm", None)
    processing = Processing(Treatment(echo=True, noise=True, gain_db=-6.0))
    voice = murmur(6)[: 10 * FRAME_SAMPLES]
    assert db(voice, processed(processing, voice, voice), from_s=0) == pytest.approx(6, abs=0.1)
    status = processing.status()
    assert (status["echo"], status["noise"], status["gain_db"]) == (False, False, -6.0)
    assert "livekit is not installed" in status["why"]


def test_what_nobody_asked_for_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "livekit.rtc.apm", None)
    processing = Processing(Treatment(gain_db=3.0))
    processing.prepare()
    assert processing.status()["why"] == ""


@pytest.mark.parametrize(
    ("constraints", "wanted"),
    [
        (None, Treatment(echo=True)),
        (AudioConstraints(), Treatment(echo=True)),
        (AudioConstraints(echo_cancellation=False, noise_suppression=True), Treatment(noise=True)),
        (AudioConstraints(auto_gain_control=True, gain_db=2.5), Treatment(echo=True, level=True, gain_db=2.5)),
    ],
)
def test_a_call_has_what_is_set_but_for_what_it_chooses(
    constraints: AudioConstraints | None, wanted: Treatment
) -> None:
    assert treatment(schema.Audio(echo=True), constraints) == wanted
