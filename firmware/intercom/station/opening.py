"""How the door of this station comes to be opened: one wish after the other is judged, carried out and written down."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Protocol

from intercom.door.events import DoorEvent, GuardLost, LockMoved, LockRefused
from intercom.door.verdict import How, Verdict, What
from intercom.errors import IntercomError
from intercom.station.doormail import Result, Told

MOST_WAITING = 16
MOVES_WITHIN_S = 2.0
GOOD_FOR_S = 5.0  # who has waited for longer has gone, and a door would open for whoever stands there

BUSY = Told(Result.FAILED, "Too many want the door opened at once.")
TOO_LATE = "The call ended before the door was opened."
SLOW = "It took too long to judge that: see to the disk of the state folder."
CASE_OPEN = "The case of this station is open."
STUCK = "The lock has not said that it opened."

logger = logging.getLogger(__name__)


class Lock(Protocol):
    """The lock as it is opened; what comes of it is told by `door.events`."""

    @property
    def is_open(self) -> bool: ...

    @property
    def has_lock(self) -> bool: ...

    @property
    def is_case_open(self) -> bool: ...

    def open(self) -> None:
        """Open it for a while; raises DoorError."""

    def status(self) -> dict[str, Any]: ...


class Warden(Protocol):
    """Who judges and writes down; raises IntercomError where neither can be done."""

    @property
    def is_tampered(self) -> bool: ...

    async def ask(self, identity: str, *, call: str) -> Verdict: ...

    async def attempt(self, digits: str, *, identity: str, call: str) -> Verdict: ...

    async def grant(self, who: str, *, how: How) -> Verdict: ...

    async def outcome(self, verdict: Verdict, *, is_open: bool, why: str = "") -> None: ...

    async def note(self, what: What, *, who: str = "", why: str = "") -> None: ...

    def status(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody wants the door opened: how that is judged, whether it is still meant, who is told what came of it.

    `since` is a time of the monotonic clock.
    """

    judge: Callable[[], Awaitable[Verdict]]
    is_meant: Callable[[], bool] = lambda: True
    tell: Callable[[Told], None] = lambda _: None
    since: float = field(default_factory=monotonic)


class Opening:
    """The only one that opens the lock.  `take` is to be called with each event of the door."""

    def __init__(self, lock: Lock, warden: Warden) -> None:
        self._lock, self._warden = lock, warden
        self._wishes: asyncio.Queue[Wish] = asyncio.Queue(MOST_WAITING)
        self._order = asyncio.Lock()
        self._moved: asyncio.Future[str] | None = None

    def wish(self, wish: Wish) -> None:
        """Have a wish seen to, after those before it."""
        try:
            self._wishes.put_nowait(wish)
        except asyncio.QueueFull:
            logger.warning("%s", BUSY.why)
            wish.tell(BUSY)

    async def run(self) -> None:
        """See to the wishes, one after the other, until cancelled."""
        while True:
            await self.fulfil(await self._wishes.get())

    async def fulfil(self, wish: Wish) -> Told:
        """Have a wish judged, open, write it down; return what came of it, which the wish is told too."""
        async with self._order:
            try:
                verdict = await wish.judge()
            except IntercomError as error:
                return _told(wish, Told(Result.FAILED, error.message))
            if not verdict.is_allowed:
                return _told(wish, Told(Result.REFUSED, verdict.why))
            try:
                told = await self._act(wish)
            except IntercomError as error:
                told = Told(Result.FAILED, error.message)
            _told(wish, told)
            await self._warden.outcome(verdict, is_open=told.result is Result.OPENED, why=told.why)
            return told

    def take(self, event: DoorEvent) -> None:
        """Learn what the lock has done."""
        match event:
            case LockMoved(is_open=True):
                why = ""
            case LockRefused(why) | GuardLost(why):
                pass
            case _:
                return
        if self._moved and not self._moved.done():
            self._moved.set_result(why)

    async def _act(self, wish: Wish) -> Told:
        """Open the lock and wait until it has opened; raises DoorError."""
        if not wish.is_meant():
            return Told(Result.REFUSED, TOO_LATE)
        if self._lock.is_case_open:
            return Told(Result.REFUSED, CASE_OPEN)
        if monotonic() - wish.since > GOOD_FOR_S:
            return Told(Result.FAILED, SLOW)
        self._moved = asyncio.get_running_loop().create_future()
        self._lock.open()
        try:
            async with asyncio.timeout(MOVES_WITHIN_S):
                why = await self._moved
        except TimeoutError:
            why = "" if self._lock.is_open else STUCK
        return Told(Result.FAILED, why) if why else Told(Result.OPENED)


def _told(wish: Wish, told: Told) -> Told:
    wish.tell(told)
    return told
