"""A call of the town: between a station and a browser with an official SDK, or between two stations."""

import asyncio
import json
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from tests.browser.sdkphone import SdkPhone
from tests.net.station import Station

WITHIN_S = 15.0
REGISTERED_WITHIN_S = 30.0  # the SDKs wait up to 28 s between two attempts

End = Station | SdkPhone


@dataclass(frozen=True)
class Heard:
    """After how many seconds the station heard its far end, and was heard by it."""

    station_s: float
    far_s: float

    def __str__(self) -> str:
        return f"{self.station_s:.2f} s at the station, {self.far_s:.2f} s at the far end"

    def later(self, by_s: float) -> "Heard":
        """Return the same, counted from a moment before."""
        return Heard(self.station_s + by_s, self.far_s + by_s)


@dataclass(frozen=True)
class Talk:
    """Who talks; `name` is what the far end is called by, `title` what it is."""

    station: Station
    far: End
    name: str
    title: str

    @property
    def ends(self) -> tuple[End, End]:
        return self.station, self.far

    async def begin(self, *, is_called: bool = False) -> None:
        """Let the station call its far end, or the other way round, until they hear each other."""
        await asyncio.gather(*(end.forget() for end in self.ends))
        if is_called:
            await _call(self.far, self.station.identity)
            await _answer(self.station)
        else:
            await _call(self.station, self.name)
            await _answer(self.far)
        await self.hear_each_other()

    async def end(self) -> None:
        """Let the station hang up, and wait until both are free for the next call."""
        await self.station.ask("hangup")
        await asyncio.gather(*map(ended, self.ends))

    async def is_under_way(self) -> bool:
        """Whether both ends say that the call is open, or will be again."""
        return {*await asyncio.gather(*map(state, self.ends))} <= {"open", "reconnecting"}

    async def is_sound(self, *, within_s: float = WITHIN_S) -> Heard:
        """Wait until both hear each other and say that the call is open."""
        heard = await self.hear_each_other(within_s=within_s)
        await asyncio.gather(*map(opened, self.ends))
        return heard

    async def hear_each_other(self, *, within_s: float = WITHIN_S) -> Heard:
        """Wait until both hear the other; what happened stands in a failure's notes."""
        one, other = self.ends
        try:
            times = await asyncio.gather(
                timed(one.hears(other.microphone_hz, within_s=within_s)),
                timed(other.hears(one.microphone_hz, within_s=within_s)),
            )
        except AssertionError as error:
            for end in self.ends:
                error.add_note(await _story(end))
            raise
        return Heard(*times)

    async def miss_each_other(self) -> None:
        """Wait until neither hears the other."""
        await asyncio.gather(_misses(self.station, self.far), _misses(self.far, self.station))


async def timed(waiting: Coroutine[Any, Any, object]) -> float:
    """Return after how many seconds it is done."""
    began = time.monotonic()
    await waiting
    return time.monotonic() - began


async def state(end: End) -> str | None:
    """Return the state of an end's call."""
    if isinstance(end, SdkPhone):
        return await end.status()
    call = (await end.ask("status"))["call"]
    return call and str(call["status"])


async def opened(end: End, *, within_s: float = WITHIN_S) -> None:
    """Wait until an end's call is open."""
    if isinstance(end, SdkPhone):
        await end.wait("phone.status() === 'open'", within_s=within_s)
    else:
        await end.is_in("open", within_s=within_s)


async def ended(end: End, *, within_s: float = WITHIN_S) -> None:
    """Wait until an end's call is over."""
    if isinstance(end, SdkPhone):
        await end.saw("connection disconnect", within_s=within_s)
    else:
        await end.sees(lambda status: not status["call"] or status["call"]["status"] == "closed", within_s=within_s)


async def reconnected(end: End, *, within_s: float = WITHIN_S) -> None:
    """Wait until an end has been reconnecting (since `forget`) and is open again."""
    if isinstance(end, SdkPhone):
        await end.saw("connection reconnecting", within_s=within_s)
        await end.saw("connection reconnected", within_s=within_s)
    else:
        await end.sees(lambda _: end.told[-1:] == ["reconnected"], within_s=within_s)


async def registered(end: End) -> None:
    """Wait until an end has no call, and the exchange can be reached by it and knows it."""
    if isinstance(end, SdkPhone):
        await end.wait("['ready', 'registered'].includes(phone.deviceStatus())", within_s=REGISTERED_WITHIN_S)
    else:
        await end.shows(pattern="heartbeat")


async def _story(end: End) -> str:
    if isinstance(end, SdkPhone):
        return "\n".join(map(str, [*await end.events(), await end.status(), await end.heard()]))
    return f"{end.identity}: {end.told}, {end.states}\n{json.dumps(end.seen[-1:])}\n{end.program.log}"


async def _call(end: End, name: str) -> None:
    await (end.connect(To=name) if isinstance(end, SdkPhone) else end.ask("call", name))


async def _answer(end: End) -> None:
    if isinstance(end, SdkPhone):
        await end.saw("device incoming")
        await end.accept()
    else:
        await end.is_in("pending")
        await end.ask("answer")


async def _misses(end: End, other: End) -> None:
    await (end.hears_silence() if isinstance(end, SdkPhone) else end.misses(other.microphone_hz))
