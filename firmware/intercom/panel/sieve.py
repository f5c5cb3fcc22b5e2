"""A contact's edges on their way out of the thread that reads the pins.  Pure: time is an argument.

A line that floats or a contact that is wet gives edges by the thousand; what came through here has a finger's pace.
"""

import math
from collections import deque
from enum import Enum, auto

QUIET_S = 3.0
PAUSE_S = 1.0
TELL_S = 1.0
BOUNCE_S = 0.030


class Verdict(Enum):
    """What becomes of an edge."""

    PASS = auto()
    TELL = auto()  # dropped, and time to tell so
    DROP = auto()


class Sieve:
    """Decides on the edges of one contact; one that is faster than a finger is trusted again after QUIET_S of quiet.

    Its edges come in moves: one, with the bounces in the BOUNCE_S after it.  A blip is a move after whose bounces the
    contact stands as before; a finger keeps it closed, and open, for longer than that.  `since` is when the moves
    began that have no pause of PAUSE_S between them.
    """

    def __init__(self) -> None:
        self.since = self._last = self._told = self._moved = -math.inf
        self._stands_down: bool | None = None
        self._moved_down: bool | None = None
        self._is_flooding = False
        self._edges, self._blips = _Limit(24, 0.25), _Limit(3, 4.0)
        # Seven taps a second are fourteen moves; nobody keeps that up for long.
        self._moves = _Limit(18, 1.0), _Limit(60, 15.0)
        self._limits = self._edges, self._blips, *self._moves

    def feed(self, at: float, *, is_down: bool) -> Verdict:
        """Decide on an edge, after which the contact is closed (`is_down`) or open."""
        if self._is_flooding and at - self._last >= QUIET_S:
            self._begin_anew()
        if at - self._last >= PAUSE_S:
            self.since = at
        self._count(at, is_down=is_down)
        self._last, self._stands_down = at, is_down
        is_flooding = self._is_flooding or any(limit.is_passed(at) for limit in self._limits)
        if not is_flooding:
            return Verdict.PASS
        is_time = not self._is_flooding or at - self._told >= TELL_S
        self._is_flooding = True
        if is_time:
            self._told = at
        return Verdict.TELL if is_time else Verdict.DROP

    def _count(self, at: float, *, is_down: bool) -> None:
        self._edges.add(at)
        if at - self._moved < BOUNCE_S:
            return
        if self._stands_down is not self._moved_down:
            self._blips.add(self._moved)
        for limit in self._moves:
            limit.add(at)
        self._moved, self._moved_down = at, is_down

    def _begin_anew(self) -> None:
        self._is_flooding, self._moved_down = False, self._stands_down
        for limit in self._limits:
            limit.clear()


class _Limit:
    """So many of something within so long are too many."""

    def __init__(self, count: int, within_s: float) -> None:
        self._times: deque[float] = deque(maxlen=count)
        self._within_s = within_s

    def add(self, at: float) -> None:
        self._times.append(at)

    def clear(self) -> None:
        self._times.clear()

    def is_passed(self, now: float) -> bool:
        return len(self._times) == self._times.maxlen and now - self._times[0] <= self._within_s
