"""What was seen of a station, snapshot by snapshot."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

WITHIN_S = 20.0


class Sight:
    """`seen` are a station's snapshots (`intercom status --json`), in order."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []
        self._new = asyncio.Event()

    def see(self, status: dict[str, Any]) -> None:
        """Take the next snapshot."""
        self.seen.append(status)
        self._new.set()

    @property
    def patterns(self) -> list[str]:
        """The ring's patterns so far, in order, each once."""
        patterns = [status["light"]["pattern"] for status in self.seen]
        return [each for each, before in zip(patterns, [None, *patterns], strict=False) if each != before]

    @property
    def states(self) -> list[str]:
        """The states of the station's calls so far, in order."""
        states = [status["call"]["status"] for status in self.seen if status["call"]]
        return [each for each, before in zip(states, [None, *states], strict=False) if each != before]

    async def shows(self, *, within_s: float = WITHIN_S, **light: Any) -> dict[str, Any]:
        """Wait until the page shows such a light: `shows(pattern="chase")`; return the snapshot."""
        return await self.sees(lambda status: light.items() <= status["light"].items(), within_s=within_s)

    async def is_in(self, state: str | None, *, within_s: float = WITHIN_S) -> dict[str, Any]:
        """Wait until the station's call is in this state (None: there is no call)."""
        return await self.sees(lambda status: (status["call"] or {}).get("status") == state, within_s=within_s)

    async def sees(self, is_true: Callable[[dict[str, Any]], bool], *, within_s: float = WITHIN_S) -> dict[str, Any]:
        """Wait for such a snapshot, from the one shown now on."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(within_s):
                while not self.seen or not is_true(self.seen[-1]):
                    self._new.clear()
                    await self._new.wait()
        except TimeoutError as error:
            error.add_note(f"after {time.monotonic() - began:.0f} s; last seen: {json.dumps(self.seen[-1:])}")
            raise
        return self.seen[-1]
