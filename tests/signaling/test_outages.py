"""A station's line against an exchange that does what a test scripts: refusals, renewals, losses, nonsense."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intercom.call.device import Device
from intercom.signaling.events import StreamState
from intercom.signaling.messages import Hangup, Reinvite
from tests.call.world import Sound
from tests.rig.ear import until
from tests.signaling.nonsense import FRAMES
from tests.signaling.script import Script, script
from tests.signaling.scripted import Station, ready
from tests.system.programs import free_port


@pytest.fixture
async def exchange(tmp_path: Path) -> AsyncIterator[Script]:
    async with script(tmp_path) as made:
        yield made


async def test_an_expired_token_is_replaced_on_the_living_socket_and_the_station_is_back(exchange: Script) -> None:
    async with ready(exchange) as (station, line):
        await line.say("error", error={"code": 31205, "message": "expired"})
        await line.say("offline")
        assert (await line.welcome())["token"] == "t2"
        await station.becomes(StreamState.READY)
        assert [each for each in station.told if each != StreamState.CONNECTED] == ["ready", "offline", "ready"]
        assert len(exchange.lines) == 1


async def test_a_token_refused_at_listen_is_replaced_although_the_exchange_does_not_hang_up(exchange: Script) -> None:
    station = Station(exchange)
    async with station.client:
        line = await exchange.line()
        assert (await line.hear("listen"))["token"] == "t1"
        await line.say("error", error={"code": 31204, "message": "The token is for another."})
        assert (await line.welcome())["token"] == "t2"
        await station.becomes(StreamState.READY)


async def test_a_token_by_hand_is_one_listen_and_no_other_frame(exchange: Script) -> None:
    async with ready(exchange) as (station, line):
        station.client.renew("mine")
        assert (await line.hear("listen"))["token"] == "mine"
        await line.beat()
        assert line.frames[-1]["type"] == "listen"
        assert station.client.token == "mine"


async def test_presence_goes_off_and_on(exchange: Script) -> None:
    async with ready(exchange) as (station, line):
        for flag, answer, state in ((False, "offline", StreamState.OFFLINE), (True, "ready", StreamState.READY)):
            station.client.register(flag)
            assert await line.hear("register") == {"media": {"audio": flag}}
            await line.say(answer)
            await station.becomes(state)


@pytest.mark.parametrize("has_key", [True, False])
async def test_a_close_keeps_the_station_away_until_it_gets_a_token_by_hand(exchange: Script, has_key: bool) -> None:
    station = Station(exchange, has_key=has_key)
    async with station.client:
        station.client.renew("first")
        line = await exchange.line()
        await line.welcome()
        await station.becomes(StreamState.READY)
        await line.say("close")
        await line.hear_end()
        await station.becomes(StreamState.DISCONNECTED)
        assert "sent this station away" in station.client.why
        assert station.errors == []
        station.client.renew("second")
        assert (await (await exchange.line()).welcome())["token"] == "second"
        await station.becomes(StreamState.READY)
        assert station.client.why == ""


async def test_a_token_that_a_script_gives_in_the_moment_of_the_close_opens_the_stream_again(exchange: Script) -> None:
    async with ready(exchange) as (station, line):

        def changed(state: StreamState) -> None:
            if state is StreamState.DISCONNECTED:
                station.client.renew("at once")

        station.client.listen(station.received.append, changed, station.errors.append)
        await line.say("close")
        assert (await (await exchange.line()).welcome())["token"] == "at once"


async def test_a_broken_socket_is_told_before_the_station_is_offline(exchange: Script) -> None:
    async with ready(exchange) as (station, line):
        line.transport.abort()
        await (await exchange.line()).welcome()
        await station.becomes(StreamState.READY)
        assert station.told[-4:] == [31005, "disconnected", "connected", "ready"]
        assert station.errors[0].twilio_code == 53000


async def test_an_exchange_that_closes_in_order_is_no_error(exchange: Script) -> None:
    async with ready(exchange) as (station, line):
        await line.socket.close(code=1001)
        await (await exchange.line()).welcome()
        await station.becomes(StreamState.READY)
        assert station.errors == []


async def test_an_exchange_that_falls_silent_is_told_and_left(exchange: Script) -> None:
    station = Station(exchange)
    async with station.client:
        line = await exchange.line()
        await line.welcome(region="here", heartbeat_s=0.1)
        await line.hear_end()
        assert [error.code for error in station.errors] == [31005]
        assert "silent" in station.client.why
        await (await exchange.line()).welcome()
        await station.becomes(StreamState.READY)


async def test_an_address_that_does_not_answer_is_told_and_the_next_one_tried(exchange: Script) -> None:
    nobody = f"wss://localhost:{free_port()}/signal"
    station = Station(exchange, nobody, exchange.uri)
    async with station.client:
        assert station.client.status()["exchange"] == nobody
        await (await exchange.line()).welcome()
        await station.becomes(StreamState.READY)
        assert [(error.code, error.twilio_code) for error in station.errors] == [(31000, 53001)]
        assert nobody in station.errors[0].message
        assert station.client.status()["exchange"] == exchange.uri


async def test_frames_that_can_not_be_sent_are_told_and_those_that_matter_later_go_out_later(exchange: Script) -> None:
    station = Station(exchange)
    async with station.client:
        line = await exchange.line()
        await line.hear("listen")
        station.client.send(Reinvite(callsid="CA1", sdp="v=0"))
        station.client.send(Hangup(callsid="CA1"))
        assert [error.code for error in station.errors] == [31009, 31009]
        await line.say("connected", region="here")
        await line.hear("register")
        assert await line.hear("hangup") == {"callsid": "CA1"}
        await line.beat()
        assert line.frames[-1]["type"] == "hangup"


async def test_a_station_without_a_token_says_why_and_places_no_socket(exchange: Script) -> None:
    station = Station(exchange, has_key=False)
    async with station.client:
        await until(lambda: station.client.why == "There is no key. Mint a new one with `intercom token`.", what="why")
        station.client.renew("mine")
        assert (await (await exchange.line()).welcome())["token"] == "mine"


async def test_status_tells_the_address_the_edge_and_the_tokens_source_but_no_token(exchange: Script) -> None:
    async with ready(exchange) as (station, line):
        station.client.renew("mine")
        await line.hear("listen")
        await line.say("connected", region="EU_FRANKFURT", token={"identity": "hall", "ttl": 3600})
        await line.hear("register")
        status = station.client.status()
        assert (status["exchange"], status["edge"], status["region"]) == (exchange.uri, "frankfurt", "de1")
        assert (status["token"]["state"], status["token"]["source"]) == ("good", "box")
        assert status["token"]["expires"].endswith("+00:00")
        assert "mine" not in str(status)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(FRAMES | st.binary(max_size=50), min_size=1, max_size=30))
async def test_whatever_the_exchange_says_the_line_and_the_device_live_on(
    exchange: Script, said: list[str | bytes]
) -> None:
    async with ready(exchange) as (station, line), Device(station.client, Sound) as device:
        device.on("incoming", lambda call: call.accept())
        for each in (each for each in said if not (isinstance(each, str) and '"type": "close"' in each)):
            await (line.socket.send_str(each) if isinstance(each, str) else line.socket.send_bytes(each))
        await line.beat()
        assert station.client.state is not StreamState.DISCONNECTED
        assert device.faults == 0


@pytest.mark.parametrize(
    "raw", [b"\x81\x04\xff\xfe\xfd\xfc", b"\xff" * 32, b"\x81\x7f\x00\x00\x00\x00\x7f\xff\xff\xff"]
)
async def test_bytes_that_are_no_websocket_end_the_socket_and_the_station_comes_back(
    exchange: Script, raw: bytes
) -> None:
    async with ready(exchange) as (station, line):
        line.transport.write(raw)
        await (await exchange.line()).welcome()
        await station.becomes(StreamState.READY)
        assert [error.code for error in station.errors] == [31005]


async def test_an_exchange_that_is_none_is_named(exchange: Script) -> None:
    async def nothing(_request: web.Request) -> web.Response:
        return web.Response(text="hello")

    exchange.token = nothing
    station = Station(exchange, exchange.uri.replace("/signal", "/token"))
    async with station.client:
        await station.sees(lambda: bool(station.errors))
        assert "can't be reached" in station.client.why
