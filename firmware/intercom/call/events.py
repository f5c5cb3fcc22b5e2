"""What a call tells those who listen: values only."""

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import TYPE_CHECKING

from intercom.call import codes
from intercom.signaling.messages import Failure

if TYPE_CHECKING:
    from intercom.call.connection import Connection


@dataclass(frozen=True, slots=True)
class CallError:
    """The argument of `error` (Voice JS SDK v1): `code` is Twilio's, `twilio_code` that of the newer error classes.

    `fault`: the exception behind it, where the cause is a bug in this program.
    """

    code: int
    message: str
    connection: "Connection | None" = None
    twilio_code: int | None = None
    fault: Exception | None = None


def refusal(failure: Failure, connection: "Connection | None" = None) -> CallError:
    """Return the error that an `error` frame of the exchange tells of."""
    code = failure.code or codes.UNKNOWN
    twilio_code = codes.TWILIO_CODE_OF.get(code, codes.TWILIO_SIGNALING_FAILED)
    return CallError(code, failure.message or "The exchange refused something.", connection, twilio_code)


@dataclass(frozen=True, slots=True)
class CallerInfo:
    """What the telephone network says of a caller (SHAKEN/STIR): `is_verified` where its carrier vouches for it."""

    is_verified: bool


class Ending(StrEnum):
    """How a call ended; `taken`: another who was rung answered or rejected it."""

    HUNG_UP = auto()
    HUNG_UP_BY_FAR_END = auto()
    REJECTED = auto()
    IGNORED = auto()
    CANCELLED = auto()
    TAKEN = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class End:
    """How a call ended; code and message where something went wrong."""

    how: Ending
    code: int = 0
    message: str = ""
