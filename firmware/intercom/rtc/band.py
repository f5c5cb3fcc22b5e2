"""Between 48 kHz and the 8 kHz of the telephone band, packet by packet.

Flat to 3.4 kHz, 60 dB down from 4.6 kHz on, so that nothing is folded into what is below 3.4 kHz; both ways delay by
1.5 ms.  Samples are float32 of the range of S16.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

Sound = npt.NDArray[np.float32]
FACTOR = 6
HALF_TAPS = 72  # at 48 kHz: the delay
TAPS = 2 * HALF_TAPS + 1
DELAY_MS = 1.5
CUTOFF = 4_000 / 48_000
KAISER_BETA = 5.65  # 60 dB


class Down:
    """48 kHz to 8 kHz."""

    def __init__(self) -> None:
        self._past = np.zeros(TAPS - 1, np.float32)

    def convert(self, sound: Sound) -> Sound:
        """Take a multiple of FACTOR samples, return as many of them as that."""
        sound = np.concatenate((self._past, sound))
        self._past = sound[1 - TAPS :]
        rows = (sound.size - TAPS) // FACTOR + 1
        windows = np.ndarray((rows, TAPS), np.float32, sound, strides=(4 * FACTOR, 4))
        down: Sound = np.dot(windows, low_pass())
        return down


class Up:
    """8 kHz to 48 kHz."""

    def __init__(self) -> None:
        self._past = np.zeros(len(_phases()) - 1, np.float32)

    def convert(self, sound: Sound) -> Sound:
        """Take any number of samples, return FACTOR times as many."""
        phases = _phases()
        sound = np.concatenate((self._past, sound))
        self._past = sound[1 - len(phases) :]
        windows = np.ndarray((sound.size - len(phases) + 1, len(phases)), np.float32, sound, strides=(4, 4))
        up: Sound = np.dot(windows, phases)
        return up.ravel()


@cache
def low_pass() -> Sound:
    """Return the taps, symmetric, of gain 1."""
    at = np.arange(-HALF_TAPS, HALF_TAPS + 1)
    taps = np.sinc(2 * CUTOFF * at) * np.kaiser(TAPS, KAISER_BETA)
    return np.asarray(taps / taps.sum(), np.float32)


@cache
def _phases() -> Sound:
    """Return for each sample that is looked at, the oldest first, its share in each of FACTOR new ones."""
    taps = np.pad(low_pass() * FACTOR, (0, -TAPS % FACTOR))
    return np.ascontiguousarray(taps.reshape(-1, FACTOR)[::-1])
