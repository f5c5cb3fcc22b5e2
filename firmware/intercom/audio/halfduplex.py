"""Half duplex: who is louder is heard.  A gate that weakens the microphone while the far end speaks."""

import math

import numpy as np

CLOSED = np.float32(10 ** (-30 / 20))
SPEAKING_DB = -45.0  # of full scale: the far end is taken for silent below this
ECHO_HOLD_BLOCKS = 20  # how long its echo may come late
ECHO_FALL_DB = 1.0  # a block: a room that falls silent in 0.6 s
NEAR_BLOCKS = 3  # in a row: a voice, not a knock
NEAR_HOLD_BLOCKS = 25  # between two words
CLEARLY_DB = 6.0
LEARN_DB = (-0.03, 0.3)  # a block: settles where one block in eleven is louder
RETURN_DB = (-40.0, 12.0)
OPENING, CLOSING = 0.25, -2.0  # a block: all the way in 40 and 5 ms
SILENT_DB = -96.0


class HalfDuplex:
    """As `engines.Engine`.  Where nothing plays, the very same bytes are returned.

    How loud the echo returns at most is learnt while the far end speaks, from 0 dB on.
    """

    name = "half-duplex"
    reach_ms = 10 * ECHO_HOLD_BLOCKS
    smooths = False

    def __init__(self) -> None:
        self._far_db = SILENT_DB
        self._far_hold = self._near_hold = self._near_louder = 0
        self._return_db = 0.0
        self._openness = 1.0

    def clean(self, near: bytes, far: bytes) -> bytes:
        return self._pass(near, is_open=self._is_open(level_db(near), level_db(far)))

    def _is_open(self, near_db: float, far_db: float) -> bool:
        self._follow(far_db)
        if self._far_db < SPEAKING_DB:
            return True
        is_louder = near_db > self._far_db + self._return_db + CLEARLY_DB
        self._near_louder = self._near_louder + 1 if is_louder else 0
        if self._near_louder >= NEAR_BLOCKS:
            self._near_hold = NEAR_HOLD_BLOCKS
        elif self._near_hold:
            self._near_hold -= 1
        else:
            self._learn(near_db - self._far_db)
        return self._near_hold > 0

    def _follow(self, far_db: float) -> None:
        """Keep the loudest that may still echo."""
        if far_db >= self._far_db:
            self._far_db, self._far_hold = far_db, ECHO_HOLD_BLOCKS
        elif self._far_hold:
            self._far_hold -= 1
        else:
            self._far_db = max(far_db, self._far_db - ECHO_FALL_DB)

    def _learn(self, return_db: float) -> None:
        step = LEARN_DB[return_db > self._return_db]
        self._return_db = min(max(self._return_db + step, RETURN_DB[0]), RETURN_DB[1])

    def _pass(self, near: bytes, *, is_open: bool) -> bytes:
        if is_open and self._openness == 1.0:
            return near
        samples = np.frombuffer(near, np.int16)
        steps = np.arange(1, len(samples) + 1, dtype=np.float32) / len(samples)
        openness = np.clip(self._openness + steps * (OPENING if is_open else CLOSING), 0.0, 1.0)
        self._openness = float(openness[-1])
        return np.rint(samples * CLOSED ** (1 - openness)).astype(np.int16).tobytes()


def level_db(block: bytes) -> float:
    """Return a block's loudness in dB of full scale, -96 at least."""
    samples = np.frombuffer(block, np.int16).astype(np.float32)
    power = float(samples @ samples) / len(samples) / 32768**2
    return max(10 * math.log10(power), SILENT_DB) if power else SILENT_DB
