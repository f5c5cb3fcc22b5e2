"""The town: the street, and all programs that run on it; who talks to whom is in `talk.py`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from intercom.exchange import accounts
from tests.browser.chromium import Chromium
from tests.browser.sdkphone import SdkPhone
from tests.browser.softphone import SoftPhone
from tests.browser.softphone2 import SoftPhone2
from tests.net.station import Station
from tests.net.street import BROWSER, EXCHANGE, STATIONS, Street
from tests.net.talk import Talk
from tests.system.programs import Program

PORT = 8443
FIRST_HZ, NEXT_HZ = 440, 90  # hall 440, kitchen 530, the browsers 660 between them, yard 620, attic 710


@dataclass(frozen=True)
class Town:
    """Three calls can be under way at once: with the SDK v1, with the SDK v2, and between two stations."""

    street: Street
    state: Path  # the exchange's
    v1: Talk
    v2: Talk
    pair: Talk

    @property
    def talks(self) -> tuple[Talk, Talk, Talk]:
        return self.v1, self.v2, self.pair

    @property
    def stations(self) -> list[Station]:
        return [end for talk in self.talks for end in talk.ends if isinstance(end, Station)]

    async def freshen(self) -> None:
        """Load the browser's pages anew, and wait until they are registered."""
        await asyncio.gather(
            *(self._load(talk.far, talk.name) for talk in self.talks if isinstance(talk.far, SdkPhone))
        )

    async def _load(self, phone: SdkPhone, identity: str) -> None:
        await phone.reload()
        await phone.setup(accounts.mint_token(self.state, identity, 3600), f"{self.street.address(EXCHANGE)}:{PORT}")
        await phone.saw(phone.READY, within_s=20)


@asynccontextmanager
async def living(folder: Path, cards: Path) -> AsyncIterator[Town]:
    """Start everything: an exchange, four stations, a browser with both SDKs; all are registered."""
    async with AsyncExitStack() as parts:
        street = parts.enter_context(Street())
        state = await _exchange(parts, street, folder)
        hall, kitchen, yard, attic = await _stations(parts, street, folder, cards, state)
        browser = Chromium(hosts=[street.address(EXCHANGE)], within=street.within(BROWSER))
        chromium = parts.enter_context(browser)
        v1 = Talk(hall, await parts.enter_async_context(SoftPhone(chromium)), "anna", "SDK v1")
        v2 = Talk(kitchen, await parts.enter_async_context(SoftPhone2(chromium)), "bert", "SDK v2")
        town = Town(street, state, v1, v2, Talk(yard, attic, "attic", "station"))
        await town.freshen()
        yield town


async def _exchange(parts: AsyncExitStack, street: Street, folder: Path) -> Path:
    state, settings = folder / EXCHANGE, folder / "exchange.toml"
    state.mkdir()
    settings.write_text(f"[exchange]\nport = {PORT}\n")
    words = ("exchange", "--config", str(settings), "--state", str(state))
    exchange = Program(*words, log=folder / "exchange.log", within=street.within(EXCHANGE))
    await parts.enter_async_context(exchange)
    await exchange.says("ready")
    return state


async def _stations(parts: AsyncExitStack, street: Street, folder: Path, cards: Path, state: Path) -> list[Station]:
    stations = []
    for number, identity in enumerate(STATIONS):
        station = Station(identity, folder, cards, street=street, microphone_hz=FIRST_HZ + number * NEXT_HZ)
        station.knows(f"wss://{street.address(EXCHANGE)}:{PORT}/signal", accounts.station_key(state, identity))
        stations.append(station)
    async with asyncio.TaskGroup() as starting:
        for station in stations:
            starting.create_task(parts.enter_async_context(station))
    return stations
