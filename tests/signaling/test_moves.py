"""A station whose network changes, or has gone: nothing is waited for that can not come any more."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from intercom.network import Network
from intercom.signaling.client import WHY
from intercom.signaling.events import StreamState
from intercom.signaling.rotation import Loss
from tests.signaling.script import Script, script
from tests.signaling.scripted import PATIENCE_S, Station
from tests.system.programs import free_port


@pytest.fixture
async def exchange(tmp_path: Path) -> AsyncIterator[Script]:
    async with script(tmp_path) as made:
        yield made


async def test_an_exchange_that_was_reached_by_an_address_that_is_gone_is_dialled_anew(exchange: Script) -> None:
    addresses = {"127.0.0.1", "::1"}
    network = Network(lambda: frozenset(addresses))
    network.look()
    station = Station(exchange, network=network)
    async with station.client:
        await (await exchange.line()).welcome()
        await station.becomes(StreamState.READY)
        addresses.add("192.0.2.7")
        network.look()
        addresses -= {"127.0.0.1", "::1"}
        addresses.add("192.0.2.8")
        network.look()
        await (await exchange.line()).welcome()
        await station.becomes(StreamState.READY)
        assert [error.message for error in station.errors] == [WHY[Loss.MOVED]]
        assert len(exchange.lines) == 2


async def test_once_the_network_has_changed_nobody_waits_for_the_next_attempt(exchange: Script) -> None:
    addresses = {"192.0.2.7"}
    network = Network(lambda: frozenset(addresses))
    network.look()
    station = Station(exchange, f"wss://localhost:{free_port()}/signal", pause_s=1000, network=network)
    async with station.client:
        await station.sees(lambda: len(station.errors) == 1)
        addresses.add("192.0.2.8")
        network.look()
        await station.sees(lambda: len(station.errors) == 2)


async def test_an_attempt_that_hangs_when_the_network_changes_is_begun_anew(exchange: Script) -> None:
    calls: asyncio.Queue[asyncio.StreamWriter] = asyncio.Queue()
    mute = await asyncio.start_server(lambda _, writer: calls.put_nowait(writer), "127.0.0.1", 0)
    async with mute, asyncio.timeout(PATIENCE_S):
        address = f"wss://127.0.0.1:{mute.sockets[0].getsockname()[1]}/signal"
        station = Station(exchange, address, exchange.uri, pause_s=1000)
        async with station.client:
            first = await calls.get()
            station.client.hurry()
            second = await calls.get()
            await station.sees(lambda: len(station.errors) == 1)
        for each in (first, second):
            each.close()
    assert "before the network changed" in station.errors[0].message
