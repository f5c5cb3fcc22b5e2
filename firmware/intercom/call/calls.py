"""The calls of a device: those that ring, the one under way, and which of them a frame is for."""

from intercom.call.connection import Connection
from intercom.call.machine import CallState
from intercom.signaling.messages import Answer, Cancel, Hangup, Message, Ringing


class Calls:
    """`pending`: incoming and not accepted yet, the oldest first; `active`: placed or accepted, and not over."""

    def __init__(self) -> None:
        self.pending: list[Connection] = []
        self.active: Connection | None = None

    @property
    def may_ring(self) -> bool:
        """Whether somebody calls and no call is under way."""
        return bool(self.pending) and self.active is None

    def follow(self, connection: Connection, state: CallState) -> None:
        """Keep both right: an accepted call becomes the active one, after the other was hung up."""
        if state in {CallState.CONNECTING, CallState.CLOSED} and connection in self.pending:
            self.pending.remove(connection)
        if state is CallState.CONNECTING and self.active is not connection:
            other, self.active = self.active, connection
            if other:
                other.disconnect()
        elif state is CallState.CLOSED and self.active is connection:
            self.active = None

    def named(self, sid: str) -> Connection | None:
        """Return the call of this CallSid or temporary id."""
        known = [*self.pending, *([self.active] if self.active else [])]
        return next((each for each in known if sid and sid in {each.sid, each.outbound_connection_id}), None)

    def addressed(self, message: Message) -> Connection | None:
        """Return the call that a frame is for."""
        sid: str = getattr(message, "callsid", "")
        match message:
            case Ringing() | Answer():
                return self.named(sid) or self._unnamed()
            case Hangup() | Cancel() if not sid:
                return self.active
            case _:
                return self.named(sid)

    def _unnamed(self) -> Connection | None:
        """Return our call that the exchange has not named yet: a new CallSid can only be its."""
        return self.active if self.active and "CallSid" not in self.active.parameters else None
