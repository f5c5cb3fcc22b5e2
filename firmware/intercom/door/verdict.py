"""What is told of the door: who wants it open and how, whether they may, and what befell it.  Values only."""

from dataclasses import dataclass
from enum import StrEnum


class How(StrEnum):
    """By what somebody wants the door open."""

    STATION = "station"  # the door button of the other station in a call
    CODE = "code"  # digits in a call
    BUTTON = "button"  # a button of this station
    CONSOLE = "console"  # the serial line, after login
    SOCKET = "socket"  # the control socket, by its file's rights


class What(StrEnum):
    """What a record of the log is about."""

    ASKED = "asked"
    OPENED = "opened"
    FAILED = "not opened"
    FORCED = "forced"
    HELD = "held open"
    CLOSED = "closed"
    GUARD_LOST = "guard lost"
    TAMPERED = "tampered"
    RESET = "reset"
    FORGIVEN = "lock-out lifted"
    CODE_ADDED = "code added"
    CODE_REMOVED = "code removed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the door may be opened, and where not, why: a sentence for the one who asked.

    Nothing in it is a code; `name` is what the code that opens is called, empty where none did; `call` is a CallSid.
    """

    is_allowed: bool
    why: str
    who: str
    how: How
    call: str = ""
    name: str = ""
