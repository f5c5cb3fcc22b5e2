"""What became of speech on its way: how late it was over time, where it stalled, and how it sounds (PESQ).

All pure, on pairs of what was said and what was heard, both 16 kHz and counted from the same moment.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.signal import resample_poly

from tests.rig.simcard import Pcm

Sound = npt.NDArray[np.float64]

RATE = 16_000
WINDOW_S, HOP_S = 1.0, 0.5
LATEST_S = 1.5
LIKE = 0.5  # normalised correlation from which on it is the same speech
BLOCK_S = 0.005
SILENT_DB, SPOKEN_DB = -30.0, -20.0  # beside active speech
EDGE_BLOCKS = 3


@dataclass(frozen=True, slots=True)
class Late:
    """What was said at `at_s` (middle of a window of a second) was heard `delay_ms` later."""

    at_s: float
    delay_ms: float


def thin(pcm: Pcm) -> Sound:
    """Return sound of 48 kHz at 16 kHz."""
    thinned: Sound = resample_poly(pcm.astype(np.float64), 1, 3)
    return thinned


def delays(said: Sound, heard: Sound) -> list[Late]:
    """Return the delay each half second; where nobody spoke, or it was not heard, there is none."""
    window, hop, latest = (int(seconds * RATE) for seconds in (WINDOW_S, HOP_S, LATEST_S))
    found, active_db = [], level(said)
    for begin in range(0, len(said) - window, hop):
        lag = _lag(said[begin : begin + window], heard[begin : begin + window + latest], active_db)
        if lag is not None:
            found.append(Late((begin + window / 2) / RATE, lag * 1000 / RATE))
    return found


def longest_stall_ms(said: Sound, heard: Sound, late: list[Late]) -> float:
    """Return how much speech at most was missed in one silence, by the delays around; its own short dips don't count.

    A moment counts as spoken if 15 ms before and after it were spoken too, so a shift by that much is no stall.
    """
    block = int(BLOCK_S * RATE)
    aligned = _aligned(len(said), heard, late)
    loud = [_levels(sound, block) - level(said) for sound in (said, aligned)]
    is_spoken = _always(loud[0] > SPOKEN_DB, EDGE_BLOCKS)
    missed = [np.count_nonzero(is_spoken[run]) for run in _runs(loud[1] < SILENT_DB)]
    return max(missed, default=0) * BLOCK_S * 1000


def level(sound: Sound) -> float:
    """Return the level of active speech in dB (of no matter what)."""
    power = 10 ** (_levels(sound, RATE // 100) / 10)
    return 10 * float(np.log10(np.mean(power[power >= np.mean(power) / 10])))


def median_ms(late: list[Late], begin_s: float = 0.0, end_s: float = np.inf) -> float | None:
    """Return the median delay of what was said in between."""
    found = [each.delay_ms for each in late if begin_s <= each.at_s < end_s]
    return float(np.median(found)) if found else None


def slope_ms_per_min(late: list[Late]) -> float | None:
    """Return by how much the delay grew."""
    if len(late) < 10:
        return None
    at_s, delay_ms = zip(*((each.at_s, each.delay_ms) for each in late), strict=True)
    return float(np.polyfit(at_s, delay_ms, 1)[0] * 60)


def settled_after_s(late: list[Late], *, since_s: float, limit_ms: float) -> float | None:
    """Return how long after a moment the delay was within the limit for good; None: it never was."""
    after = [each for each in late if each.at_s >= since_s]
    if not after or after[-1].delay_ms > limit_ms:
        return None
    beyond = [each.at_s for each in after if each.delay_ms > limit_ms]
    return max(beyond) + HOP_S - since_s if beyond else 0.0


def pesq(said: Sound, heard: Sound) -> float | None:
    """Return the mean opinion score by ITU-T P.862.2 (wide band), 1.0 to 4.6; None: nothing to compare was found."""
    from pesq import NoUtterancesError  # noqa: PLC0415
    from pesq import pesq as score  # noqa: PLC0415

    try:
        return float(score(RATE, said.astype(np.float32), heard.astype(np.float32), "wb"))
    except NoUtterancesError:
        return None


def _lag(said: Sound, heard: Sound, active_db: float) -> int | None:
    size = 1 << (len(said) + len(heard)).bit_length()
    energy = float(np.sum(said**2))
    if 10 * np.log10(energy / len(said) + 1e-9) < active_db + SPOKEN_DB:
        return None
    match = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(said, size)), size)
    match = match[: max(len(heard) - len(said) + 1, 0)]
    if not len(match):
        return None
    until = np.concatenate([[0.0], np.cumsum(heard**2)])
    energies = until[len(said) :] - until[: -len(said)]
    likeness = match / np.sqrt(energy * energies + 1e-3)
    lag = int(np.argmax(likeness))
    return lag if likeness[lag] >= LIKE else None


def _aligned(samples: int, heard: Sound, late: list[Late]) -> Sound:
    """Return what was heard as if there was no delay."""
    if not late:
        return np.zeros(samples)
    at = np.arange(samples)
    lag = np.interp(at / RATE, [each.at_s for each in late], [each.delay_ms for each in late]) * RATE / 1000
    index = at + lag.astype(int)
    return np.where(index < len(heard), heard[np.minimum(index, len(heard) - 1)], 0.0)


def _levels(sound: Sound, block: int) -> Sound:
    blocks = sound[: len(sound) // block * block].reshape(-1, block)
    levels: Sound = 10 * np.log10(np.mean(blocks**2, axis=1) + 1e-3)
    return levels


def _always(truth: npt.NDArray[np.bool_], edge: int) -> npt.NDArray[np.bool_]:
    """Return where it is true and is so all around."""
    around = np.convolve(truth, np.ones(2 * edge + 1), "same")
    return np.asarray(around > 2 * edge + 0.5)


def _runs(truth: npt.NDArray[np.bool_]) -> list[slice]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], truth.astype(np.int8), [0]])))
    return [slice(begin, end) for begin, end in zip(edges[::2], edges[1::2], strict=True)]
