"""A station of the street: a program with a sound card of its own, watched and acted on by its control socket."""

import asyncio
from contextlib import AsyncExitStack, closing, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from intercom.console import client, frames
from intercom.console.watch import News
from intercom.errors import NoAnswerError
from intercom.exchange.accounts import StationKey
from tests.net.street import Street
from tests.rig.ear import hear, until
from tests.rig.simcard import SimCard, write_conf
from tests.system.programs import Program
from tests.system.sight import Sight

LOOKS_EVERY_S = 0.1
HEARS_WITHIN_S = 15.0

SETTINGS = """
[station]
identity = "{identity}"

[signaling]
url = "{url}"
api_key = "{key.api_key}"
api_secret = "{key.api_secret}"
ca_pin = "{key.ca_pin}"

[audio]
echo = "off"
"""


class Station(Sight):
    """A station; an async context manager that enters it when it is registered.  Its microphone hears a steady tone.

    `told` is what has become of its calls, each step in order, however soon the next one came.
    """

    def __init__(self, identity: str, folder: Path, cards: Path, *, street: Street, microphone_hz: float) -> None:
        super().__init__()
        self.told: list[str] = []
        self.identity, self.microphone_hz = identity, microphone_hz
        self._folder = folder / identity
        self._folder.mkdir()
        self.card = SimCard(cards / identity)
        self.card.hum(microphone_hz)
        conf = write_conf(cards / f"{identity}.conf", {"default": self.card})
        self.program = Program(
            "run", "--config", str(self._file), "--state", str(self._folder),
            log=self._folder / "log", environment={"ALSA_CONFIG_PATH": str(conf)}, within=street.within(identity),
        )  # fmt: skip

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as parts:
            await parts.enter_async_context(self.program)
            parts.push_async_callback(_stop, asyncio.create_task(self._watch()))
            await self.shows(pattern="heartbeat")
            parts.push_async_callback(_stop, asyncio.create_task(self._follow()))
            self._parts = parts.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._parts.__aexit__(kind, error, trace)

    def knows(self, url: str, key: StationKey) -> None:
        """Write its settings: where the exchange is, and what lets it in."""
        self._file.write_text(SETTINGS.format(identity=self.identity, url=url, key=key))

    async def forget(self) -> None:
        """Begin anew with what is `seen` and `told`."""
        self.seen.clear()
        self.told.clear()

    async def ask(self, *words: str) -> dict[str, Any]:
        """Run a command on it, as the command line does."""
        answer = await asyncio.to_thread(client.ask, words, path=self._socket)
        return answer.result

    async def hears(self, hz: float, *, within_s: float = HEARS_WITHIN_S) -> None:
        """Wait until its speaker plays this tone."""
        await until(lambda: hear(self.card).is_tone(hz), what=f"{hz} Hz at {self.identity}", timeout_s=within_s)

    async def misses(self, hz: float, *, within_s: float = HEARS_WITHIN_S) -> None:
        """Wait until its speaker plays this tone no more."""
        await until(lambda: not hear(self.card).is_tone(hz), what=f"no {hz} Hz at {self.identity}", timeout_s=within_s)

    @property
    def _file(self) -> Path:
        return self._folder / "intercom.toml"

    @property
    def _socket(self) -> Path:
        return self._folder / "control.sock"

    async def _watch(self) -> None:
        while True:
            with suppress(NoAnswerError):
                self.see(await self.ask("status"))
            await asyncio.sleep(LOOKS_EVERY_S)

    async def _follow(self) -> None:
        reader, writer = await asyncio.open_unix_connection(self._socket)
        with closing(writer):
            request = frames.Request("1", "subscribe", {"kinds": ["call"]})
            writer.write(f"{frames.encode(request)}\r\n".encode("ascii"))
            while line := await reader.readline():
                if isinstance(news := frames.decode_answer(line.decode("ascii").strip()), News):
                    self.told.append(news.members["state"])
                    with suppress(NoAnswerError):
                        self.see(await self.ask("status"))


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
