"""What buttons have begun, and what follows for their next presses.  Pure: time is an argument."""

import math

from intercom.call.connection import Connection
from intercom.panel.events import Flood
from intercom.station.actions import Action

CALLS = frozenset({Action.CALL, Action.ACCEPT})
HAMMERING_S = 1.0


class Begun:
    """The call that each button last began or took."""

    def __init__(self) -> None:
        self._calls: dict[str, tuple[Connection | None, float]] = {}
        self._deaf_until: dict[str, float] = {}

    def note(self, button: str, action: Action, connection: Connection | None, at: float) -> None:
        """Take note of what a button did, and of the call that there is since."""
        if action in CALLS:
            self._calls[button] = connection, at
        if action is Action.CALL:
            self._deaf_until[button] = at + HAMMERING_S

    def is_hammering(self, button: str, at: float) -> bool:
        """Take a gesture; return whether it follows within HAMMERING_S on the one that began a call, or on such a one.

        Who hammers on a button wants to be heard, and must not cancel the call that the first press began.
        """
        is_so = at < self._deaf_until.pop(button, -math.inf)
        if is_so:
            self._deaf_until[button] = at + HAMMERING_S
        return is_so

    def mistaken(self, flood: Flood) -> Connection | None:
        """Return the call that a button has begun or taken which, as it turns out, nobody pressed."""
        connection, at = self._calls.pop(flood.button, (None, -math.inf))
        return connection if connection and not connection.ended and at >= flood.since else None
