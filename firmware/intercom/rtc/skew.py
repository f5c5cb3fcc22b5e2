"""How much faster the far end's crystal is than that of our sound card."""

from collections import deque

import numpy as np

BLOCK_S = 1.0
BLOCKS, LEAST_BLOCKS = 60, 8
STEP_S = 0.01  # by which a route, or the card after a stall, shifts and no crystal within a block or two
MOST_PPM = 1000.0


class Skew:
    """`ppm` is positive when the far end is the faster one; 0 until it is known.

    The earliest of each second's packets and pulls stand for it, for what delays others says nothing about clocks.
    The slope is the median of all slopes between two such seconds (Theil and Sen).  After a step it begins anew and
    holds what it knows until then.
    """

    def __init__(self) -> None:
        self.ppm = 0.0
        self._points: deque[tuple[float, float]] = deque(maxlen=BLOCKS)
        self._began_s: float | None = None
        self._transit_s = self._card_s = np.inf
        self._is_off = False

    def renew(self) -> None:
        """Begin anew with another stream; the crystals are most likely the same."""
        self._points.clear()
        self._began_s = None

    def arrived(self, transit_s: float) -> None:
        """Take when a packet came minus when its sound begins by the far end's clock."""
        self._transit_s = min(self._transit_s, transit_s)

    def pulled(self, card_s: float, *, at_s: float) -> None:
        """Take when the card took samples minus when it did so by its own clock."""
        if self._began_s is None:
            self._began_s, self._transit_s, self._card_s = at_s, np.inf, np.inf
        self._card_s = min(self._card_s, card_s)
        if at_s - self._began_s >= BLOCK_S:
            if self._transit_s < np.inf:
                self._take((self._began_s, self._transit_s - self._card_s))
            self._began_s, self._transit_s, self._card_s = at_s, np.inf, np.inf

    def _take(self, point: tuple[float, float]) -> None:
        if self._points and abs(self._expected(point[0]) - point[1]) > STEP_S:
            if not self._is_off:
                self._is_off = True
                return
            self._points.clear()
        self._is_off = False
        self._points.append(point)
        if len(self._points) >= LEAST_BLOCKS:
            self.ppm = float(np.clip(-1e6 * _slope(self._points), -MOST_PPM, MOST_PPM))

    def _expected(self, at_s: float) -> float:
        latest = list(self._points)[-LEAST_BLOCKS:]
        middle_s, level_s = (sorted(point[at] for point in latest)[len(latest) // 2] for at in (0, 1))
        return level_s - self.ppm * 1e-6 * (at_s - middle_s)


def _slope(points: deque[tuple[float, float]]) -> float:
    at, level = np.array(points).T
    first, second = np.triu_indices(len(at), k=len(at) // 3)
    slopes = (level[second] - level[first]) / (at[second] - at[first])
    return float(np.sort(slopes)[len(slopes) // 2])  # np.median imports more of numpy, amid the sound
