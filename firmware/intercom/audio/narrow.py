"""An engine that works at 16 kHz among sound at 48 kHz: a third of the work, and 8 kHz of bandwidth left."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from intercom.audio.frames import RATE

NARROW_HZ = 16_000
TIMES = RATE // NARROW_HZ
WIDE_SAMPLES, NARROW_SAMPLES = RATE // 100, NARROW_HZ // 100
TAPS = 32 * TIMES  # 2 ms: aliases 60 dB down from 9 kHz on

ROWS = 10

Samples = npt.NDArray[np.float32]


class NarrowEngine(Protocol):
    """As `engines.Engine`, at 16 kHz."""

    @property
    def name(self) -> str: ...

    @property
    def smooths(self) -> bool: ...

    @property
    def reach_ms(self) -> int: ...

    def clean(self, near: bytes, far: bytes) -> bytes: ...


class Narrow:
    """Such an engine as one of 48 kHz."""

    def __init__(self, engine: NarrowEngine) -> None:
        self.name, self.smooths, self.reach_ms = engine.name, engine.smooths, engine.reach_ms
        self._engine = engine
        self._near, self._far, self._cleaned = Down(), Down(), Up()

    def clean(self, near: bytes, far: bytes) -> bytes:
        return self._cleaned.feed(self._engine.clean(self._near.feed(near), self._far.feed(far)))


class Down:
    """From 48 to 16 kHz, by blocks of 10 ms; 1 ms late."""

    def __init__(self) -> None:
        self._line = _Line(WIDE_SAMPLES, TAPS - TIMES)

    def feed(self, block: bytes) -> bytes:
        """Return the block at 16 kHz."""
        return self._line.feed(block, DOWN)


class Up:
    """From 16 to 48 kHz, by blocks of 10 ms; 1 ms late."""

    def __init__(self) -> None:
        self._line = _Line(NARROW_SAMPLES, TAPS // TIMES - 1)

    def feed(self, block: bytes) -> bytes:
        """Return the block at 48 kHz."""
        return self._line.feed(block, UP)


class _Line:
    """The last block and a filter's length before it, in rows that overlap: a row times a matrix is a row's sound."""

    def __init__(self, samples: int, before: int) -> None:
        self._samples = samples
        self._sound = np.zeros(before + samples, np.float32)
        row = samples // ROWS
        self._rows = np.lib.stride_tricks.sliding_window_view(self._sound, before + row)[::row]

    def feed(self, block: bytes, matrix: Samples) -> bytes:
        self._sound[: -self._samples] = self._sound[self._samples :]
        self._sound[-self._samples :] = np.frombuffer(block, np.int16)
        sound = np.rint(self._rows @ matrix).clip(-32768, 32767)
        return bytes(sound.astype(np.int16))


def _low_pass() -> Samples:
    times = np.arange(TAPS) - (TAPS - 1) / 2
    taps = np.sinc(times / TIMES) * np.kaiser(TAPS, 6.0)
    return np.asarray(taps / taps.sum(), np.float32)


def _down() -> Samples:
    """Return the matrix in whose columns the filter goes on by three samples."""
    columns = NARROW_SAMPLES // ROWS
    matrix = np.zeros((TAPS + TIMES * (columns - 1), columns), np.float32)
    for column in range(columns):
        matrix[TIMES * column :][:TAPS, column] = _low_pass()
    return matrix


def _up() -> Samples:
    """Return the matrix in whose columns each third of the filter is tried at each sample."""
    samples, taps = NARROW_SAMPLES // ROWS, TAPS // TIMES
    thirds = TIMES * _low_pass().reshape(taps, TIMES)[::-1]
    matrix = np.zeros((samples + taps - 1, samples * TIMES), np.float32)
    for at in range(samples):
        matrix[at : at + taps, TIMES * at : TIMES * (at + 1)] = thirds
    return matrix


DOWN, UP = _down(), _up()
