"""On which days, and from when to when, a code is good: local time, read from a person's words.  Pure."""

from datetime import date, datetime, time

from msgspec import Struct

from intercom.errors import UsageError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALL_DAYS = tuple(range(7))
MIDNIGHT = time()


class Hours(Struct, frozen=True):
    """`days` from 0 (Monday) to 6; from `begin` to before `end`, over midnight where that is not after `begin`.

    What lasts over midnight belongs to the day on which it begins; midnight to midnight is the whole day.
    """

    days: tuple[int, ...] = ALL_DAYS
    begin: time = MIDNIGHT
    end: time = MIDNIGHT

    @property
    def are_all(self) -> bool:
        """Whether they hold always."""
        return self == Hours()

    def hold(self, now: datetime) -> bool:
        """Whether that local time is within them."""
        day, clock = now.weekday(), now.time()
        if self.begin < self.end:
            return day in self.days and self.begin <= clock < self.end
        return (clock >= self.begin and day in self.days) or (clock < self.end and (day - 1) % 7 in self.days)

    def __str__(self) -> str:
        days = "" if self.days == ALL_DAYS else ",".join(DAYS[day] for day in self.days)
        hours = "" if self.begin == self.end else f"{self.begin:%H:%M}-{self.end:%H:%M}"
        return " ".join(filter(None, (days, hours)))


def read(days: str, begin: str, end: str) -> Hours:
    """Hours from words such as `mon-fri,sun`, `08:00` and `18:30`, each empty where it was left out.

    Raises UsageError.
    """
    if bool(begin) != bool(end):
        raise UsageError("A code's hours have a begin and an end.", "Give --from and --to, or neither.")
    hours = Hours(_days(days), _time(begin), _time(end))
    if begin and hours.begin == hours.end:
        raise UsageError("A code's hours end when they begin.", "Leave both out for the whole day.")
    return hours


def read_date(word: str) -> date | None:
    """A day such as `2027-01-31`; None where it was left out.  Raises UsageError."""
    try:
        return date.fromisoformat(word) if word else None
    except ValueError as error:
        raise UsageError("A date is written as 2027-01-31.") from error


def _days(words: str) -> tuple[int, ...]:
    if not words:
        return ALL_DAYS
    found: set[int] = set()
    for word in words.lower().split(","):
        first, dash, last = word.partition("-")
        last = last if dash else first
        if first not in DAYS or last not in DAYS:
            raise UsageError("Days are written as mon-fri or sat,sun.", f"They are {', '.join(DAYS)}.")
        begin, end = DAYS.index(first), DAYS.index(last)
        found |= {day % 7 for day in range(begin, end + 1 + 7 * (end < begin))}
    return tuple(sorted(found))


def _time(word: str) -> time:
    try:
        return datetime.strptime(word, "%H:%M").time() if word not in ("", "24:00") else MIDNIGHT
    except ValueError as error:
        raise UsageError("Times are written as 08:00 to 24:00.") from error
