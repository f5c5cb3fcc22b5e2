"""A house: an exchange and a station with a simulated sound card, as two programs, and all that can be seen of them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from ssl import create_default_context
from typing import Any

import aiohttp

from intercom.console import client
from intercom.errors import NoAnswerError
from intercom.exchange import accounts, certificates
from tests.rig.simcard import SimCard, write_conf
from tests.system.programs import Program, free_port
from tests.system.sight import WITHIN_S, Sight

MICROPHONE_HZ = 440

SETTINGS = """
[station]
name = "Hall"
identity = "hall"

[signaling]
url = "wss://localhost:{port}/signal"
api_key = "{key.api_key}"
api_secret = "{key.api_secret}"
ca_pin = "{key.ca_pin}"

[call]
to = "anna"
{call}

[audio]
capture = "{capture}"
playback = "{playback}"
echo = "off"
"""


class House(Sight):
    """`exchange` and `station` run; `seen` are the snapshots that the page was sent, in order."""

    def __init__(self, folder: Path, cards: Path) -> None:
        super().__init__()
        self.folder = folder
        self.card = SimCard(cards / "hall")
        self.card.hum(MICROPHONE_HZ)
        self.port = free_port()
        self.conf = write_conf(cards / "asound.conf", {"default": self.card})
        self.station = self._program("run", "--config", str(self.file))
        self.exchange = self._program("exchange", "--config", str(self._exchange_file()))

    @property
    def address(self) -> str:
        """What the SDKs take as `chunderw`."""
        return f"localhost:{self.port}"

    @property
    def state(self) -> Path:
        """The exchange's state folder."""
        return self.folder / "exchange"

    @property
    def file(self) -> Path:
        """The station's settings file."""
        return self.folder / "intercom.toml"

    def write_settings(
        self, *, capture: str = "default", playback: str = "default", call: str = "", more: str = ""
    ) -> None:
        key = accounts.station_key(self.state, "hall")
        settings = SETTINGS.format(port=self.port, key=key, capture=capture, playback=playback, call=call)
        self.file.write_text(settings + more)

    def token(self, identity: str, *, ttl_s: float = 600) -> str:
        """Return an access token for an official SDK."""
        return accounts.mint_token(self.state, identity, ttl_s)

    async def ask(self, *words: str) -> dict[str, Any]:
        """Run a command on the station, as the command line does."""
        path = self.folder / "station" / "control.sock"
        return (await asyncio.to_thread(client.ask, words, path=path)).result

    async def tells(self, is_true: Callable[[dict[str, Any]], bool], *, within_s: float = WITHIN_S) -> dict[str, Any]:
        """Ask the station itself until its status is such a one: while it starts, or where no exchange can show it."""
        async with asyncio.timeout(within_s):
            while True:
                with suppress(NoAnswerError):
                    if is_true(status := await self.ask("status")):
                        return status

    async def watch(self) -> None:
        """Collect the snapshots that a page would be sent, through restarts of the exchange."""
        async with aiohttp.ClientSession() as http:
            while True:
                try:
                    await self._watch_once(http)
                except (aiohttp.ClientError, OSError):
                    await asyncio.sleep(0.1)

    async def _watch_once(self, http: aiohttp.ClientSession) -> None:
        tls = create_default_context(cadata=certificates.ca(self.state).decode())
        token = accounts.mint_page_token(self.state, accounts.Person("", "watcher"), 600)
        async with http.ws_connect(f"https://localhost:{self.port}/panel", ssl=tls) as socket:
            await socket.send_json({"type": "listen", "payload": {"token": token, "role": "page", "simulated": False}})
            async for message in socket:
                if message.data == "\n":
                    await socket.send_str("\n")
                elif (frame := message.json())["type"] == "snapshot":
                    self.see(frame["payload"]["status"])

    def _program(self, *words: str) -> Program:
        name = "station" if words[0] == "run" else "exchange"
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        environment = {"ALSA_CONFIG_PATH": str(self.conf)}
        return Program(*words, "--state", str(folder), log=self.folder / f"{name}.log", environment=environment)

    def _exchange_file(self) -> Path:
        path = self.folder / "exchange.toml"
        path.write_text(f'[exchange]\nhost = "127.0.0.1"\nport = {self.port}\n')
        return path


@asynccontextmanager
async def living(house: House, **settings: str) -> AsyncIterator[House]:
    """Start a house and wait until its station is registered and shown."""
    async with house.exchange:
        await house.exchange.says("ready")
        house.write_settings(**settings)
        watching = asyncio.create_task(house.watch())
        try:
            async with house.station:
                await house.shows(pattern="heartbeat")
                yield house
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
