"""What befalls the door without anybody asking: kept as an alarm while it lasts, and written down."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from intercom.door.events import DoorEvent, DoorForced, DoorHeld, DoorMoved, GuardLost, Tampered
from intercom.door.verdict import What

AGAIN_S = 1.0  # a contact that flaps does not fill the log


class Notebook(Protocol):
    """Who writes down."""

    async def note(self, what: What, *, who: str = "", why: str = "") -> None: ...


class Porch:
    """`alarm` is what is wrong with the door, in words, until it is closed; empty: nothing."""

    def __init__(self, notebook: Notebook, *, clock: Callable[[], float]) -> None:
        self.alarm = ""
        self._notebook, self._clock = notebook, clock
        self._notes: asyncio.Queue[tuple[What, str]] = asyncio.Queue()
        self._noted_at: dict[What, float] = {}

    def take(self, event: DoorEvent) -> None:
        """Learn what has befallen the door."""
        match event:
            case DoorForced():
                self.alarm = "forced open"
                self._note(What.FORCED)
            case DoorHeld():
                self.alarm = self.alarm or "held open"
                self._note(What.HELD)
            case DoorMoved(is_closed=True) if self.alarm:
                self.alarm = ""
                self._note(What.CLOSED)
            case Tampered(is_open=True):
                self._note(What.TAMPERED)
            case GuardLost(why):
                self._note(What.GUARD_LOST, why)

    async def run(self) -> None:
        """Have it written down, until cancelled."""
        while True:
            what, why = await self._notes.get()
            await self._notebook.note(what, why=why)

    def _note(self, what: What, why: str = "") -> None:
        now = self._clock()
        if now - self._noted_at.get(what, -AGAIN_S) >= AGAIN_S:
            self._noted_at[what] = now
            self._notes.put_nowait((what, why))
