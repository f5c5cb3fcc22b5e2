"""What a call tells those who listen: values only."""

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import TYPE_CHECKING

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


class Ending(StrEnum):
    """How a call ended."""

    HUNG_UP = auto()
    HUNG_UP_BY_FAR_END = auto()
    REJECTED = auto()
    IGNORED = auto()
    CANCELLED = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class End:
    """How a call ended; code and message where something went wrong."""

    how: Ending
    code: int = 0
    message: str = ""
