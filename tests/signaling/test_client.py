"""A station's socket against a real exchange, over real TLS."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from intercom.exchange import accounts
from intercom.signaling import token, tokens
from intercom.signaling.client import Client
from intercom.signaling.credential import Credential
from intercom.signaling.events import StreamError, StreamState
from intercom.signaling.messages import Answer, Hangup, IncomingInvite, Message
from intercom.signaling.tokens import Source
from intercom.signaling.trust import Trust
from tests.exchange.wires import SDP, Net, net
from tests.rig.ear import until


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Net]:
    async with net(tmp_path / "state") as made:
        yield made


class Station:
    """A client, what it received, and the states it went through."""

    def __init__(self, house: Net, *, ca_pin: str = "", source: Source | None = None) -> None:
        key = accounts.station_key(house.state, "hall")
        url = f"wss://localhost:{house.port}/signal"
        credential = Credential(source or tokens.from_api_key("hall", key.api_key, key.api_secret))
        self.client = Client([url], credential, Trust(url, ca_pin or key.ca_pin))
        self.received: asyncio.Queue[Message] = asyncio.Queue()
        self.states: asyncio.Queue[StreamState] = asyncio.Queue()
        self.errors: list[StreamError] = []
        self.client.listen(self.received.put_nowait, self.states.put_nowait, self.errors.append)

    async def becomes(self, state: StreamState) -> None:
        async with asyncio.timeout(20):
            while await self.states.get() is not state:
                pass

    async def hears(self) -> Message:
        return await asyncio.wait_for(self.received.get(), 20)


async def test_a_station_trusts_the_pinned_exchange_registers_and_comes_back(house: Net) -> None:
    async with house.exchange():
        station = Station(house)
        async with station.client:
            await station.becomes(StreamState.READY)
            assert station.client.why == ""
    async with house.exchange():
        again = Station(house)
        async with again.client:
            await again.becomes(StreamState.READY)


async def test_a_station_outlives_its_exchange(house: Net) -> None:
    async with house.exchange():
        station = Station(house)
        await station.client.__aenter__()
        await station.becomes(StreamState.READY)
    await station.becomes(StreamState.DISCONNECTED)
    assert station.client.why
    async with house.exchange():
        await station.becomes(StreamState.READY)
        await station.client.__aexit__(None, None, None)


async def test_another_exchange_is_refused_by_its_pin(house: Net) -> None:
    async with house.exchange():
        station = Station(house, ca_pin="A" * 43 + "=")
        async with station.client:
            refusal = "is not the one that signaling.ca_pin names"
            await until(lambda: refusal in station.client.why, what="the refusal")
            assert station.client.state is StreamState.DISCONNECTED


async def test_the_hangups_of_the_end_still_go_out(house: Net) -> None:
    async with house.exchange():
        station, caller = Station(house), await house.registered(house.sdk("anna"))
        async with station.client:
            await station.becomes(StreamState.READY)
            await caller.say("invite", callsid="TJS1", sdp=SDP, twilio={"params": "To=hall"})
            invite = await station.hears()
            assert isinstance(invite, IncomingInvite)
            station.client.send(Answer(callsid=invite.callsid, sdp=SDP))
            await caller.hear("ringing")
            await caller.hear("answer")
            station.client.send(Hangup(callsid=invite.callsid))
        assert (await caller.hear("hangup"))["callsid"] == invite.callsid


async def test_without_an_exchange_the_next_step_is_told() -> None:
    async with Client([], Credential(tokens.from_api_key("hall", "", "")), Trust("", "")) as client:
        assert "signaling.url names no exchange" in client.why
        assert client.state is StreamState.DISCONNECTED


async def test_a_token_that_lives_for_two_seconds_is_renewed_again_and_again_without_a_gap(house: Net) -> None:
    key = accounts.station_key(house.state, "hall")
    minted: list[str] = []

    async def mint() -> str:
        minted.append(token.mint(key.api_key, key.api_secret, "hall", now=time.time(), ttl_s=2))
        return minted[-1]

    async with house.exchange():
        station = Station(house, source=Source("short", mint))
        async with station.client:
            await station.becomes(StreamState.READY)
            await until(lambda: len(minted) > 3, what="three renewals")
            assert station.states.empty()
            assert station.client.state is StreamState.READY
