"""A room that is computed: what its microphone hears of its speaker, and of who speaks in it."""

import functools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.interpolate import CubicSpline
from scipy.signal import fftconvolve, resample_poly

from intercom.audio.frames import RATE
from intercom.audio.processing import Processing
from tests.rig.espeak import spoken

Sound = npt.NDArray[np.float64]

VOICES = {
    "en-us": "The quick brown fox jumps over the lazy dog while the visitor waits at the door and talks about the "
    "weather. Please come in, the office is on the third floor, turn left behind the stairs. ",
    "en-gb+f3": "Yes, I can hear you very well. Could you tell me your name please, and who you want to see today? "
    "The lift does not work since Monday, we sent a message about that to all tenants. ",
}


@dataclass(frozen=True, slots=True)
class Room:
    """`return_db`: how loud all of the echo comes back; `way_ms`: how late at first; `noise`: RMS, of 32768.

    `drift_ppm`: how much faster the microphone's clock runs than the speaker's.
    """

    return_db: float = -12.0
    way_ms: float = 5.0
    t60_s: float = 0.25
    noise: float = 10.0
    drift_ppm: float = 0.0

    def hears(self, played: Sound, spoken: Sound | float = 0.0) -> Sound:
        """Return what the microphone gives; `spoken` is as it comes to the microphone."""
        noise = np.random.default_rng(5).normal(0, self.noise, len(played)) if self.noise else 0.0
        return np.asarray(self._echo(played) + noise + spoken)

    def _echo(self, played: Sound) -> Sound:
        echo = fftconvolve(played, self._response())[: len(played)]
        if not self.drift_ppm:
            return np.asarray(echo)
        fine = resample_poly(echo, 4, 1)
        times = np.arange(len(echo)) / (1 + self.drift_ppm * 1e-6)
        return np.asarray(CubicSpline(np.arange(len(fine)) / 4, fine)(times))

    def _response(self) -> Sound:
        """Return the straight way, 2 ms of nothing, and walls for 100 ms."""
        times = np.arange(RATE // 10) / RATE
        walls = 0.3 * np.random.default_rng(1).normal(0, 1, len(times)) * 10 ** (-3 * times / self.t60_s)
        walls[:96] = 0
        walls[0] = 1
        walls *= 10 ** (self.return_db / 20) / np.sqrt(np.sum(walls**2))
        return np.concatenate([np.zeros(round(self.way_ms * RATE / 1000)), walls])


@functools.cache
def speech(voice: str, seconds: float, *, dbfs: float = -20.0) -> Sound:
    """Return espeak-ng reading without end; `dbfs` is the RMS of what is not silent."""
    sound = spoken(20 * VOICES[voice], voice)[: round(seconds * RATE)]
    return np.asarray(sound * 10 ** (dbfs / 20) * 32768 / np.std(sound[np.abs(sound) > 50]))


def quiet(seconds: float) -> Sound:
    return np.zeros(round(seconds * RATE))


def sent(
    processing: Processing, heard: Sound, played: Sound, *, queued_ms: int = 15, period_ms: int = 5, frame_ms: int = 20
) -> Sound:
    """Return what a call sends: both threads by turns, what is played being given `queued_ms` ahead."""
    near, far = _pcm(heard), _pcm(played)
    frame, period, ahead = (RATE // 1000 * 2 * ms for ms in (frame_ms, period_ms, queued_ms))
    given, frames = 0, []
    for end in range(frame, len(near) + 1, frame):
        while given + period <= min(end + ahead, len(far)):
            given += period
            processing.far(far[given - period : given], ends_at=given / 2 / RATE)
        frames.append(processing.near(near[end - frame : end], at=end / 2 / RATE))
    return np.frombuffer(b"".join(frames), np.int16).astype(np.float64)


def weaker_db(sound: Sound, than: Sound, *, from_s: float, to_s: float | None = None) -> float:
    """Return by how much."""
    part = slice(round(from_s * RATE), None if to_s is None else round(to_s * RATE))
    return float(10 * np.log10(np.mean(than[part] ** 2) / max(float(np.mean(sound[part] ** 2)), 1e-6)))


def _pcm(sound: Sound) -> bytes:
    return np.clip(np.rint(sound), -32768, 32767).astype(np.int16).tobytes()
