"""Our side: two stations and the exchange, as three programs."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.program import Program
from bench.side import Answered, End, Rung
from bench.wire import ADDRESSES, ONE, TWO, Wire
from intercom.console import client
from intercom.errors import NoAnswerError
from intercom.exchange import accounts
from tests.rig.simcard import SimCard, write_conf

INTERCOM = Path(sys.executable).with_name("intercom")
WITHIN_S = 60.0
POLL_S = 0.05

SETTINGS = """
[station]
identity = "{identity}"

[panel]
factory = "sim"

[panel.buttons]
answer = 17

[signaling]
url = "wss://{address}:{port}/signal"
api_key = "{key.api_key}"
api_secret = "{key.api_secret}"
ca_pin = "{key.ca_pin}"
{more}
"""
PORT = 8443


@dataclass(frozen=True, slots=True)
class Station:
    """A station that runs, and its control socket's folder."""

    program: Program
    card: SimCard
    state: Path

    async def ask(self, *words: str) -> dict[str, Any]:
        """Run a command on it, as the command line does."""
        return (await asyncio.to_thread(client.ask, words, path=self.state / "control.sock")).result

    async def tells(self, is_true: Callable[[dict[str, Any]], bool]) -> None:
        """Ask for its status until it is such a one."""
        status = await self._status()
        async with asyncio.timeout(WITHIN_S):
            while not is_true(status):
                await asyncio.sleep(POLL_S)
                status = await self._status()

    async def _status(self) -> dict[str, Any]:
        try:
            return await self.ask("status")
        except NoAnswerError:  # it is starting
            return {"registration": "offline", "call": None}


class Stations:
    """Station `one` calls station `two`, which answers at its panel."""

    name = "intercom"

    def __init__(self, exchange: Program, one: Station, two: Station, wire: Wire) -> None:
        self.wire = wire
        self.caller = End(one.program.pid, one.card)
        self.callee = End(two.program.pid, two.card)
        self.between = exchange.pid
        self._one, self._two = one, two

    async def ring(self) -> Rung:
        asked_ns = time.monotonic_ns()
        await self._one.ask("call", "two")
        ringing_ns = await self._one.program.journal.moment_ns("→ ringing", since_ns=asked_ns)
        await self._two.tells(lambda status: (status["call"] or {}).get("status") == "pending")
        return Rung(asked_ns, ringing_ns)

    async def answer(self) -> Answered:
        """Answered is when the station knows that the button was pressed and not held: as the finger leaves it."""
        pressed_ns = time.monotonic_ns()
        await self._two.ask("press", "answer")
        answered_ns = await self._two.program.journal.moment_ns("button answer: accept", since_ns=pressed_ns)
        open_ns = await self._one.program.journal.moment_ns("→ open", since_ns=pressed_ns)
        await self._one.tells(lambda status: (status["call"] or {}).get("codec") == "opus")
        return Answered(answered_ns, open_ns)

    async def hang_up(self) -> None:
        await self._one.ask("hangup")
        for station in (self._one, self._two):
            await station.tells(lambda status: status["call"] is None)


@asynccontextmanager
async def stations(folder: Path, wire: Wire, *, more: str = "") -> AsyncIterator[Stations]:
    """Start both, each on its machine, the exchange with the caller, and wait until they are registered.

    `more` are lines of settings, sections and all.
    """
    async with _registered(folder, wire, more, ONE, TWO) as (exchange, one, two):
        yield Stations(exchange, one, two, wire)


@asynccontextmanager
async def lone_station(folder: Path, wire: Wire, *, more: str = "") -> AsyncIterator[Station]:
    """Start station `one` and the exchange with it, and wait until it is registered."""
    async with _registered(folder, wire, more, ONE) as (_, one):
        yield one


@asynccontextmanager
async def _registered(folder: Path, wire: Wire, more: str, *identities: str) -> AsyncIterator[Any]:
    async with AsyncExitStack() as programs:
        exchange = await programs.enter_async_context(_exchange(folder / "exchange", wire))
        await exchange.journal.moment_ns("^ready", since_ns=0)
        all_of_them = [await programs.enter_async_context(_station(folder, each, wire, more)) for each in identities]
        for station in all_of_them:
            await station.tells(lambda status: status["registration"] == "ready")
        yield exchange, *all_of_them


def _exchange(state: Path, wire: Wire) -> Program:
    state.mkdir(parents=True)
    settings = state / "exchange.toml"
    settings.write_text(f"[exchange]\nport = {PORT}\n")
    words = (INTERCOM, "exchange", "--config", settings, "--state", state)
    return Program(*wire.within(ONE), *words, folder=state, environment={})


@asynccontextmanager
async def _station(folder: Path, identity: str, wire: Wire, more: str) -> AsyncIterator[Station]:
    state = folder / identity
    state.mkdir()
    card = SimCard(state / "card")
    settings = state / "intercom.toml"
    key = accounts.station_key(folder / "exchange", identity)
    settings.write_text(SETTINGS.format(identity=identity, address=ADDRESSES[ONE], port=PORT, key=key, more=more))
    environment = {"ALSA_CONFIG_PATH": str(write_conf(state / "asound.conf", {"default": card}))}
    words = (INTERCOM, "run", "--config", settings, "--state", state)
    async with Program(*wire.within(identity), *words, folder=state, environment=environment) as program:
        yield Station(program, card, state)
