"""Digits of one call to codes: a run of digits ends with `#` or after 3 s of silence.  Pure."""

DIGITS = "0123456789"
SHORTEST, LONGEST = 6, 12
SILENCE_S = 3.0
MOST_A_CALL = 3
END = "#"


class Entry:
    """One per call; remembers one run, bounded, and never shows it.

    Each run that ends is one attempt, three a call; what comes later is ignored.  Of a run too long for a code as much
    is kept as tells that.  A run too short for one is an attempt where `#` ended it, as its writer wants an answer,
    and nothing where silence did: somebody brushed a keypad.  Any other symbol, such as `*`, drops the run begun.
    """

    def __init__(self, *, takes_inband: bool) -> None:
        self._takes_inband = takes_inband
        self._run = ""
        self._heard_at_s = 0.0
        self._attempts = 0

    @property
    def is_spent(self) -> bool:
        """Whether no more attempts are taken in this call."""
        return self._attempts >= MOST_A_CALL

    def feed(self, digit: str, at_s: float, *, is_inband: bool = False) -> str | None:
        """Take a digit that was heard then; the digits of a run that has ended with it or before it, else None.

        `is_inband`: it came as a tone within the voice, which counts only where that is allowed.
        """
        if is_inband and not self._takes_inband:
            return None
        ended = self.tick(at_s)
        if digit == END:
            return ended or self._end()
        if self.is_spent or digit not in DIGITS:
            self._run = ""
        else:
            self._run = (self._run + digit)[: LONGEST + 1]
            self._heard_at_s = at_s
        return ended

    def due(self) -> float | None:
        """When `tick` ends the run, on the clock of `feed`; None: nothing is begun."""
        return self._heard_at_s + SILENCE_S if self._run else None

    def tick(self, now_s: float) -> str | None:
        """The digits of the run that silence has ended until now, else None."""
        due_s = self.due()
        if due_s is None or now_s < due_s:
            return None
        if len(self._run) < SHORTEST:
            self._run = ""
        return self._end()

    def _end(self) -> str | None:
        ended, self._run = self._run, ""
        self._attempts += bool(ended)
        return ended or None
