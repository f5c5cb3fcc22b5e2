"""How much sound to keep queued before a speaker: all of it is delay, and too little of it is gaps.

It begins at 15 ms, takes 5 ms more after each underrun, up to 40, and gives 5 ms back after a calm time, which doubles
each time that proves too early.  Where more is written at once, or periods are long, it is no less than that and a
period for a thread that comes late.
"""

from intercom.audio.libasound import Shape

FIRST_MS = 15
STEP_MS = 5
MOST_STEPS = 5
CALM_FIRST_S = 60.0
CALM_LAST_S = 3600.0


class Depth:
    """What one speaker needs; it outlives its PCM, since the next call will need it too."""

    def __init__(self) -> None:
        self._steps = 0
        self._calm_s, self._enough_s = 0.0, CALM_FIRST_S
        self._has_shrunk = False

    def grow(self) -> None:
        """Take an underrun."""
        if self._has_shrunk:
            self._enough_s = min(2 * self._enough_s, CALM_LAST_S)
        self._steps = min(self._steps + 1, MOST_STEPS)
        self._calm_s, self._has_shrunk = 0.0, False

    def shrinks(self, seconds: float) -> bool:
        """Take that much sound without an underrun; tell whether less is needed now."""
        if not self._steps:
            return False
        self._calm_s += seconds
        if self._calm_s < self._enough_s:
            return False
        self._steps -= 1
        self._calm_s, self._has_shrunk = 0.0, True
        return True

    def samples(self, shape: Shape, *, block: int) -> int:
        """Return how much a buffer of that shape holds just after `block` samples were written to it."""
        least = max(shape.rate * FIRST_MS // 1000, block + shape.period)
        step = max(shape.rate * STEP_MS // 1000, shape.period)
        return min(least + self._steps * step, shape.buffer)


def block_of(shape: Shape, wanted: int) -> int:
    """Return how much to write at once: whole periods, about as much as wanted, and one more fits the buffer."""
    return shape.period * max(1, min(wanted // shape.period, shape.buffer // shape.period - 1))
