"""Packets that come far too late, again and again: what to wait for although most come early."""

from collections import deque

APART_S, RECUR_S = 0.5, 3.0  # peaks nearer to each other are one; farther, and they don't recur
COUNTED, LEAST = 8, 3


class Peaks:
    """Remembers the peaks of the last seconds; a few in a row make it expect another one."""

    def __init__(self) -> None:
        self._peaks: deque[tuple[float, float]] = deque(maxlen=COUNTED)

    def rose(self, height_s: float, *, at_s: float) -> None:
        """Take that a packet came so much later than the fastest ones."""
        if self._peaks:
            last_s, last_height_s = self._peaks[-1]
            if at_s - last_s < APART_S:
                self._peaks[-1] = last_s, max(height_s, last_height_s)
                return
            if at_s - last_s > RECUR_S:
                self._peaks.clear()
        self._peaks.append((at_s, height_s))

    def height_s(self, *, at_s: float) -> float:
        """Return how much later than the fastest packets the next peak will be, most likely; 0: there will be none."""
        if len(self._peaks) < LEAST or at_s - self._peaks[-1][0] > RECUR_S:
            return 0.0
        return sorted(height for _, height in self._peaks)[-2]
