"""How loud a moment is, on the seed's two scales (Voice JS SDK v1, volume; Web Audio API, AnalyserNode).

All directions and both scales go through each step of numpy together: of so few numbers it is the steps that cost.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

WINDOW_SAMPLES = 32
WINDOW_BYTES = 2 * WINDOW_SAMPLES
BINS = WINDOW_SAMPLES // 2
SMOOTHING = 0.3
VOLUME_DB = -100.0, -30.0
LEVEL_DB = -127.0, 0.0
FULL_LEVEL = 32767
MOST = 255

Numbers = npt.NDArray[np.float64]


class Loudness(NamedTuple):
    """`volume`, from 0 to 1, remembers a little of the moment before; `level`, from 0 to 32767, does not."""

    volume: float
    level: float


class Meter:
    """Measures one moment after the other of some directions of sound."""

    def __init__(self, directions: int) -> None:
        self._smoothed = np.zeros((directions, BINS))

    def hear(self, *sounds: bytes) -> list[Loudness]:
        """Measure the last 32 samples of each direction (mono S16LE; what is missing is silence before it)."""
        windows = b"".join([pcm[-WINDOW_BYTES:].rjust(WINDOW_BYTES, b"\0") for pcm in sounds])
        return self.measure(np.frombuffer(windows, np.int16).reshape(len(sounds), WINDOW_SAMPLES) / 32768)

    def measure(self, windows: Numbers) -> list[Loudness]:
        """Measure 32 samples, between -1 and 1, of each direction."""
        volumes, levels = (self.bins(windows).sum(axis=-1) / (MOST * BINS)).tolist()
        return [Loudness(volume, level * FULL_LEVEL) for volume, level in zip(volumes, levels, strict=True)]

    def bins(self, windows: Numbers) -> Numbers:
        """Return 16 bins of each direction on each scale, as whole numbers from 0 to 255 (Web Audio, 1.8.5)."""
        spectrum = np.abs(windows @ _TRANSFORM)
        self._smoothed = SMOOTHING * self._smoothed + (1 - SMOOTHING) * spectrum
        both = np.stack((self._smoothed, spectrum))
        counts = np.floor(np.log10(np.maximum(both, _SILENCE)) * _STEEPNESS + _OFFSET)
        return np.asarray(np.minimum(np.maximum(counts, 0), MOST))


def _transform() -> npt.NDArray[np.complex128]:
    """Blackman window, Fourier transform and scale in one: 32 samples are too few for a fast transform to pay."""
    at = np.arange(WINDOW_SAMPLES)
    phase = 2 * np.pi * at / WINDOW_SAMPLES
    window = 0.42 - 0.5 * np.cos(phase) + 0.08 * np.cos(2 * phase)
    turns = np.outer(at, np.arange(BINS)) / WINDOW_SAMPLES
    return np.asarray(np.exp(-2j * np.pi * turns) * window[:, None] / WINDOW_SAMPLES)


_SILENCE = 1e-10
_TRANSFORM = _transform()
# Of volume and level: how many counts a factor of ten is, and how many 1.0 is.
_LOW, _HIGH = np.array((VOLUME_DB, LEVEL_DB)).T[:, :, None, None]
_STEEPNESS = 20 * MOST / (_HIGH - _LOW)
_OFFSET = -_LOW * MOST / (_HIGH - _LOW)
