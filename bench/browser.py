"""What Chromium makes of the same speech over the same bad link: a station calls a page with the official SDK.

Only how speech sounds is compared, one way: the page's sound has no card whose time could be told.
"""

import asyncio
import base64
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import numpy as np

from bench.cells import BEFORE_S, Cell
from bench.measure import Recording
from bench.speech import speech
from bench.stations import PORT, Station, lone_station
from bench.wire import ADDRESSES, ONE, TWO, Wire, wire
from intercom.exchange import accounts
from tests.browser.chromium import Chromium
from tests.browser.softphone2 import SoftPhone2

TAPE = Path(__file__).with_name("tape.js").read_text()
REGISTERS_WITHIN_S = 30.0
SOON_NS = 200_000_000


class Browser:
    """A station on the one machine, which calls the page on the other."""

    def __init__(self, station: Station, phone: SoftPhone2, link: Wire) -> None:
        self._station, self._phone, self._link = station, phone, link
        self._calls = 0

    async def listen(self, cell: Cell) -> Recording:
        """Let the station talk under the cell's condition and return what the page heard, late by up to a second."""
        self._station.card.hush()
        await self._station.ask("call", TWO)
        self._calls += 1
        await self._phone.saw("device incoming", times=self._calls)
        await self._phone.accept()
        await self._phone.wait("phone.status() === 'open' && phone.remoteStream() != null")
        await self._phone.evaluate(TAPE)
        await self._phone.evaluate("tape.start(phone.remoteStream())")
        begin_ns = time.monotonic_ns() + SOON_NS
        card, said = self._station.card, speech("caller")
        card.say(said, at=card.time_at(begin_ns))
        self._link.impair(cell.condition, seed=cell.name, at_ns=begin_ns + int(BEFORE_S * 1e9))
        await asyncio.sleep(cell.seconds + (begin_ns - time.monotonic_ns()) / 1e9)
        heard = np.frombuffer(base64.b64decode(await self._phone.evaluate("tape.take()")), "<i2")
        await self._station.ask("hangup")
        await self._station.tells(lambda status: status["call"] is None)
        return Recording(said[: round(cell.seconds * card.rate)], heard)


@asynccontextmanager
async def browser(folder: Path, *, settings: str) -> AsyncIterator[Browser]:
    """Start exchange, station and Chromium; both are registered."""
    async with AsyncExitStack() as parts:
        link = await parts.enter_async_context(wire(folder))
        station = await parts.enter_async_context(lone_station(folder / "station", link, more=settings))
        chromium = parts.enter_context(Chromium(hosts=[ADDRESSES[ONE]], within=link.within(TWO)))
        phone = await parts.enter_async_context(SoftPhone2(chromium))
        await phone.setup(accounts.mint_token(folder / "station/exchange", TWO, 3600), f"{ADDRESSES[ONE]}:{PORT}")
        await phone.saw(phone.READY, within_s=REGISTERS_WITHIN_S)
        yield Browser(station, phone, link)
