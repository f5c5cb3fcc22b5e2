"""The stories of this station's calls, as they happen and as they are told."""

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol, Self

from msgspec.structs import replace

from intercom.call.connection import Connection
from intercom.errors import DoorError, UsageError
from intercom.station import doormail
from intercom.station.actions import Action
from intercom.station.doormail import Mail, Told
from intercom.station.quiet import knows_time
from intercom.station.view import Shows, Sign
from intercom.story import telling
from intercom.story.hand import whose
from intercom.story.keeper import Keeper
from intercom.story.record import NEVER, Ring, Story
from intercom.story.scribe import Scribe

DOOR_RECORDS = 200  # so far back the door's log is looked through
LEAVING = "the station, which stopped or took new settings"
UNPLACED = {
    Shows.NOT_CONFIGURED: "Nobody is named whom the call button calls.",
    Shows.NOT_CONNECTED: "The station was not connected to its exchange.",
}


class DoorLog(Protocol):
    """The door's log."""

    async def log(self, count: int) -> dict[str, Any]:
        """Its last records; raises DoorError."""


class Annals:
    """A Companion, and an async context manager that is to be entered before the calls' device and left after it.

    `shown`, the station's signs, and `is_audible` tell what is heard of a call that rings; `why_offline`, why the
    exchange is away.
    """

    def __init__(
        self, state: Path, door: DoorLog, *, is_audible: Callable[[], bool], clock: Callable[[], float] = time.time
    ) -> None:
        self.acts: Mapping[Action, Callable[[], object]] = {}
        self.signs: frozenset[Sign] = frozenset()
        self.shown: Callable[[], frozenset[Sign]] = frozenset
        self.why_offline: Callable[[], str] = str
        self._keeper, self._door, self._is_audible, self._clock = Keeper(state), door, is_audible, clock
        self._living: dict[int, Scribe] = {}
        self._is_leaving = False

    async def __aenter__(self) -> Self:
        await self._keeper.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._keeper.__aexit__()

    def follow(self, connection: Connection) -> None:
        """Write down a call that has begun."""
        n = self._next_number()
        self._living[n] = scribe = Scribe(
            connection,
            n,
            at=self._clock(),
            clock=asyncio.get_running_loop().time,
            ring=partial(self._ring, is_hushed=Sign.HUSHED in self.shown()),
            changed=lambda: self._keep(n, connection),
        )
        connection.on("message", lambda message: _answered(scribe, message))
        if connection.ended:  # before anybody could listen
            self._keep(n, connection)

    def after(self, _connection: Connection) -> Shows | None:
        """A call's end is shown as it is."""
        return None

    def due(self) -> float | None:
        """It waits for nothing."""
        return None

    def tick(self, now: float) -> None:
        """So it has nothing to do."""

    def unplaced(self, shows: Shows, *, to: str = "") -> None:
        """Write down a call that could not even be begun."""
        self.came_to_nothing(UNPLACED.get(shows, ""), to=to)

    def came_to_nothing(self, why: str, *, to: str) -> None:
        """Write down a call that was not to be, and why: a sentence."""
        offline = self.why_offline().removesuffix(".")
        story = Story(
            n=self._next_number(),
            at=self._clock(),
            direction="outgoing",
            peer=to,
            hand=whose(),
            how=NEVER,
            message=f"{why.removesuffix('.')}: {offline}." if offline else why,
        )
        self._keeper.keep(story)

    def leave(self) -> None:
        """The station ends, and all calls with it."""
        self._is_leaving = True

    async def written(self) -> None:
        """Have all written that is known of calls; the status tells where that failed."""
        await self._keeper.written()

    def status(self) -> dict[str, Any]:
        """Return what stands under `history` in the snapshot."""
        why = self._keeper.why
        return {"state": "failed" if why else "kept", "why": why, "calls": len(self._keeper.stories)}

    def calls(self, count: int) -> dict[str, Any]:
        """The latest calls, the newest first, those under way too."""
        return {"calls": [telling.shown(story, at=_when(story.at)) for story in self._stories()[: -count - 1 : -1]]}

    async def why(self, n: int | None) -> dict[str, Any]:
        """One call, the last one where none is named, and its story in sentences; raises UsageError."""
        stories = self._stories()
        story = next((one for one in reversed(stories) if n in {None, one.n}), None)
        if story is None:
            raise UsageError("There is no such call." if stories else "There has been no call.", "See `calls`.")
        records = await self._records()
        told = telling.sentences(story, at=_when(story.at))
        told += telling.at_door([record for record in records if record.get("call") == story.sid and story.sid])
        if n is None:
            later = [record for record in records if not record.get("call") and record.get("allowed") is False]
            told += telling.at_door(later[-1:])
        return {**telling.shown(story, at=_when(story.at)), "sentences": told}

    def _stories(self) -> list[Story]:
        """All stories, the oldest first, as they are now."""
        known = {story.n: story for story in self._keeper.stories}
        known |= {n: scribe.story() for n, scribe in self._living.items()}
        return [known[n] for n in sorted(known)]

    def _next_number(self) -> int:
        return max([self._keeper.next_number, *(n + 1 for n in self._living)])

    def _keep(self, n: int, connection: Connection) -> None:
        story = self._living[n].story()
        if connection.ended and self._is_leaving:
            story = replace(story, ended_by=LEAVING)
        self._keeper.keep(story)
        if connection.ended:
            del self._living[n]

    def _ring(self, *, is_hushed: bool) -> Ring:
        if is_hushed:
            return Ring.HUSHED
        return Ring.ALOUD if self._is_audible() else Ring.UNHEARD

    async def _records(self) -> list[dict[str, Any]]:
        try:
            records: list[dict[str, Any]] = (await self._door.log(DOOR_RECORDS))["records"]
        except DoorError:  # the status tells of it
            return []
        return records


def _answered(scribe: Scribe, message: Mail) -> None:
    told = doormail.read(message.content) if message.messagetype == doormail.TYPE else None
    if isinstance(told, Told):
        scribe.door(told.result, told.why)


def _when(at: float) -> str:
    """A time as people here have it on their clocks; empty where the station's was not set."""
    return datetime.fromtimestamp(at).astimezone().isoformat(" ", "seconds") if knows_time(at) else ""
