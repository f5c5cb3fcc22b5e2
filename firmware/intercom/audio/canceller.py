"""Engines at work only while there is something to do."""

from collections.abc import Sequence

import numpy as np

from intercom.audio.engines import Engine
from intercom.audio.frames import RATE, SAMPLE_BYTES

LOUD = 32  # -60 dBFS: what is softer has no echo that could be heard
LINGER_BLOCKS = 60  # for an echo on its way, its tail, and then some of the room alone: AEC3 learns its noise there
SILENT = bytes(RATE // 100 * SAMPLE_BYTES)
RISING = np.arange(RATE // 100, dtype=np.float32) / (RATE // 100)


class Canceller:
    """Leads blocks of 10 ms through the engines while the far end sounds, and 600 ms longer.

    Otherwise they pass as they are, and cost nothing.  With `always` the engines work all the time.
    """

    def __init__(self, engines: Sequence[Engine], *, always: bool) -> None:
        self._engines, self._always = engines, always
        self._quiet_blocks = 0
        self._worked = always

    @property
    def hears_far(self) -> bool:
        """Whether the far end sounds, or did just now."""
        return self._quiet_blocks < LINGER_BLOCKS

    def clean(self, near: bytes, far: bytes) -> bytes:
        """Return the microphone's block as it may be sent; raises RuntimeError.

        Where the engines begin or end, one sound fades into the other during the block.
        """
        self._quiet_blocks = 0 if _is_loud(far) else self._quiet_blocks + 1
        works, worked = self._always or self.hears_far, self._worked
        self._worked = works
        if not (works or worked):
            return near
        cleaned = near
        for engine in self._engines:
            cleaned = engine.clean(cleaned, far)
        if works and worked:
            return cleaned
        return _faded(near, cleaned) if works else _faded(cleaned, near)


def _is_loud(block: bytes) -> bool:
    if block == SILENT:
        return False
    samples = np.frombuffer(block, np.int16)
    return bool(samples.max() > LOUD or samples.min() < -LOUD)


def _faded(first: bytes, second: bytes) -> bytes:
    before, after = np.frombuffer(first, np.int16), np.frombuffer(second, np.int16)
    return np.rint(before + (after.astype(np.float32) - before) * RISING).astype(np.int16).tobytes()
