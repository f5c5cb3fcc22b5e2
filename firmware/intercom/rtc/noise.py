"""The gentle noise of a line on which nobody speaks."""

from collections import deque
from functools import lru_cache
from random import Random  # numpy has one too, of 2.4 MiB

import numpy as np
import numpy.typing as npt
from numpy import fft  # it would be imported by its first use, amid the sound

from intercom.audio.frames import RATE
from intercom.rtc.coding import Samples

LENGTH = 32_768  # samples, after which it begins again without a seam
MOST_RMS = 60.0  # of noise that is learnt: -55 dB below the loudest
SPAN_SAMPLES, SPANS = RATE * 2, 3  # how far back the quietest frame is remembered
SPARSE = 8
NARROW_HZ = 8000  # the rate for which comfort noise of the static payload type is described
OVERLOAD = 32_768.0
SOFT_HZ = 500.0

Floats = npt.NDArray[np.float32]


class Noise:
    """As loud as the quietest frame of the last seconds, unless the far end describes its own (RFC 3389)."""

    def __init__(self) -> None:
        self._level = 0.0
        self._at = 0
        self._floors: deque[float] = deque([MOST_RMS], maxlen=SPANS)
        self._heard_samples = 0
        self._reflections: tuple[float, ...] | None = None
        _soft()  # made here, not amid the sound

    def hear(self, sound: Samples) -> None:
        """Learn from what the far end says."""
        sparse = sound[::SPARSE].astype(np.float32)
        rms = (float(sparse @ sparse) / max(1, len(sparse))) ** 0.5
        if self._heard_samples >= SPAN_SAMPLES:
            self._heard_samples = 0
            self._floors.append(MOST_RMS)
        self._heard_samples += len(sound)
        self._floors[-1] = min(self._floors[-1], rms)

    def learnt(self) -> None:
        """Sound from now on as what was heard."""
        self._reflections, self._level = None, min(self._floors)

    def described(self, payload: bytes) -> None:
        """Sound from now on as a comfort noise packet says: level in -dBov, then reflection coefficients."""
        self._level = OVERLOAD * 10 ** (-(payload[0] & 0x7F) / 20) if payload else 0.0
        self._reflections = tuple(258 * (byte - 127) / 32_768 for byte in payload[1:])

    def mute(self) -> None:
        """Be silent from now on."""
        self._level = 0.0

    def take(self, samples: int) -> Samples:
        """Return the next samples."""
        sound = self.ahead(samples)
        self._at = (self._at + samples) % LENGTH
        return sound

    def ahead(self, samples: int) -> Samples:
        """Return the next samples without taking them."""
        if self._level < 0.5:
            return np.zeros(samples, np.int16)
        wave = _soft() if self._reflections is None else _shaped(self._reflections)
        at = np.arange(self._at, self._at + samples) % LENGTH
        sound: Samples = np.clip(wave[at] * np.float32(self._level), -32768, 32767).astype(np.int16)
        return sound


@lru_cache(maxsize=1)
def _soft() -> Floats:
    """Return noise that falls by 6 dB an octave."""
    return _noise(1 / (1 + fft.rfftfreq(LENGTH, 1 / RATE) / SOFT_HZ))


@lru_cache(maxsize=8)
def _shaped(reflections: tuple[float, ...]) -> Floats:
    """Return noise of an all-pole filter's spectrum, which is narrow-band."""
    polynomial = np.ones(1)
    for reflection in reflections:
        longer = np.append(polynomial, 0.0)
        polynomial = longer + reflection * longer[::-1]
    frequencies = fft.rfftfreq(LENGTH, 1 / RATE)
    turns = np.exp(-2j * np.pi * np.outer(np.arange(len(polynomial)), frequencies / NARROW_HZ))
    shape = 1 / np.maximum(np.abs(polynomial @ turns), 1e-3)
    return _noise(np.where(frequencies < NARROW_HZ / 2, shape, 0.0))


def _noise(spectrum: npt.NDArray[np.float64]) -> Floats:
    """Return noise of rms 1."""
    random = Random(1)
    phases = np.array([2 * np.pi * random.random() for _ in spectrum])
    wave = fft.irfft(spectrum * np.exp(1j * phases), LENGTH)
    even: Floats = (wave / np.sqrt(np.mean(wave**2))).astype(np.float32)
    return even
