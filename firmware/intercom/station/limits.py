"""How long one call may ring and last.  Pure: times are arguments, in seconds of one clock; a limit of 0 is none."""

from dataclasses import dataclass, field
from enum import StrEnum, auto

WARNINGS_S = (60.0, 10.0)  # before the end


class Due(StrEnum):
    """What is to be done about a call."""

    UNANSWERED = auto()
    WARNING = auto()
    OVER = auto()


@dataclass(slots=True)
class Limits:
    """Of one call, which ends at `ends_at`; `is_warned`: its end is near, here or there, and a press puts it off."""

    ring_s: float
    longest_s: float
    is_warned: bool = False
    ends_at: float | None = None
    _agenda: list[tuple[float, Due]] = field(default_factory=list)

    def ring(self, now: float) -> None:
        """It begins to ring, here or there."""
        self._agenda = [(now + self.ring_s, Due.UNANSWERED)] if self.ring_s else []

    def open(self, now: float) -> None:
        """It is answered, or prolonged: it may last as long as any call, from now on."""
        self.is_warned = False
        if self.longest_s:
            self.ends_at = now + self.longest_s
            warnings = [(max(now, self.ends_at - before_s), Due.WARNING) for before_s in WARNINGS_S]
            self._agenda = [*warnings, (self.ends_at, Due.OVER)]
        else:
            self._agenda = []

    def due(self) -> float | None:
        """When `tick` has something to tell; None: never."""
        return self._agenda[0][0] if self._agenda else None

    def tick(self, now: float) -> list[Due]:
        """Return what became due until `now`."""
        done = [due for at, due in self._agenda if at <= now]
        self._agenda = self._agenda[len(done) :]
        self.is_warned |= Due.WARNING in done
        return done
