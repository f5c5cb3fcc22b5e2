"""The calls of a device: those that ring, the one under way, and which of them a frame is for."""

from intercom.call.connection import Connection
from intercom.call.machine import DIALLING, CallState
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
                return self.named(sid) or self._dialled()
            case Hangup() | Cancel() if not sid:
                return self.active
            case _:
                return self.named(sid)

    def _dialled(self) -> Connection | None:
        """Return our call that is not answered yet: a new CallSid is its, also after a late one of a call before it."""
        is_dialled = self.active and self.active.direction == "OUTGOING" and self.active.status() in DIALLING
        return self.active if is_dialled else None
