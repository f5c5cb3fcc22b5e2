"""How loud a moment is, on the seed's two scales (Voice JS SDK v1, volume; Web Audio API, AnalyserNode)."""

import numpy as np
import numpy.typing as npt

WINDOW_SAMPLES = 32
WINDOW_BYTES = 2 * WINDOW_SAMPLES
BINS = WINDOW_SAMPLES // 2
SMOOTHING = 0.3
VOLUME_DB = -100.0, -30.0
LEVEL_DB = -127.0, 0.0
FULL_LEVEL = 32767

Spectrum = npt.NDArray[np.float64]


class Meter:
    """The volume of one direction, from 0 to 1: it remembers a little of the moment before."""

    def __init__(self) -> None:
        self._smoothed = np.zeros(BINS)

    def volume(self, spectrum: Spectrum) -> float:
        """Return the mean of the bins between -100 and -30 dB."""
        self._smoothed = SMOOTHING * self._smoothed + (1 - SMOOTHING) * spectrum
        return float(scaled(self._smoothed, VOLUME_DB).mean()) / 255


def level(spectrum: Spectrum) -> float:
    """Return the level of a moment, 0 to 32767: the mean of the bins between -127 and 0 dB."""
    return float(scaled(spectrum, LEVEL_DB).mean()) / 255 * FULL_LEVEL


def spectrum(pcm: bytes) -> Spectrum:
    """Return the magnitudes of 16 bins of the last 32 samples (mono S16LE; what is missing is silence before it)."""
    samples = np.frombuffer(pcm[-WINDOW_BYTES:].rjust(WINDOW_BYTES, b"\0"), np.int16)
    return magnitudes(samples / 32768)


def magnitudes(samples: npt.NDArray[np.float64]) -> Spectrum:
    """Return the magnitudes of 16 bins of 32 samples between -1 and 1."""
    return np.abs(_TRANSFORM @ samples)


def scaled(spectrum: Spectrum, range_db: tuple[float, float]) -> npt.NDArray[np.float64]:
    """Return each bin as a whole number, 0 at the lower end of the range and 255 at the upper (Web Audio, 1.8.5)."""
    low, high = range_db
    decibels = 20 * np.log10(np.maximum(spectrum, _SILENCE))
    return np.clip(np.floor(255 / (high - low) * (decibels - low)), 0, 255)


def _transform() -> npt.NDArray[np.complex128]:
    """Blackman window, Fourier transform and scale in one: 32 samples are too few for a fast transform to pay."""
    at = np.arange(WINDOW_SAMPLES)
    phase = 2 * np.pi * at / WINDOW_SAMPLES
    window = 0.42 - 0.5 * np.cos(phase) + 0.08 * np.cos(2 * phase)
    turns = np.outer(np.arange(BINS), at) / WINDOW_SAMPLES
    return np.asarray(np.exp(-2j * np.pi * turns) * window / WINDOW_SAMPLES)


_SILENCE = 1e-10
_TRANSFORM = _transform()
