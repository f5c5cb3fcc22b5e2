"""A contact's edges on their way out of the thread that reads the pins.  Pure: time is an argument.

A line that floats or a contact that is wet gives edges by the thousand; what came through here has a finger's pace.
"""

import math
from collections import deque
from enum import Enum, auto

QUIET_S = 3.0
TELL_S = 1.0
BOUNCE_S = 0.030


class Verdict(Enum):
    """What becomes of an edge."""

    PASS = auto()
    TELL = auto()  # dropped, and time to tell so
    DROP = auto()


class Sieve:
    """Decides on the edges of one contact; one that is faster than a finger is trusted again after QUIET_S of quiet.

    Too fast are 24 edges in 0.25 s, and 60 presses and releases, bounces aside, in 15 s: no finger does that for long.
    """

    def __init__(self) -> None:
        self._edges: deque[float] = deque(maxlen=24)
        self._moves: deque[float] = deque(maxlen=60)
        self._last = -math.inf
        self._told = -math.inf
        self._is_flooding = False

    def feed(self, at: float) -> Verdict:
        """Decide on an edge."""
        if self._is_flooding and at - self._last >= QUIET_S:
            self._begin_anew()
        self._note(at)
        if not self._is_flooding and not (_is_full(self._edges, 0.25) or _is_full(self._moves, 15)):
            return Verdict.PASS
        is_time = not self._is_flooding or at - self._told >= TELL_S
        self._is_flooding = True
        if is_time:
            self._told = at
        return Verdict.TELL if is_time else Verdict.DROP

    def _note(self, at: float) -> None:
        self._last = at
        self._edges.append(at)
        if not self._moves or at - self._moves[-1] >= BOUNCE_S:
            self._moves.append(at)

    def _begin_anew(self) -> None:
        self._is_flooding = False
        self._edges.clear()
        self._moves.clear()


def _is_full(times: deque[float], within_s: float) -> bool:
    return len(times) == times.maxlen and times[-1] - times[0] <= within_s
