"""`/signal` over real TLS sockets: registration, calls, limits, restarts."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from intercom.exchange import accounts
from intercom.settings import schema
from intercom.signaling import token
from tests.exchange.wires import PATIENCE_S, SDP, Net, Wire, call, net


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Net]:
    async with net(tmp_path / "state") as made, made.exchange():
        yield made


async def test_a_client_signs_in_and_registers(house: Net) -> None:
    wire = await house.wire()
    told = await wire.sign_in(house.sdk("anna"))
    assert told["token"]["identity"] == "anna"
    assert 55 <= told["token"]["ttl"] <= 60
    assert "heartbeat_s" not in told
    for audio, kind in ((True, "ready"), (True, "ready"), (False, "offline")):
        await wire.say("register", media={"audio": audio})
        await wire.hear(kind)


async def test_a_station_is_told_of_the_heartbeat_that_it_may_count_on(house: Net) -> None:
    wire = await house.wire()
    assert (await wire.sign_in(house.station("door")))["heartbeat_s"] == 1
    async with asyncio.timeout(PATIENCE_S):
        while wire.beats < 2:
            await wire.socket.send_str("\n")
            assert (await wire.socket.receive()).data == "\n"
            wire.beats += 1


@pytest.mark.parametrize(("ttl_s", "signed_with", "code"), [(60, 32 * "x", 31204), (-1, None, 31205)])
async def test_a_bad_token_gets_an_error_and_no_connected(
    house: Net, ttl_s: int, signed_with: str | None, code: int
) -> None:
    good = house.sdk("anna", ttl_s)
    text = good if signed_with is None else good.rpartition(".")[0] + "." + signed_with
    wire = await house.wire()
    await wire.say("listen", token=text)
    assert (await wire.hear("error"))["error"]["code"] == code
    await wire.say("register", media={"audio": True})
    assert (await wire.hear("error"))["error"]["code"] == 31204
    await wire.register(house.sdk("anna"))


async def test_a_stations_key_speaks_for_no_other_identity(house: Net) -> None:
    key = accounts.add_station(house.state, "door")
    text = token.mint(key.api_key, key.api_secret, "anna", now=time.time(), ttl_s=60)
    wire = await house.wire()
    await wire.say("listen", token=text)
    assert (await wire.hear("error"))["error"]["code"] == 31201
    await wire.register(house.station("door"))


async def test_early_media_is_no_clients_to_send(house: Net) -> None:
    anna, door = await house.registered(house.sdk("anna")), await house.registered(house.station("door"))
    await anna.say("invite", callsid="TJS1", sdp=SDP, twilio={"params": "To=door"})
    sid = (await door.hear("invite"))["callsid"]
    assert await anna.hear("ringing") == {"callsid": sid}
    await door.say("ringing", callsid=sid, sdp=SDP)
    await door.say("answer", callsid=sid, sdp=SDP)
    await anna.hear("answer")


async def test_a_call_there_and_back(house: Net) -> None:
    anna, door = await house.registered(house.sdk("anna")), await house.registered(house.station("door"))
    sid = await call(anna, door, "door")
    await anna.say("hangup", callsid=sid)
    assert await door.hear("hangup") == {"callsid": sid}
    sid = await call(door, anna, "client:anna")
    await anna.say("hangup", callsid=sid)
    assert await door.hear("hangup") == {"callsid": sid}


async def test_the_first_of_many_answers_wins(house: Net) -> None:
    anna = await house.registered(house.sdk("anna"))
    doors = [await house.registered(house.station("door")) for _ in range(5)]
    await anna.say("invite", callsid="TJS1", sdp=SDP, twilio={"params": "To=door"})
    sid = (await asyncio.gather(*(door.hear("invite") for door in doors)))[0]["callsid"]
    await asyncio.gather(*(door.say("answer", callsid=sid, sdp=SDP) for door in doors))
    await anna.hear("ringing")
    await anna.hear("answer")
    await anna.say("hangup", callsid=sid)
    ends = [[frame["type"] async for frame in until_hangup(door)] for door in doors]
    assert sorted(ends) == [["cancel", "hangup"]] * 4 + [["hangup"]]


async def until_hangup(wire: Wire) -> AsyncIterator[dict[str, object]]:
    while frame := await wire.next():
        yield frame
        if frame["type"] == "hangup":
            return


async def test_nobody_answers(tmp_path: Path) -> None:
    async with net(tmp_path / "state") as house, house.exchange(schema.Exchange(host="127.0.0.1", no_answer_s=1)):
        anna, door = await house.registered(house.sdk("anna")), await house.registered(house.page("door"))
        await anna.say("invite", callsid="TJS1", sdp=SDP, twilio={"params": "To=door"})
        await door.hear("invite")
        await anna.hear("ringing")
        assert (await anna.hear("hangup"))["error"]["code"] == 31480
        await door.hear("cancel")


async def test_a_station_added_while_the_exchange_runs_is_known_at_once(house: Net) -> None:
    anna = await house.registered(house.sdk("anna"))
    await anna.say("invite", callsid="TJS1", sdp=SDP, twilio={"params": "To=door"})
    assert (await anna.hear("hangup"))["error"]["code"] == 31404
    accounts.add_station(house.state, "door")
    await anna.say("invite", callsid="TJS2", sdp=SDP, twilio={"params": "To=door"})
    assert (await anna.hear("hangup"))["error"]["code"] == 31480


async def test_a_revoked_station_is_cut_off_and_its_call_ends(house: Net) -> None:
    anna, door = await house.registered(house.sdk("anna")), await house.registered(house.station("door"))
    sid = await call(anna, door, "door")
    accounts.revoke_station(house.state, "door")
    assert await anna.hear("hangup") == {"callsid": sid}
    await door.hear("hangup")
    assert (await door.hear("error"))["error"]["code"] == 31204
    await door.hear("close")
    assert await door.hear_end() == 1008
    again = await house.wire()
    await again.say("listen", token=house.station("door"))
    assert (await again.hear("error"))["error"]["code"] == 31204
