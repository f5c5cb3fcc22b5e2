"""How much of something a client may have: so many a second, and as many at once.  Pure."""


class Allowance:
    """Full at first; fills up again as time goes by.  `at_once` are those of one second, unless it says more."""

    def __init__(self, per_s: float, *, at_once: float | None = None) -> None:
        self._per_s, self._most = per_s, at_once or per_s
        self._left = self._most
        self._at = float("-inf")

    def take(self, now: float) -> bool:
        """Take one, where one is left."""
        self._left = min(self._most, self._left + (now - self._at) * self._per_s)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
