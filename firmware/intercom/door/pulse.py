"""How long a lock may be open: the guard's decisions, without clock and line."""

from math import inf

SILENCE_S = 0.5  # an open lock needs a sign of life of the station so often
REST_S = 1.0  # a lock that was locked for less counts as having been open all along


class Pulse:
    """Fed with what the station says and with the time, in seconds of one clock that never goes back.

    Open for at most `pulse_s` after the last opening, for at most `longest_s` after the first one before which it had
    rested, and never longer than SILENCE_S after the last sign of life.  `why` is a sentence that tells why it is
    locked.  What has ended never opens again.
    """

    def __init__(self, pulse_s: float, longest_s: float) -> None:
        self._pulse_s, self._longest_s = pulse_s, longest_s
        self.is_open = False
        self.is_over = False
        self.why = "It has not been opened yet."
        self._alive_at = self._began_at = self._locked_at = self._until = -inf

    def due(self) -> float | None:
        """Return when time alone locks it; None: it is locked."""
        return min(self._until, self._alive_at + SILENCE_S) if self.is_open else None

    def pass_time(self, now: float) -> None:
        """Lock what was open for long enough."""
        due = self.due()
        if due is not None and now >= due:
            self._lock(now, "The station fell silent." if due < self._until else "Its time was over.")

    def tick(self, at: float, now: float) -> None:
        """Take a sign of life, given at `at`."""
        self.pass_time(now)
        if at <= now:
            self._alive_at = max(self._alive_at, at)

    def open(self, at: float, now: float) -> str:
        """Open, or open for longer, as asked for at `at`; return why not, or nothing."""
        self.tick(at, now)
        if self.is_over:
            return self.why
        if not now - SILENCE_S < at <= now:
            return "It was asked for too long ago."
        began_at = self._began_at if self.is_open or now < self._locked_at + REST_S else now
        if now >= began_at + self._longest_s:
            return "It has been open for its longest time and rests for a second."
        self.is_open, self._began_at = True, began_at
        self._until = min(now + self._pulse_s, began_at + self._longest_s)
        return ""

    def end(self, now: float, why: str) -> None:
        """Lock it for good."""
        self._lock(now, why)
        self.is_over = True

    def _lock(self, now: float, why: str) -> None:
        if self.is_open:
            self._locked_at = now
        self.is_open, self.why = False, why
