"""What buttons have begun, and what follows for their next presses.  Pure: time is an argument."""

import math
from collections import defaultdict
from dataclasses import dataclass

from intercom.call.connection import Connection
from intercom.panel.events import Flood
from intercom.station.actions import Action

CALLS = frozenset({Action.CALL, Action.ACCEPT})
PAUSES_S = (1.0, 3.0, 9.0)  # at the first call of a button, at the second, at each further one
HAMMERING_S = PAUSES_S[0]
RESTED_S = 15.0


@dataclass(slots=True)
class _Button:
    """The call that it last began or took, and `at` when.

    `calls` are those that it began since it last rested, `busy_at` is when it did, or was hammered on after that.
    """

    connection: Connection | None = None
    at: float = -math.inf
    pressed_at: float = -math.inf
    busy_at: float = -math.inf
    calls: int = 0

    @property
    def pause_s(self) -> float:
        """What its presses must pause for before they cancel its call."""
        return PAUSES_S[: max(self.calls, 1)][-1]


class Begun:
    """The calls that buttons began or took."""

    def __init__(self) -> None:
        self._buttons = defaultdict[str, _Button](_Button)

    def note(self, button: str, action: Action, connection: Connection | None, at: float) -> None:
        """Take note of what a button did, and of the call that there is since."""
        its = self._buttons[button]
        if action in CALLS:
            its.connection, its.at = connection, at
        if action is Action.CALL:
            its.calls, its.busy_at = its.calls + 1, at

    def is_hammering(self, button: str, at: float, *, is_calling: bool) -> bool:
        """Take a gesture; return whether it follows within HAMMERING_S on the one that began a call, or on such a one.

        Who hammers on a button wants to be heard, and must not cancel the call that the first press began.  With each
        call that a button begins before it rested for RESTED_S the pause is the next of PAUSES_S, for as long as it
        `is_calling`: a wet contact may have a finger's pace, and would call, cancel and call again.
        """
        its = self._buttons[button]
        if at - its.pressed_at >= RESTED_S:
            its.calls = 0
        its.pressed_at = at
        is_so = at < its.busy_at + (its.pause_s if is_calling else HAMMERING_S)
        its.busy_at = at if is_so else -math.inf
        return is_so

    def mistaken(self, flood: Flood) -> Connection | None:
        """Return the call that a button has begun or taken which, as it turns out, nobody pressed."""
        its = self._buttons[flood.button]
        connection, its.connection = its.connection, None
        return connection if connection and not connection.ended and its.at >= flood.since else None
