"""Do not disturb: when calls make no sound, by a schedule and by hand.  Pure: time is an argument.

Times are seconds of the wall clock.  What the clock on the wall shows counts: in the night in which an hour comes
twice, both are as quiet as one.  A machine without a battery may not know the time yet when it starts: until its clock
is set no schedule applies, so that nobody rings unheard.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from msgspec import Struct

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTE_S = 60
WEEK_S = 8 * 86_400  # and a day, as a week may have an hour more
SET_SINCE = 1_735_689_600.0  # 2025-01-01: no clock that is set shows a time before


@dataclass(frozen=True, slots=True)
class Window:
    """From minute `start` of each of `days` (0: Monday) up to minute `end`, on the next day where that is not later."""

    days: frozenset[int]
    start: int
    end: int

    def holds(self, day: int, minute: int) -> bool:
        """Whether this minute of a day lies within."""
        if self.start < self.end:
            return day in self.days and self.start <= minute < self.end
        return (day in self.days and minute >= self.start) or ((day - 1) % 7 in self.days and minute < self.end)


class Switch(Struct, frozen=True):
    """Somebody switched it by hand, at this time."""

    is_on: bool
    at: float


class Quiet:
    """Whether it is quiet: as switched by hand until the schedule's next edge, else as the schedule says."""

    def __init__(self, windows: Sequence[Window], by_hand: Switch | None = None, *, zone: tzinfo | None = None) -> None:
        self.by_hand = by_hand
        self._windows, self._zone = windows, zone
        self._looked_at = 0.0

    @property
    def has_schedule(self) -> bool:
        """Whether time alone can change it."""
        return bool(self._windows)

    def switch(self, is_on: bool, now: float) -> None:
        """Take what somebody wants."""
        self.by_hand = Switch(is_on, now)
        self._looked_at = now

    def is_on(self, now: float) -> bool:
        """Tell whether it is quiet, and forget a switch that is over."""
        if self.by_hand and not knows_time(self.by_hand.at) and knows_time(now):
            self.by_hand = Switch(self.by_hand.is_on, now)
        if self.by_hand and has_edge(self._windows, max(self.by_hand.at, self._looked_at), now, zone=self._zone):
            self.by_hand = None
        self._looked_at = now
        return self.by_hand.is_on if self.by_hand else is_quiet(self._windows, now, zone=self._zone)


def windows(texts: Sequence[str]) -> list[Window]:
    """Read `settings.calls.QuietTime`s."""
    return [_window(text) for text in texts]


def is_quiet(windows: Sequence[Window], now: float, *, zone: tzinfo | None = None) -> bool:
    """Whether the schedule says so, in this time zone (None: the machine's)."""
    if not knows_time(now):
        return False
    local = datetime.fromtimestamp(now, zone)
    return any(window.holds(local.weekday(), local.hour * 60 + local.minute) for window in windows)


def has_edge(windows: Sequence[Window], since: float, until: float, *, zone: tzinfo | None = None) -> bool:
    """Whether the schedule changes between the two times; of more than a week the end is looked at."""
    first = max(since, until - WEEK_S)
    was = is_quiet(windows, first, zone=zone)
    start = int(first) // MINUTE_S * MINUTE_S + MINUTE_S
    return any(is_quiet(windows, at, zone=zone) is not was for at in range(start, int(until) + 1, MINUTE_S))


def knows_time(now: float) -> bool:
    """Whether a clock that shows this has been set."""
    return now >= SET_SINCE


def _window(text: str) -> Window:
    days, _, times = text.rpartition(" ")
    start, end = (int(hour) * 60 + int(minute) for hour, minute in re.findall(r"(\d\d):(\d\d)", times))
    return Window(_days(days) if days else frozenset(range(7)), start, end)


def _days(span: str) -> frozenset[int]:
    """Return a day, or the days from one to another, over the end of the week too."""
    first, _, last = span.partition("-")
    begin = DAYS.index(first)
    length = (DAYS.index(last or first) - begin) % 7
    return frozenset((begin + day) % 7 for day in range(length + 1))
