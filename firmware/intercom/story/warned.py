"""How often each warning of a call was raised, and how long it held.  Pure: time is an argument."""

from msgspec.structs import replace

from intercom.story.record import Warned


class Warnings:
    """Those of one call, in the order in which each came first; times in seconds since the call began."""

    def __init__(self) -> None:
        self._known: dict[str, Warned] = {}
        self._since_s: dict[str, float] = {}

    def raised(self, name: str, at_s: float) -> None:
        """A warning holds from now on."""
        before = self._known.get(name, Warned(name, 0, 0.0))
        self._known[name] = replace(before, times=before.times + 1)
        self._since_s[name] = at_s

    def cleared(self, name: str, at_s: float) -> None:
        """It holds no longer."""
        if name in self._since_s:
            self._known[name] = self._until(name, at_s)
            del self._since_s[name]

    def told(self, at_s: float) -> tuple[Warned, ...]:
        """Return all, with how long they have held until now."""
        return tuple(self._until(name, at_s) for name in self._known)

    def _until(self, name: str, at_s: float) -> Warned:
        known = self._known[name]
        held_s = at_s - self._since_s.get(name, at_s)
        return replace(known, lasted_s=round(known.lasted_s + held_s, 1))
