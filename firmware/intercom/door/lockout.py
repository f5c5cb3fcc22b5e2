"""How long a wrong code keeps its sender from trying again.  Pure: values in, values out, on a clock that never jumps.

Times are ages: the seconds that this station has run, in all its lives together.  A Pi has no clock of its own, so
power cuts, time servers and people set the one it keeps; an age only grows, and not while nobody could guess.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from math import ceil
from typing import Annotated

from msgspec import Meta, Struct

DAY_S = 86_400.0
FIRST_S = 1.0
MOST_A_DAY = 50
MOST_OF_A_NAME = 128
MOST_DEBT = 30.0  # more would only be forgotten later

Age = Annotated[float, Meta(ge=0)]


class Wrong(Struct, frozen=True, array_like=True):
    """The wrong attempts of one identity: each counts for 1, and each day after its lock-out takes 1 back.

    A right code takes none back: who knows one would try for the others between its uses.
    """

    debt: Annotated[float, Meta(ge=0, le=MOST_DEBT)]
    age_s: Age

    def left(self, age_s: float) -> float:
        """What still counts then; nothing where it isn't positive."""
        return self.debt - max(0.0, age_s - self.until_s) / DAY_S

    @property
    def until_s(self) -> float:
        """The age at which the lock-out ends: 1 s after the first, doubling up to a day."""
        return self.age_s + min(FIRST_S * 2.0 ** (ceil(self.debt) - 1), DAY_S)


@dataclass(frozen=True, slots=True)
class Locked:
    """A lock-out under way; without `identity` it is that of all who are not in `door.allow`."""

    identity: str
    until_s: float
    wrong: int


class Lockouts(Struct, frozen=True):
    """All that is kept: at most 50 new identities a day get in, and each leaves as its debt is paid back."""

    age_s: Age = 0.0
    wrong: dict[str, Wrong] = {}
    latest: Annotated[tuple[Age, ...], Meta(max_length=MOST_A_DAY)] = ()

    def counting(self, identity: str, age_s: float) -> "Lockouts":
        """The same with a wrong attempt of that identity now."""
        name = identity[:MOST_OF_A_NAME]
        before = self.wrong.get(name, Wrong(0.0, age_s))
        owing = self.at(age_s).wrong | {name: Wrong(min(max(0.0, before.left(age_s)) + 1, MOST_DEBT), age_s)}
        return Lockouts(age_s, owing, (*self.latest, age_s)[-MOST_A_DAY:])

    def at(self, age_s: float) -> "Lockouts":
        """The same, that much later, without who owes nothing any more."""
        owing = {name: wrong for name, wrong in self.wrong.items() if wrong.left(age_s) > 0}
        return Lockouts(age_s, owing, self.latest)

    def lock(self, identity: str, age_s: float, *, allow: Collection[str]) -> Locked | None:
        """What keeps that identity from trying now; the limit of all never does so to one in `allow`."""
        name = identity[:MOST_OF_A_NAME]
        own = [lock for lock in self._own(age_s) if lock.identity == name]
        common = [] if identity in allow else self._common(age_s)
        return max([*own, *common], key=lambda lock: lock.until_s, default=None)

    def locks(self, age_s: float) -> list[Locked]:
        """All lock-outs under way, the longest first."""
        return sorted([*self._own(age_s), *self._common(age_s)], key=lambda lock: -lock.until_s)

    def _own(self, age_s: float) -> Iterator[Locked]:
        for name, wrong in self.wrong.items():
            if age_s < wrong.until_s:
                yield Locked(name, wrong.until_s, ceil(wrong.left(age_s)))

    def _common(self, age_s: float) -> list[Locked]:
        until_s = self.latest[0] + DAY_S if len(self.latest) == MOST_A_DAY else 0.0
        return [Locked("", until_s, MOST_A_DAY)] if age_s < until_s else []
