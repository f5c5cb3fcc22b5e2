"""What a door reports."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LockMoved:
    """The lock has been opened, or opened again for longer; or it is locked now, as when its guard has come up."""

    is_open: bool


@dataclass(frozen=True, slots=True)
class LockRefused:
    """What `Lock.open` asked for was not done; `why` is a sentence."""

    why: str


@dataclass(frozen=True, slots=True)
class GuardLost:
    """Nothing watches over the lock, which can't be opened now; `why` is a sentence."""

    why: str


@dataclass(frozen=True, slots=True)
class DoorMoved:
    """The door itself has been opened or closed, as its contact tells."""

    is_closed: bool


@dataclass(frozen=True, slots=True)
class DoorForced:
    """The door has been opened though its lock was not."""


@dataclass(frozen=True, slots=True)
class DoorHeld:
    """The door stands open for too long (`door.held_open_s`)."""


@dataclass(frozen=True, slots=True)
class Tampered:
    """The case has been opened or closed."""

    is_open: bool


DoorEvent = LockMoved | LockRefused | GuardLost | DoorMoved | DoorForced | DoorHeld | Tampered
