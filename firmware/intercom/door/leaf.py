"""The door itself, as its contact tells: closed, open, held open, forced.  Pure: time is an argument."""

from enum import StrEnum, auto

from intercom.door.events import DoorEvent, DoorForced, DoorHeld, DoorMoved

GRACE_S = 3.0  # a door that was let go at the last moment is opened so long after its lock has locked again


class LeafState(StrEnum):
    """How the door stands."""

    CLOSED = auto()
    OPEN = auto()
    HELD = auto()
    FORCED = auto()


class Leaf:
    """Fed with what the lock and the contact do, at times of one clock.

    Forced is a door that opens though its lock was not opened; one that is open already when the station starts is
    not.  Held is one that stays open for `held_open_s`, forced or not.
    """

    def __init__(self, held_open_s: float) -> None:
        self._held_open_s = held_open_s
        self.state = LeafState.CLOSED
        self._is_lock_open = False
        self._locked_at: float | None = None
        self._held_at: float | None = None

    def lock(self, at: float, *, is_open: bool) -> None:
        """The lock is opened, or asked to; or it has locked."""
        if self._is_lock_open and not is_open:
            self._locked_at = at
        self._is_lock_open = is_open

    def move(self, at: float, *, is_closed: bool, is_at_start: bool = False) -> list[DoorEvent]:
        """The contact has closed or opened; return what there is to tell."""
        if is_closed is (self.state is LeafState.CLOSED):
            return []
        if is_closed:
            self.state, self._held_at = LeafState.CLOSED, None
            return [DoorMoved(is_closed=True)]
        is_forced = not (is_at_start or self._is_let_through(at))
        self.state = LeafState.FORCED if is_forced else LeafState.OPEN
        self._held_at = at + self._held_open_s
        return [DoorMoved(is_closed=False), DoorForced()] if is_forced else [DoorMoved(is_closed=False)]

    def due(self) -> float | None:
        """Return when `tick` has something to do."""
        return self._held_at

    def tick(self, now: float) -> list[DoorEvent]:
        """Return what time alone has brought about."""
        if self._held_at is None or now < self._held_at:
            return []
        self._held_at = None
        if self.state is LeafState.OPEN:
            self.state = LeafState.HELD
        return [DoorHeld()]

    def _is_let_through(self, at: float) -> bool:
        return self._is_lock_open or (self._locked_at is not None and at < self._locked_at + GRACE_S)
