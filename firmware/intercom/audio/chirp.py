"""A rising tone that is easy to find again, and what a recording of a few of them tells of microphone and speaker."""

import operator
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from intercom.audio.frames import RATE

LEAD_MS, CHIRP_MS, PERIOD_MS, CHIRPS = 1000, 300, 1200, 4
LONGEST_ECHO_MS = 700
LENGTH_MS = LEAD_MS + CHIRPS * PERIOD_MS
LOWEST_HZ, HIGHEST_HZ = 300.0, 6000.0
PEAK = 0.5
EDGE_MS = 10
FULL_SCALE = 32767
CLIPPED = 32700
CLEAR = 8.0  # how far a chirp's peak must stand out of the rest; noise alone reaches 5 to 6
FLOOR_DBFS = -120.0
ROUND_MS = 20  # what rings on after the peak is the room, within this on both sides the chirp

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Found:
    """What the microphone made of the chirps; levels are RMS, in dB below a full-scale square wave.

    `at_ms`: where the first chirp lies in the recording, and `drift_ppm`: how much faster the microphone's clock runs
    than the speaker's; both None where the chirps were not heard, as `level_dbfs` is.
    """

    noise_dbfs: float
    clipped_share: float
    is_dead: bool
    heard: int = 0
    at_ms: float | None = None
    level_dbfs: float | None = None
    drift_ppm: float | None = None

    @property
    def echo_loss_db(self) -> float | None:
        """How much quieter the microphone hears the speaker than what the speaker was given."""
        return None if self.level_dbfs is None else played_dbfs() - self.level_dbfs


def programme() -> bytes:
    """Return what is to be played: a second of silence, then the chirps with pauses between; mono, S16LE, 48 kHz."""
    sound = np.zeros(_samples(LENGTH_MS))
    for begin in _begins():
        sound[begin : begin + len(_chirp())] = _chirp()
    return np.rint(sound * FULL_SCALE).astype(np.int16).tobytes()


def played_dbfs() -> float:
    """Return the level of a chirp as it is played."""
    return _dbfs(_chirp())


def find(recording: bytes) -> Found:
    """Return what is heard in a recording that began when the programme did, and is at least as long."""
    sound = np.frombuffer(recording, np.int16) / (FULL_SCALE + 1)
    noise_dbfs = _dbfs(sound[: _samples(LEAD_MS)])
    clipped_share = float(np.mean(np.abs(sound) >= CLIPPED / (FULL_SCALE + 1)))
    lags = [lag for begin in _begins() if (lag := _lag(sound[begin : begin + _samples(PERIOD_MS)])) is not None]
    if len(lags) < CHIRPS:
        return Found(noise_dbfs, clipped_share, is_dead=not sound.any(), heard=len(lags))
    powers = [_power(sound[at : at + len(_chirp())]) for at in map(operator.add, _begins(), map(round, lags))]
    slope = np.polyfit(_begins(), lags, 1)[0]
    return Found(
        noise_dbfs,
        clipped_share,
        is_dead=False,
        heard=len(lags),
        at_ms=(_begins()[0] + lags[0]) * 1000 / RATE,
        level_dbfs=_decibels(float(np.mean(powers)) - _power(sound[: _samples(LEAD_MS)])),
        drift_ppm=float(slope) * 1e6,
    )


def _lag(part: Floats) -> float | None:
    """Return how many samples after its beginning the chirp is heard, to a fraction of one; None: it is not."""
    size = 1 << (len(part) + len(_chirp()) - 1).bit_length()
    spectrum = np.fft.rfft(part, size) * np.conj(np.fft.rfft(_chirp(), size))
    likeness = np.abs(np.fft.irfft(spectrum, size)[: _samples(LONGEST_ECHO_MS)])
    at, near = int(np.argmax(likeness)), _samples(ROUND_MS)
    rest = np.concatenate([likeness[: max(0, at - near)], likeness[at + 10 * near :]])
    if likeness[at] == 0 or likeness[at] < CLEAR * np.sqrt(np.mean(rest**2)):
        return None
    return at + _summit(likeness[at - 1 : at + 2])


def _summit(three: Floats) -> float:
    """Return where between -1 and 1 the parabola through three values is highest."""
    if len(three) < 3 or (bend := three[0] - 2 * three[1] + three[2]) == 0:
        return 0.0
    return float((three[0] - three[2]) / (2 * bend))


def _begins() -> list[int]:
    return [_samples(LEAD_MS + number * PERIOD_MS) for number in range(CHIRPS)]


@cache
def _chirp() -> Floats:
    """Rise through the voice's band, each octave taking as long; peak 1 is full scale."""
    seconds = np.arange(_samples(CHIRP_MS)) / RATE
    length_s, octaves = CHIRP_MS / 1000, np.log(HIGHEST_HZ / LOWEST_HZ)
    phase = 2 * np.pi * LOWEST_HZ * length_s / octaves * (np.exp(seconds / length_s * octaves) - 1)
    edge_s = EDGE_MS / 1000
    envelope = np.clip(np.minimum(seconds, seconds[-1] - seconds) / edge_s, 0, 1)
    return np.asarray(PEAK * envelope * np.sin(phase))


def _power(sound: Floats) -> float:
    return float(np.mean(sound**2)) if len(sound) else 0.0


def _dbfs(sound: Floats) -> float:
    return _decibels(_power(sound))


def _decibels(power: float) -> float:
    return max(FLOOR_DBFS, 10 * float(np.log10(power))) if power > 0 else FLOOR_DBFS


def _samples(length_ms: int) -> int:
    return length_ms * RATE // 1000
