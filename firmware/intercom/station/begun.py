"""What buttons have begun, and what follows for their next presses.  Pure: time is an argument."""

import math
from typing import NamedTuple

from intercom.call.connection import Connection
from intercom.panel.events import Flood
from intercom.station.actions import Action

CALLS = frozenset({Action.CALL, Action.ACCEPT})
# Who hammers on a button wants to be heard, and must not cancel the call that the first press began.
DEAF_S = {Action.CALL: 1.0}


class _Call(NamedTuple):
    connection: Connection | None
    at: float
    deaf_until: float


class Begun:
    """The call that each button last began or took."""

    def __init__(self) -> None:
        self._calls: dict[str, _Call] = {}

    def note(self, button: str, action: Action, connection: Connection | None, at: float) -> None:
        """Take note of what a button did, and of the call that there is since."""
        if action in CALLS:
            self._calls[button] = _Call(connection, at, at + DEAF_S.get(action, -math.inf))

    def is_deaf(self, button: str, now: float) -> bool:
        """Whether a gesture of this button means nothing, as it has only just begun a call."""
        return button in self._calls and now < self._calls[button].deaf_until

    def mistaken(self, flood: Flood) -> Connection | None:
        """Return the call that a button has begun or taken which, as it turns out, nobody pressed."""
        call = self._calls.pop(flood.button, None)
        is_mistaken = call and call.at >= flood.since and call.connection and not call.connection.ended
        return call.connection if call and is_mistaken else None
