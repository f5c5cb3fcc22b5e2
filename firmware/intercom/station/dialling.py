"""Codes that are dialled in open calls: digits in, wishes for an open door out."""

from collections.abc import Callable
from functools import partial

from intercom.call.connection import Connection
from intercom.call.machine import CallState
from intercom.call.ports import DigitHeard, DigitSource
from intercom.door.entry import Entry
from intercom.station.opening import Warden, Wish

CLIENT = "client:"
UNVERIFIED = "(unverified)"  # written so, it is nobody's identity


def far_end(connection: Connection) -> str:
    """Return who dials: the identity that an exchange has verified, whom we called, or that it may be anybody."""
    if connection.direction == "OUTGOING":
        return connection.custom_parameters.get("To", "").removeprefix(CLIENT)
    caller, info = connection.parameters.get("From", ""), connection.caller_info
    if caller.startswith(CLIENT):
        return caller.removeprefix(CLIENT)
    return caller if info and info.is_verified else UNVERIFIED


class Dialling:
    """Follows the calls of a station that has a door; what was dialled in a call is forgotten at its end."""

    def __init__(
        self, warden: Warden, wish: Callable[[Wish], None], *, clock: Callable[[], float], takes_inband: bool
    ) -> None:
        self._warden, self._wish, self._clock, self._takes_inband = warden, wish, clock, takes_inband
        self._entries: dict[Connection, Entry] = {}

    def follow(self, connection: Connection) -> None:
        """Hear what is dialled in this call, from its opening to its end."""
        connection.on("state", partial(self._moved, connection))
        connection.on("digit", partial(self._hear, connection))

    def due(self) -> float | None:
        """When a pause ends what was dialled."""
        return min((due for entry in self._entries.values() if (due := entry.due()) is not None), default=None)

    def tick(self, now: float) -> None:
        """End what a pause has ended."""
        for connection, entry in self._entries.items():
            self._attempt(connection, entry.tick(now))

    def _moved(self, connection: Connection, state: CallState) -> None:
        if state is CallState.OPEN:
            self._entries.setdefault(connection, Entry(takes_inband=self._takes_inband))
        elif state is CallState.CLOSED:
            self._entries.pop(connection, None)

    def _hear(self, connection: Connection, heard: DigitHeard) -> None:
        if entry := self._entries.get(connection):
            is_inband = heard.source is DigitSource.IN_BAND
            self._attempt(connection, entry.feed(heard.digit, self._clock(), is_inband=is_inband))

    def _attempt(self, connection: Connection, digits: str | None) -> None:
        if digits:
            judge = partial(self._warden.attempt, digits, identity=far_end(connection), call=connection.sid)
            self._wish(Wish(judge, is_meant=lambda: connection.status() is not CallState.CLOSED))
