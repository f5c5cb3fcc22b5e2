"""How long a wrong code keeps its sender from trying again.  Pure; times are ages, as `intercom.lockout` has them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from math import ceil
from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from intercom import lockout
from intercom.lockout import Age, Terms

DAY_S = 86_400.0
MOST_A_DAY = 50
MOST_OF_A_NAME = 128


class Wrong(lockout.Wrong, frozen=True, array_like=True):
    """The wrong attempts of one identity: a lock-out of 1 s after the first, up to a day; each day takes 1 back.

    A right code takes none back: who knows one would try for the others between its uses.
    """

    terms: ClassVar[Terms] = Terms(free=0, longest_s=DAY_S, forgiven_s=DAY_S)


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
        owing = self.at(age_s).wrong | {name: self.wrong.get(name, Wrong()).counting(age_s)}
        return Lockouts(age_s, owing, (*self.latest, age_s)[-MOST_A_DAY:])

    def at(self, age_s: float) -> "Lockouts":
        """The same, that much later, without who owes nothing any more."""
        owing = {name: wrong for name, wrong in self.wrong.items() if wrong.left(age_s) > 0}
        return Lockouts(age_s, owing, self.latest)

    def forgiving(self, identity: str, age_s: float) -> "Lockouts":
        """The same without the wrong attempts of that identity; empty: of all, the limit over all too."""
        if not identity:
            return Lockouts(age_s)
        owing = {name: wrong for name, wrong in self.wrong.items() if name != identity[:MOST_OF_A_NAME]}
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
