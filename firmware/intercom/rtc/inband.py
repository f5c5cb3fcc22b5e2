"""Digits as tones within the voice (ITU-T Q.23, Q.24): the last resort where there are no telephone events."""

import numpy as np
import numpy.typing as npt

from intercom.audio.frames import FRAME_SAMPLES, RATE, Framer, silence

ROWS, COLUMNS = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
KEYS = "123A456B789C*0#D"
STEP = 6  # of the samples at 48 kHz their mean is taken: 8 kHz are enough
BLOCK = FRAME_SAMPLES // STEP
LEAST_RMS = 100.0
PURITY = 0.82  # of all that is heard, how much the two tones must be
TWIST = 10**0.9  # how much stronger one tone may be, in power
DOMINANCE = 6.0  # how much stronger each must be than its neighbours
HARMONIC = 4.0  # and than its own second harmonic, which voices have

HELD_SAMPLES = 3 * FRAME_SAMPLES  # the part of a block that holds a digit's beginning, and the two that tell it

_FREQUENCIES = np.array([*ROWS, *COLUMNS, *(2 * row for row in ROWS)])
_PHASES = 2 * np.pi * np.outer(np.arange(BLOCK) * STEP / RATE, _FREQUENCIES)
_WAVES = np.concatenate([np.cos(_PHASES), np.sin(_PHASES)], axis=1).astype(np.float32)


class ToneEar:
    """Hears a digit once, when its tones have sounded in two blocks of 20 ms, and again after two without them."""

    def __init__(self) -> None:
        self._framer = Framer()
        self._before: str | None = None
        self._sounding: str | None = None

    @property
    def is_sounding(self) -> bool:
        """Whether a digit that was heard still sounds."""
        return self._sounding is not None

    def hear(self, pcm: bytes) -> str:
        """Return the digits that are recognised in these samples (mono, S16LE, 48 kHz, any number of them)."""
        return "".join(self._follow(key(frame)) for frame in self._framer.feed(pcm))

    def _follow(self, now: str | None) -> str:
        """Take what one block holds; return the digit that is recognised by it, or nothing."""
        before, self._before = self._before, now
        if now is not None and now == before != self._sounding:
            self._sounding = now
            return now
        if now is before is None:
            self._sounding = None
        return ""


class Muffler:
    """Lets a voice through but for the digits in it, from their first sample on, and tells these.

    A digit is told some time after it began, so the voice waits for as long: HELD_SAMPLES.
    """

    def __init__(self) -> None:
        self._ear = ToneEar()
        self._held = bytearray(silence(HELD_SAMPLES))

    def hear(self, pcm: bytes) -> tuple[str, bytes]:
        """Take samples (as `ToneEar.hear`); return the digits in them, and as many samples of what may be heard."""
        digits = self._ear.hear(pcm)
        self._held += pcm
        if self._ear.is_sounding:
            self._held[:] = bytes(len(self._held))
        heard = bytes(self._held[: len(pcm)])
        del self._held[: len(pcm)]
        return digits, heard


def key(block: bytes) -> str | None:
    """Return whose tones 20 ms of sound are, None where they are of no digit."""
    samples = np.frombuffer(block, np.int16).reshape(BLOCK, STEP).mean(axis=1, dtype=np.float32)
    energy = float(samples @ samples)
    if energy < BLOCK * LEAST_RMS**2:
        return None
    waves = samples @ _WAVES
    powers = waves[: len(_FREQUENCIES)] ** 2 + waves[len(_FREQUENCIES) :] ** 2
    rows, columns, seconds = powers[:4], powers[4:8], powers[8:]
    row, column = int(rows.argmax()), int(columns.argmax())
    is_pure = (rows[row] + columns[column]) * 2 / BLOCK > PURITY * energy
    is_level = rows[row] < columns[column] * TWIST and columns[column] < rows[row] * TWIST
    if is_pure and is_level and _stands_out(rows) and _stands_out(columns) and seconds[row] * HARMONIC < rows[row]:
        return KEYS[row * len(COLUMNS) + column]
    return None


def _stands_out(powers: npt.NDArray[np.float32]) -> bool:
    second, first = np.partition(powers, 2)[2:]
    return bool(second * DOMINANCE < first)
