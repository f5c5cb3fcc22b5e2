"""How long wrong passwords keep a serial port from trying again.  Pure; times are ages (`intercom.lockout`)."""

from typing import ClassVar

from msgspec import Struct

from intercom import lockout
from intercom.lockout import Age, Terms

HOUR_S = 3600.0


class Wrong(lockout.Wrong, frozen=True, array_like=True):
    """The wrong passwords of one port: from the fifth on it is locked out, 1 s, 2 s … 300 s; each hour takes 1 back."""

    terms: ClassVar[Terms] = Terms(free=4, longest_s=300.0, forgiven_s=HOUR_S)


class Lockouts(Struct, frozen=True):
    """Those of all ports."""

    age_s: Age = 0.0
    wrong: dict[str, Wrong] = {}

    def counting(self, port: str, age_s: float) -> "Lockouts":
        """The same with a wrong password at that port now."""
        return Lockouts(age_s, self.at(age_s).wrong | {port: self.wrong.get(port, Wrong()).counting(age_s)})

    def without(self, port: str, age_s: float) -> "Lockouts":
        """The same, that much later, after the right password of who may do all."""
        return Lockouts(age_s, {name: wrong for name, wrong in self.at(age_s).wrong.items() if name != port})

    def at(self, age_s: float) -> "Lockouts":
        """The same, that much later, without the ports where nothing counts any more."""
        return Lockouts(age_s, {name: wrong for name, wrong in self.wrong.items() if wrong.left(age_s) > 0})

    def wait_s(self, port: str, age_s: float) -> float:
        """How long that port is locked out yet."""
        return max(0.0, self.wrong[port].until_s - age_s) if port in self.wrong else 0.0
