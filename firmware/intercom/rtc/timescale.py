"""Sound made a little longer or shorter, without a seam and at the same pitch."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from intercom.rtc.coding import Samples

LEAST = 960  # samples that a change by one period needs
SHORTEST, LONGEST, STEP = 120, 480, 4  # samples of a period: 400 to 100 Hz; looked for in means of four

Floats = npt.NDArray[np.float32]


def period(sound: Samples) -> tuple[int, float]:
    """Return the period at the beginning of at least `LEAST` samples, and how alike two of them are, -1 to 1."""
    whole = sound[:LEAST].astype(np.float32)
    coarse = whole.reshape(-1, STEP).mean(axis=1)
    lag, _ = _best(coarse, LONGEST // STEP, SHORTEST // STEP, LONGEST // STEP)
    near = lag * STEP
    return _best(whole, LONGEST, max(SHORTEST, near - STEP), min(LONGEST, near + STEP))


def shrink(sound: Samples, length: int) -> Samples:
    """Make the first two periods one: the first fades into the second."""
    return np.concatenate([cross_fade(sound[:length], sound[length : 2 * length]), sound[2 * length :]])


def stretch(sound: Samples, length: int) -> Samples:
    """Say the first period once more: the second fades into the first."""
    between = cross_fade(sound[length : 2 * length], sound[:length])
    return np.concatenate([sound[:length], between, sound[length:]])


def nudge(sound: Samples, samples: int) -> Samples:
    """Make it one sample longer (1) or shorter (-1), spread over its whole length, by cubic interpolation."""
    base, weights = _taps(len(sound), samples)
    taps = sound.astype(np.float32)[base]
    return _rounded((taps * weights).sum(axis=0))


def cross_fade(old: Samples, new: Samples) -> Samples:
    """Return a sound as long as both: the old one at its beginning, the new one at its end."""
    rising = _rising(len(new))
    return _rounded(old + (new.astype(np.float32) - old) * rising)


def _best(sound: Floats, length: int, least: int, most: int) -> tuple[int, float]:
    """Return the lag at which the sound is most like its first `length` samples, and how much."""
    first = sound[:length]
    products = np.correlate(sound[least : most + length], first)
    energies = np.concatenate([[0.0], np.cumsum(np.square(sound, dtype=np.float64))])
    later = energies[least + length : most + length + 1] - energies[least : most + 1]
    likeness = products / np.sqrt(energies[length] * later + 1.0)
    at = int(likeness.argmax())
    return least + at, float(likeness[at])


@lru_cache(maxsize=32)
def _rising(length: int) -> Floats:
    return np.arange(length, dtype=np.float32) / np.float32(max(length, 1))


@lru_cache(maxsize=16)
def _taps(length: int, samples: int) -> tuple[npt.NDArray[np.intp], Floats]:
    """Return which four samples make each new one, and how much each counts (Catmull and Rom's spline)."""
    at = np.linspace(0, length - 1, length + samples)
    whole = np.minimum(at.astype(np.intp), length - 2)
    t = at - whole
    weights = 0.5 * np.stack([-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, t**3 - t**2])
    base = np.clip(whole + np.arange(-1, 3)[:, None], 0, length - 1)
    return base, weights.astype(np.float32)


def _rounded(sound: Floats) -> Samples:
    return np.clip(np.rint(sound), -32768, 32767).astype(np.int16)
