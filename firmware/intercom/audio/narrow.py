"""An engine that works at 16 kHz among sound at 48 kHz: a third of the work, and 8 kHz of bandwidth left."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from intercom.audio.frames import RATE

NARROW_HZ = 16_000
TIMES = RATE // NARROW_HZ
WIDE_SAMPLES, NARROW_SAMPLES = RATE // 100, NARROW_HZ // 100
TAPS = 32 * TIMES  # 2 ms: aliases 60 dB down from 9 kHz on

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
        self._sound = np.zeros(TAPS - TIMES + WIDE_SAMPLES, np.float32)
        self._windows = np.lib.stride_tricks.sliding_window_view(self._sound, TAPS)[::TIMES]

    def feed(self, block: bytes) -> bytes:
        """Return the block at 16 kHz."""
        self._sound[:-WIDE_SAMPLES] = self._sound[WIDE_SAMPLES:]
        self._sound[-WIDE_SAMPLES:] = np.frombuffer(block, np.int16)
        return _pcm(self._windows @ LOW_PASS)


class Up:
    """From 16 to 48 kHz, by blocks of 10 ms; 1 ms late."""

    def __init__(self) -> None:
        taps = TAPS // TIMES
        self._sound = np.zeros(taps - 1 + NARROW_SAMPLES, np.float32)
        self._windows = np.lib.stride_tricks.sliding_window_view(self._sound, taps)
        self._phases = np.ascontiguousarray(LOW_PASS[::-1].reshape(taps, TIMES)[::-1] * TIMES)

    def feed(self, block: bytes) -> bytes:
        """Return the block at 48 kHz."""
        self._sound[:-NARROW_SAMPLES] = self._sound[NARROW_SAMPLES:]
        self._sound[-NARROW_SAMPLES:] = np.frombuffer(block, np.int16)
        return _pcm((self._windows @ self._phases).reshape(-1))


def _low_pass() -> Samples:
    times = np.arange(TAPS) - (TAPS - 1) / 2
    taps = np.sinc(times / TIMES) * np.kaiser(TAPS, 6.0)
    return np.asarray(taps / taps.sum(), np.float32)


def _pcm(samples: Samples) -> bytes:
    return np.clip(np.rint(samples), -32768, 32767).astype(np.int16).tobytes()


LOW_PASS = _low_pass()
