"""Trying the buttons: what is done with them is told to who asked, and nothing else comes of it."""

import asyncio
import math
from contextlib import suppress
from typing import Any

from intercom.panel.events import Edge, Flood, PanelEvent
from intercom.panel.gestures import Gesture, Gestures, Reach
from intercom.settings import schema

LEASE_S = 3.0  # how long the buttons stay on trial for who asks again


class Trial:
    """On while somebody waits for `seen`, and LEASE_S longer."""

    def __init__(self, panel: schema.Panel) -> None:
        self._panel = panel
        self._until = -math.inf
        self._gestures = Gestures()
        self._seen: list[dict[str, Any]] = []
        self._news = asyncio.Event()

    async def seen(self, within_s: float) -> list[dict[str, Any]]:
        """Return what was done since it was asked last, a gesture to its end; waits for something, empty: none was."""
        now = asyncio.get_running_loop().time()
        if not self.is_on(now):
            self._gestures, self._seen = Gestures(), []
        self._until = now + within_s + LEASE_S
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await self._news.wait()
                while self._gestures.due() is not None:
                    self._news.clear()
                    await self._news.wait()
        self._until = asyncio.get_running_loop().time() + LEASE_S
        self._news.clear()
        seen, self._seen = self._seen, []
        return seen

    def is_on(self, now: float) -> bool:
        """Whether what is done with a button is a trial."""
        return now < self._until

    def take(self, event: PanelEvent) -> None:
        """Note what the panel reports."""
        match event:
            case Flood(button=button):
                self._note(button, "floods")
            case Edge(button=button, is_down=is_down):
                self._note(button, "down" if is_down else "up")
                self._note_gestures(self._gestures.feed(event, self._reach(button)))

    def due(self) -> float | None:
        """When `tick` has something to do."""
        return self._gestures.due()

    def tick(self, now: float) -> None:
        """Note what became due until now."""
        self._note_gestures(*self._gestures.tick(now))

    def _reach(self, button: str) -> Reach:
        return Reach(hold_s=self._panel.hold_s(button), double_s=self._panel.double_ms / 1000)

    def _note_gestures(self, *gestures: Gesture | None) -> None:
        for gesture in gestures:
            if gesture:
                self._note(gesture.button, gesture.kind)

    def _note(self, button: str, what: str) -> None:
        self._seen.append({"button": button, "what": str(what)})
        self._news.set()
