"""Calls through a TURN server, and calls whose server is dead."""

import asyncio
import re
import shutil
import socket
from collections import deque
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from intercom import line
from intercom.audio.profile import PROFILES
from intercom.call.options import Options
from intercom.call.ports import MediaState
from intercom.rtc.generation import CLOSE_S, GATHER_S, INNER
from intercom.rtc.path import EXPEDITED
from intercom.rtc.servers import Servers, choose
from intercom.settings.schema import Rtc
from tests.rtc import party
from tests.rtc.call import End, connect, ends, leave_nothing, paths, remains, talk
from tests.rtc.party import Party, parties
from tests.rtc.room import Room
from tests.rtc.turn import HOST, NAME, PASSWORD, TurnServer

KIND = re.compile(r"a=candidate:.* typ (\w+)")
SLOW_S = 1.0  # what a busy machine may add

needs_turnserver = pytest.mark.skipif(not shutil.which("turnserver"), reason="coturn is not installed")


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[TurnServer]:
    async with TurnServer(tmp_path) as server:
        yield server


@pytest.fixture
def dead() -> Iterator[Servers]:
    """A STUN and a TURN server that never answer."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind((HOST, 0))
        address = deaf.getsockname()
        yield Servers(stun=address, turn=address, username="", credential="")


@needs_turnserver
@pytest.mark.parametrize("transport", ["udp", "tcp"])
@pytest.mark.parametrize("is_callee_relayed", [False, True])
async def test_a_call_may_go_through_a_relay_alone(transport: str, is_callee_relayed: bool, server: TurnServer) -> None:
    before = remains()
    relay = choose([server.server(transport)], relay_only=True)
    caller = End(Room(700), servers=relay)
    callee = End(Room(1100), servers=relay if is_callee_relayed else Servers())
    async with ends(caller, callee) as (a, b):
        offer = await a.offer()
        assert KIND.findall(offer) == ["relay"]
        await a.accept(await b.answer(offer))
        await talk(caller, callee)
        await a.restarted(await b.follow(await a.restart()))
        await asyncio.gather(paths(caller, 2), paths(callee, 2))
        await talk(caller, callee)
        assert kind(caller, "local") == "relay"
        assert (await a.stats()).packets_lost == (await b.stats()).packets_lost == 0
    await leave_nothing(before)


@needs_turnserver
@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_packets_pass_a_relay_from_any_thread_and_are_marked_on_their_way_to_it(
    transport: str, server: TurnServer
) -> None:
    caller, callee = Party(servers=choose([server.server(transport)], relay_only=True)), Party()
    async with parties(caller, callee):
        await party.connect(caller, callee)
        sent = [caller.packet(number) for number in range(20)]
        await asyncio.to_thread(deque, map(caller.negotiation.send, sent))
        await callee.until_received(sent[-1])
        assert callee.packets == sent
        active = caller.negotiation._transports[-1]._link.active
        assert active
        way = getattr(active._nominated[1].protocol.transport, INNER).transport.get_extra_info("socket")
        assert way.getsockopt(socket.IPPROTO_IP, socket.IP_TOS) == EXPEDITED


@needs_turnserver
@pytest.mark.parametrize("is_of_script", [False, True])
async def test_settings_name_the_servers_and_a_script_may_name_others(is_of_script: bool, server: TurnServer) -> None:
    (uri,) = server.server("udp").urls
    rtc = Rtc(ice_servers=(uri,), ice_username=NAME, ice_credential=PASSWORD, ice_policy="relay")
    options = Options()
    if is_of_script:
        rtc = Rtc(ice_servers=("turn:nowhere.invalid",), ice_policy="relay")
        options = Options(ice_servers=(server.server("udp"),))
    media = line.media(rtc, cast(Any, Room(700)), options, strength=PROFILES["normal"], loopback=False)(lambda _: None)
    assert KIND.findall(await media.offer()) == ["relay"]
    await media.close()


@needs_turnserver
async def test_a_server_tells_the_address_that_the_network_beyond_sees(server: TurnServer) -> None:
    caller = End(Room(700), servers=Servers(stun=(HOST, server.port)))
    assert "srflx" in KIND.findall(await caller.peer.offer())
    await caller.peer.close()


@needs_turnserver
async def test_a_relay_that_dies_is_missed_and_left_behind_at_once(tmp_path: Path) -> None:
    before = remains()
    async with TurnServer(tmp_path) as server:
        caller, callee = End(Room(700), servers=choose([server.server("udp")], relay_only=True)), End(Room(1100))
        async with ends(caller, callee) as (a, b):
            await connect(a, b)
            await talk(caller, callee)
            await server.die()
            await asyncio.gather(caller.until(MediaState.DISCONNECTED), callee.until(MediaState.DISCONNECTED))
            async with asyncio.timeout(2 * CLOSE_S + SLOW_S):
                await a.close()
    await leave_nothing(before)


async def test_a_dead_server_delays_a_call_by_no_more_than_its_bound(dead: Servers) -> None:
    before = remains()
    caller, callee = End(Room(700), servers=dead), End(Room(1100), servers=dead)
    async with ends(caller, callee) as (a, b):
        async with asyncio.timeout(GATHER_S + SLOW_S):  # both gather from `open` on
            await connect(a, b)
        await talk(caller, callee)
        async with asyncio.timeout(GATHER_S + SLOW_S):
            await a.restart()
    await leave_nothing(before)


async def test_a_call_that_ends_while_servers_are_asked_does_not_wait_longer(dead: Servers) -> None:
    before = remains()
    caller = End(Room(700), servers=dead)
    await caller.peer.open()
    async with asyncio.timeout(GATHER_S + SLOW_S):
        await caller.peer.close()
    await leave_nothing(before)


def kind(end: End, side: str) -> str:
    """Return the kind of candidate at one side of the path that an end chose last."""
    pairs = [fact for fact in end.observed if fact.name == "selected-ice-candidate-pair"]
    return str(pairs[-1].payload[f"{side}_candidate"]["candidate_type"])
