"""The facts of the relay's line, as the guard is given them and as they lie in the state folder for `--safe`."""

import json
from pathlib import Path
from typing import Any, NamedTuple, Self

from intercom import disk

NAME = "relay.json"
LEVELS = ("low", "high")
KINDS: tuple[set[type], ...] = ({int}, {bool}, {int, float}, {int, float}, {bool})  # of a relay's members


class Relay(NamedTuple):
    """Which line, which of its levels is safe (locked), and how long it may be left; no line is driven if simulated."""

    line: int
    is_safe_high: bool
    pulse_s: float
    longest_s: float
    is_simulated: bool = False

    @property
    def safe(self) -> str:
        """The level that locks."""
        return LEVELS[self.is_safe_high]

    @property
    def unsafe(self) -> str:
        """The level that opens."""
        return LEVELS[not self.is_safe_high]

    def text(self) -> str:
        """Return what `read` reads."""
        return json.dumps(self._asdict())

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the relay of such a text; raises ValueError where it is none."""
        facts: Any = json.loads(text)
        try:
            relay = cls(**facts)
        except TypeError as error:
            raise ValueError("it has other members") from error
        if not all(type(fact) in kinds for fact, kinds in zip(relay, KINDS, strict=True)):
            raise ValueError("its members are of other kinds")
        return relay


def keep(relay: Relay | None, state: Path) -> None:
    """Lay the facts down for who must drive the line safe when the station is gone; none where no line is driven.

    Blocks; raises OSError.  What is there already is not written again.
    """
    path = state / NAME
    if relay is None or relay.is_simulated:
        path.unlink(missing_ok=True)  # the line may be a button's now
    elif not path.exists() or path.read_bytes() != relay.text().encode():
        disk.write(path, relay.text().encode())
