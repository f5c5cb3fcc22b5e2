"""An estate: an exchange and several stations, each a program with a simulated card, and all that is seen of them."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from ssl import SSLContext, create_default_context
from typing import Any

import aiohttp

from intercom.console import client
from intercom.exchange import accounts, certificates
from tests.exchange.wires import Wire
from tests.rig.simcard import SimCard, write_conf
from tests.system.programs import Program, free_port
from tests.system.sight import Sight

MICROPHONE_HZ = 440

SETTINGS = """
[station]
identity = "{name}"

[signaling]
url = "wss://localhost:{port}/signal"
api_key = "{key.api_key}"
api_secret = "{key.api_secret}"
ca_pin = "{key.ca_pin}"

[audio]
echo = "off"

[panel]
factory = "sim"

"""


class Dwelling(Sight):
    """A station: its program, its card, what was seen of it."""

    def __init__(self, name: str, folder: Path, card: SimCard, settings: str) -> None:
        super().__init__()
        self.name, self.card = name, card
        self._folder = folder / name
        self._folder.mkdir()
        card.hum(MICROPHONE_HZ)
        file = folder / f"{name}.toml"
        file.write_text(settings)
        environment = {"ALSA_CONFIG_PATH": str(write_conf(self._folder / "asound.conf", {"default": card}))}
        words = ("run", "--config", str(file), "--state", str(self._folder))
        self.program = Program(*words, log=folder / f"{name}.log", environment=environment)

    async def ask(self, *words: str) -> dict[str, Any]:
        """Run a command on the station, as the command line does."""
        path = self._folder / "control.sock"
        return (await asyncio.to_thread(client.ask, words, path=path)).result


class Estate:
    """`stations` by their names; `wire` is a line of a client that says what a test has it say."""

    def __init__(self, folder: Path, cards: Path, stations: Mapping[str, str], *, exchange: str = "") -> None:
        self.port, self.state = free_port(), folder / "exchange"
        self.state.mkdir()
        self.stations: dict[str, Dwelling] = {}
        self._folder, self._cards, self._settings = folder, cards, stations
        file = folder / "exchange.toml"
        file.write_text(f'[exchange]\nhost = "127.0.0.1"\nport = {self.port}\n{exchange}')
        words = ("exchange", "--config", str(file), "--state", str(self.state))
        self.exchange = Program(*words, log=folder / "exchange.log")
        self._http: aiohttp.ClientSession | None = None

    @property
    def url(self) -> str:
        """The page's address."""
        return f"https://localhost:{self.port}"

    async def wire(self, token: str) -> Wire:
        """Connect a client that takes calls."""
        assert self._http
        wire = Wire(await self._http.ws_connect(f"{self.url}/signal", ssl=self._tls))
        await wire.register(token)
        return wire

    @asynccontextmanager
    async def living(self) -> AsyncIterator["Estate"]:
        """Start everything, and wait until each station is registered and seen."""
        async with AsyncExitStack() as parts:
            await parts.enter_async_context(self.exchange)
            await self.exchange.says("ready")
            self._http = await parts.enter_async_context(aiohttp.ClientSession())
            for name, more in self._settings.items():
                key = accounts.station_key(self.state, name)
                settings = SETTINGS.format(name=name, port=self.port, key=key) + more
                station = Dwelling(name, self._folder, SimCard(self._cards / name), settings)
                self.stations[name] = station
                await parts.enter_async_context(station.program)
            watching = asyncio.create_task(self._watch())
            parts.callback(watching.cancel)
            for station in self.stations.values():
                await station.shows(pattern="heartbeat")
            yield self

    async def _watch(self) -> None:
        """Collect the snapshots that a page is sent."""
        assert self._http
        token = accounts.mint_page_token(self.state, accounts.Person("", "watcher"), 600)
        async with self._http.ws_connect(f"{self.url}/panel", ssl=self._tls) as socket:
            await socket.send_json({"type": "listen", "payload": {"token": token, "role": "page", "simulated": False}})
            async for message in socket:
                if message.data == "\n":
                    await socket.send_str("\n")
                elif (frame := message.json())["type"] == "snapshot":
                    self.stations[frame["payload"]["station"]].see(frame["payload"]["status"])

    @property
    def _tls(self) -> SSLContext:
        return create_default_context(cadata=certificates.ca(self.state).decode())
