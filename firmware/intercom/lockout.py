"""What wrong guesses cost who makes them: waits that double.  Pure: values in, values out, on a clock that never jumps.

Times are ages: the seconds that this station has run, in all its lives together.  A Pi has no clock of its own, so
power cuts, time servers and people set the one it keeps; an age only grows, and not while nobody could guess.
"""

from dataclasses import dataclass
from math import ceil
from typing import Annotated, ClassVar, Self

from msgspec import Meta, Struct

FIRST_S = 1.0
MOST_DEBT = 30.0  # more would only be forgotten later

Age = Annotated[float, Meta(ge=0)]


@dataclass(frozen=True, slots=True)
class Terms:
    """How many wrong attempts are `free`, how long a wait grows, and how much time takes one of them back."""

    free: int
    longest_s: float
    forgiven_s: float


class Wrong(Struct, frozen=True, array_like=True):
    """The wrong attempts of one guesser: each counts for 1, and time after its lock-out takes them back.

    A subclass names the `terms`.
    """

    debt: Annotated[float, Meta(ge=0, le=MOST_DEBT)] = 0.0
    age_s: Age = 0.0

    terms: ClassVar[Terms]

    def counting(self, age_s: float) -> Self:
        """The same with one more, now."""
        return type(self)(min(max(0.0, self.left(age_s)) + 1, MOST_DEBT), age_s)

    def left(self, age_s: float) -> float:
        """What still counts then; nothing where it isn't positive."""
        return self.debt - max(0.0, age_s - self.until_s) / self.terms.forgiven_s

    @property
    def until_s(self) -> float:
        """The age at which the lock-out ends: 1 s after the first attempt that is not free, doubling from then on."""
        doubled = ceil(self.debt) - self.terms.free - 1
        return self.age_s + (min(FIRST_S * 2.0**doubled, self.terms.longest_s) if doubled >= 0 else 0.0)
