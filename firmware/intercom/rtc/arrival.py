"""How late packets come, and how much of that to wait for."""

from bisect import bisect_left, insort
from collections import deque

WINDOW_S = 1.4
START_S = 0.015  # what the first packets may be late against the very first
MOST_S = 0.5
LATE = 50  # one packet of so many may be later than what is waited for
LOSS_WEIGHT = 1 / 200
LOSSY, CALM = 0.02, 0.007  # shares of lost packets from which, and down to which, waiting for the next one pays


class Arrival:
    """A transit is when a packet came minus when its sound begins, in seconds; only differences mean anything."""

    def __init__(self, transit_s: float, *, at_s: float) -> None:
        self._window = deque([(at_s, transit_s + START_S)])
        self._sorted = [transit_s + START_S]
        self._loss = 0.0
        self._is_lossy = False

    def arrived(self, transit_s: float, *, at_s: float) -> None:
        """Take a packet."""
        self._window.append((at_s, transit_s))
        insort(self._sorted, transit_s)
        oldest_s = at_s - WINDOW_S
        while self._window[0][0] < oldest_s:
            del self._sorted[bisect_left(self._sorted, self._window.popleft()[1])]

    def played(self, *, is_after_loss: bool) -> None:
        """Take whether a packet, when its turn came, was the first after some that were not there."""
        self._loss += LOSS_WEIGHT * (is_after_loss - self._loss)
        if self._is_lossy:
            self._is_lossy = self._loss > CALM
        else:
            self._is_lossy = self._loss > LOSSY

    @property
    def base_s(self) -> float:
        """The transit of the fastest packet of late."""
        return self._sorted[0]

    def bound_s(self, following_s: float) -> float:
        """Return the transit that next to no packet exceeds.

        Where packets are lost again and again it leaves room for the next packet, which is `following_s` later and
        may repeat what is lost.
        """
        count = len(self._sorted)
        bound_s = self._sorted[-1 - count // LATE]
        if self._is_lossy:
            bound_s = max(bound_s, self._sorted[count * 3 // 4] + following_s)
        return min(bound_s, self._sorted[0] + MOST_S)
