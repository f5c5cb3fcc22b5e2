"""How much sound to keep queued before a speaker: all of it is delay, and too little of it is gaps.

It begins at 15 ms, takes 5 ms more after each underrun, up to 40, and gives 5 ms back after a calm time, which doubles
each time that proves too early.  Where more is written at once, or periods are long, it is no less than that and a
period for a thread that comes late.  A sound server that stands still with so little gets all that a buffer holds.
"""

from intercom.audio.pcm import Shape

FIRST_MS = 15
STEP_MS = 5
MOST_STEPS = 5
FULL = MOST_STEPS + 1
FULL_MS = 160
CALM_FIRST_S = 60.0
CALM_LAST_S = 3600.0


class Depth:
    """What one speaker needs; it outlives its PCM, since the next call will need it too.

    `steps` of 5 ms to begin with; `FULL` where delay does no harm.
    """

    def __init__(self, steps: int = 0) -> None:
        self._steps = steps
        self._calm_s, self._enough_s = 0.0, CALM_FIRST_S
        self._has_shrunk = False

    @property
    def room_ms(self) -> int:
        """How large a buffer to ask for, beside what is written at once."""
        return FULL_MS if self._steps == FULL else FIRST_MS + MOST_STEPS * STEP_MS

    def grow(self) -> None:
        """Take an underrun."""
        self._become(max(self._steps, min(self._steps + 1, MOST_STEPS)))

    def fill(self) -> None:
        """Take that the PCM stood still; to be opened anew."""
        self._become(FULL)

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
        if self._steps == FULL:
            return shape.buffer
        least = max(shape.rate * FIRST_MS // 1000, block + shape.period)
        step = max(shape.rate * STEP_MS // 1000, shape.period)
        return min(least + self._steps * step, shape.buffer)

    def _become(self, steps: int) -> None:
        if self._has_shrunk:
            self._enough_s = min(2 * self._enough_s, CALM_LAST_S)
        self._steps, self._calm_s, self._has_shrunk = steps, 0.0, False


def block_of(shape: Shape, wanted: int) -> int:
    """Return how much to write at once: whole periods, about as much as wanted, and one more fits the buffer."""
    return shape.period * max(1, min(wanted // shape.period, shape.buffer // shape.period - 1))
