"""What the door's contacts tell: how the door stands, whether the case is open."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from intercom.door.events import DoorEvent, Tampered
from intercom.door.leaf import Leaf
from intercom.panel.events import Contact
from intercom.settings import schema

logger = logging.getLogger(__name__)


class Sensors:
    """Posts what becomes of it; `feel` and `lock` are called in the loop.  `is_case_open`: its contact tells so."""

    def __init__(self, settings: schema.Door, post: Callable[[DoorEvent], object]) -> None:
        self._settings, self._post = settings, post
        self._leaf = Leaf(settings.held_open_s)
        self.is_case_open = False
        self._felt: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None

    def feel(self, contact: Contact) -> None:
        """Take what a contact does."""
        self._felt.add(contact.name)
        if contact.name == "tamper":
            self._feel_case(is_open=not contact.is_closed)
        else:
            self._tell(self._leaf.move(contact.at, is_closed=contact.is_closed, is_at_start=contact.is_at_start))

    def lock(self, *, is_open: bool) -> None:
        """Know of the lock, which tells a door that was let open from one that was forced."""
        self._leaf.lock(asyncio.get_running_loop().time(), is_open=is_open)

    def close(self) -> None:
        """Tell nothing any more."""
        if self._timer:
            self._timer.cancel()

    def status(self) -> dict[str, Any]:
        """Return what `intercom status` tells of the contacts; null: there is none; unknown: it can't be read."""
        states = {"contact": str(self._leaf.state), "tamper": "open" if self.is_case_open else "closed"}
        return {name: self._state(name, state) for name, state in states.items()}

    def _state(self, name: str, state: str) -> str | None:
        if getattr(self._settings, name) is None:
            return None
        return state if name in self._felt else "unknown"

    def _feel_case(self, *, is_open: bool) -> None:
        if is_open is not self.is_case_open:
            self.is_case_open = is_open
            logger.warning("the case is %s", "open" if is_open else "closed")
            self._post(Tampered(is_open))

    def _tell(self, events: list[DoorEvent]) -> None:
        self.close()
        if (due := self._leaf.due()) is not None:
            self._timer = asyncio.get_running_loop().call_at(due, self._tick)
        if events:
            logger.info("the door is %s", self._leaf.state)
        for event in events:
            self._post(event)

    def _tick(self) -> None:
        self._tell(self._leaf.tick(asyncio.get_running_loop().time()))
