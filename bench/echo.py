"""How much of the echo a canceller takes away, how soon, and what it leaves of who talks near it.  Pure, 16 kHz."""

import numpy as np

from bench.hearing import RATE, Sound

BLOCK_S = 0.1
SMOOTH_BLOCKS = 5
MOST_DB = 80.0
CONVERGED_DB = 20.0
FOR_BLOCKS = 10


def erle_db(echo: Sound, left: Sound) -> float:
    """Return by how many dB what is left is below the echo at the microphone, 80 at most."""
    return min(MOST_DB, 10 * float(np.log10((np.sum(echo**2) + 1e-9) / (np.sum(left**2) + 1e-9))))


def converged_s(echo: Sound, left: Sound) -> float:
    """Return after what time it was 20 dB or more for a second of far speech; all of the time, if it never was."""
    energies = np.array([_smooth(_energies(each)) for each in (echo, left)])
    spoken = np.flatnonzero(energies[0] > np.mean(energies[0]) / 10)
    is_low = energies[1][spoken] < energies[0][spoken] / 10 ** (CONVERGED_DB / 10)
    for begin in range(len(spoken) - FOR_BLOCKS):
        if is_low[begin : begin + FOR_BLOCKS].all():
            return float(spoken[begin] - spoken[0]) * BLOCK_S
    return len(echo) / RATE


def _energies(sound: Sound) -> Sound:
    block = int(BLOCK_S * RATE)
    energies: Sound = np.sum(sound[: len(sound) // block * block].reshape(-1, block) ** 2, axis=1) + 1e-9
    return energies


def _smooth(energies: Sound) -> Sound:
    return np.convolve(energies, np.ones(SMOOTH_BLOCKS), "same")
