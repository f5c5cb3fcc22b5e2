"""How an echo comes and goes: how late it is heard, and how much of it is left."""

import math
from collections import deque

import numpy as np
import numpy.typing as npt
from numpy import fft  # it would be imported by its first use, amid the sound

from intercom.audio.frames import RATE

EACH = 6  # samples to one: 8 kHz is enough for an eighth of a millisecond
HERTZ = RATE // EACH
BAND_HZ = (300.0, 3000.0)
EARLIEST_MS, LATEST_MS = -50, 300
CLEAR = 20.0  # an echo alone gives 25 to 50, with a voice over it 6 to 18, a voice alone as much
TONE = 0.85  # in a fiftieth of the band a tone has 0.92 to 1.0 of its power, speech 0.2 to 0.82

WINDOW_BLOCKS = 80
LOOK_AGAIN_BLOCKS, LOOK_EVERY_BLOCKS = 40, 300
ALIKE_MS = 5.0
GAUGE_EVERY_BLOCKS = 10
GAUGE_SHARE = 0.05

Samples = npt.NDArray[np.float32]


class EchoMeter:
    """Follows a canceller by blocks of 10 ms while the far end speaks; it looks at one in ten, and rarely harder."""

    def __init__(self) -> None:
        self._pairs: deque[tuple[bytes, bytes]] = deque(maxlen=WINDOW_BLOCKS)
        self._wait = WINDOW_BLOCKS
        self._heard = self._left = 0.0
        self._before_ms = float("nan")

    @property
    def erle_db(self) -> float | None:
        """By how much the microphone's sound was weakened of late: of the echo if nobody spoke here."""
        return 10 * math.log10(self._heard / max(self._left, 1.0)) if self._heard else None

    def follow(self, near: bytes, far: bytes, cleaned: bytes) -> float | None:
        """Take the next three; return how much later than `far` its echo comes, where that was just found."""
        self._pairs.append((near, far))
        self._wait -= 1
        if self._wait % GAUGE_EVERY_BLOCKS == 0:
            self._heard += GAUGE_SHARE * (_energy(near) - self._heard)
            self._left += GAUGE_SHARE * (_energy(cleaned) - self._left)
        if self._wait:
            return None
        return self._look()

    def pause(self) -> None:
        """Forget the blocks so far, as the next ones do not follow them."""
        self._pairs.clear()
        self._wait = WINDOW_BLOCKS

    def _look(self) -> float | None:
        """Return the lag where it is found twice; look again soon where it is not the one before."""
        found = lag_ms(*(b"".join(blocks) for blocks in zip(*self._pairs, strict=True)))
        is_sure = found is not None and abs(found - self._before_ms) < ALIKE_MS
        self._before_ms = float("nan") if found is None else found
        self._wait = LOOK_EVERY_BLOCKS if is_sure else LOOK_AGAIN_BLOCKS
        return found if is_sure else None


def lag_ms(near: bytes, far: bytes) -> float | None:
    """Return how much later the echo of `far` comes in `near`, from -50 to 300 ms; None: no echo stands out.

    A tone has none to be told from the one a period later, and two tones would look alike where a block begins.

    Cross-correlation with the phase transform (Knapp and Carter, 1976), of the band in which speech is strong.
    """
    heard, played = _slowed(near), _slowed(far)
    size = 1 << (len(heard) + LATEST_MS * HERTZ // 1000).bit_length()
    hertz, spectrum = fft.rfftfreq(size, 1 / HERTZ), fft.rfft(played, size)
    is_outside = (hertz < BAND_HZ[0]) | (hertz > BAND_HZ[1])
    if _is_tone(spectrum[~is_outside]):
        return None
    cross = fft.rfft(heard, size) * np.conj(spectrum)
    cross[is_outside] = 0
    lags = np.arange(EARLIEST_MS * HERTZ // 1000, LATEST_MS * HERTZ // 1000)
    likeness = np.abs(fft.irfft(cross / np.maximum(np.abs(cross), 1.0), size)[lags])
    if likeness.max() <= CLEAR * np.sort(likeness)[len(likeness) // 2]:
        return None
    first = int(np.argmax(likeness > likeness.max() / 2))  # the straight way: a wall may give back more
    return float(lags[first] * 1000 / HERTZ)


def _is_tone(spectrum: npt.NDArray[np.complex128]) -> bool:
    power = np.sort(np.abs(spectrum) ** 2)
    return bool(power[-len(power) // 50 :].sum() > TONE * power.sum())


def _slowed(pcm: bytes) -> Samples:
    return np.asarray(np.frombuffer(pcm, np.int16).reshape(-1, EACH).mean(axis=1), np.float32)


def _energy(block: bytes) -> float:
    samples = np.frombuffer(block, np.int16).astype(np.float32)
    return float(samples @ samples) / len(samples)
