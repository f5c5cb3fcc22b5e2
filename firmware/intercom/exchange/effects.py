"""What the switch wants done: frames to be sent, calls to be written down.  Values only."""

from dataclasses import dataclass

from intercom.exchange.directory import Kind
from intercom.signaling.messages import Message


@dataclass(frozen=True, slots=True)
class End:
    """One end of a call on record: enough to know it again after a restart."""

    identity: str
    kind: Kind
    reconnect: str = ""


@dataclass(frozen=True, slots=True)
class Send:
    """A frame for one client."""

    client: int
    message: Message


@dataclass(frozen=True, slots=True)
class Started:
    """A call was placed; `temporary` is the caller's own id for it."""

    sid: str
    temporary: str
    to: str
    caller: End


@dataclass(frozen=True, slots=True)
class Answered:
    """A call was answered."""

    sid: str
    callee: End


@dataclass(frozen=True, slots=True)
class Ended:
    """A call is over; `code` 0 is a normal end."""

    sid: str
    code: int
    reason: str


Effect = Send | Started | Answered | Ended
