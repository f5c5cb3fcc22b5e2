"""How late packets come, and how much of that to wait for."""

from bisect import bisect_left, insort
from collections import deque

from intercom.rtc.peaks import Peaks

WINDOW_S = 1.3
START_S = 0.015  # what the first packets may be late against the very first
MOST_S = 0.5
PEAK_S = 0.01  # a packet that is so much later than what is waited for is a peak
LATE = 50  # one packet of so many may be later than what is waited for
LOSS_WEIGHT = 1 / 150
TRIES, FORGOTTEN = 16, 1 / 50  # in vain, until the far end is believed to repeat nothing; and a packet's share of one
LOSSY, CALM = 0.015, 0.005  # shares of lost packets from which, and down to which, waiting for the next one pays


class Arrival:
    """A transit is when a packet came minus when its sound begins, in seconds; only differences mean anything."""

    def __init__(self, transit_s: float, *, at_s: float) -> None:
        self._window = deque([(at_s, transit_s + START_S)])
        self._sorted = [transit_s + START_S]
        self._peaks, self._peak_s = Peaks(), 0.0
        self._loss = 0.0
        self._is_lossy = self._is_barren = False
        self._failures = 0.0

    def arrived(self, transit_s: float, *, at_s: float) -> None:
        """Take a packet."""
        if transit_s > self._bound_s() + PEAK_S:
            self._peaks.rose(transit_s - self._sorted[0], at_s=at_s)
        self._peak_s = self._peaks.height_s(at_s=at_s)
        self._window.append((at_s, transit_s))
        insort(self._sorted, transit_s)
        oldest_s = at_s - WINDOW_S
        while self._window[0][0] < oldest_s:
            del self._sorted[bisect_left(self._sorted, self._window.popleft()[1])]

    def played(self, *, is_after_loss: bool) -> None:
        """Take whether a packet, when its turn came, was the first after some that were not there."""
        self._loss += LOSS_WEIGHT * (is_after_loss - self._loss)
        self._is_lossy = self._loss > (CALM if self._is_lossy else LOSSY)
        if self._is_barren:
            self._failures -= FORGOTTEN
            self._is_barren = self._failures > 0

    def tried(self, *, is_repeated: bool) -> None:
        """Take whether a packet repeated the lost one before it."""
        self._failures = 0.0 if is_repeated else self._failures + 1
        self._is_barren = self._failures >= TRIES or (self._is_barren and not is_repeated)

    def bound_s(self, following_s: float) -> float:
        """Return the transit that next to no packet exceeds.

        Where packets are lost again and again it leaves room for the next packet, which is `following_s` later and
        may repeat what is lost.
        """
        bound_s = max(self._bound_s(), self._sorted[0] + self._peak_s)
        if self._is_lossy and not self._is_barren:
            bound_s = max(bound_s, self._sorted[len(self._sorted) * 3 // 4] + following_s)
        return min(bound_s, self._sorted[0] + MOST_S)

    def _bound_s(self) -> float:
        return self._sorted[-1 - len(self._sorted) // LATE]
