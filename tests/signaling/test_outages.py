"""A station's line against an exchange that does what a test scripts: refusals, renewals, losses, nonsense."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import repeat
from pathlib import Path

import pytest
from aiohttp import web
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intercom.call.device import Device
from intercom.errors import TokenError
from intercom.network import Network
from intercom.signaling import token
from intercom.signaling.client import WHY, Client
from intercom.signaling.credential import Credential
from intercom.signaling.events import StreamError, StreamState
from intercom.signaling.messages import Hangup, Message, Reinvite
from intercom.signaling.rotation import Loss
from intercom.signaling.tokens import Source
from intercom.signaling.trust import Trust
from tests.call.world import Sound
from tests.rig.ear import until
from tests.signaling.nonsense import FRAMES
from tests.signaling.script import Line, Script, script
from tests.system.programs import free_port

PATIENCE_S = 20.0


@pytest.fixture
async def exchange(tmp_path: Path) -> AsyncIterator[Script]:
    async with script(tmp_path) as made:
        yield made


class Station:
    """A client with tokens `t1`, `t2`, …, and all that it told."""

    def __init__(
        self, exchange: Script, *uris: str, has_key: bool = True, pause_s: float = 0.05, network: Network | None = None
    ) -> None:
        self.minted = 0
        self._has_key = has_key
        self.client = Client(
            uris or [exchange.uri],
            Credential(Source("box", self._mint)),
            Trust(exchange.uri, exchange.pin),
            pauses=lambda: repeat(pause_s),
            network=network,
        )
        self.received: list[Message] = []
        self.errors: list[StreamError] = []
        self.told: list[StreamState | int] = []
        self._new = asyncio.Event()
        self.client.listen(self.received.append, self._note, self._fail)

    async def becomes(self, state: StreamState) -> None:
        """Wait until this is the newest state that was told."""
        await self.sees(lambda: self.told[-1:] == [state])

    async def sees(self, is_true: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not is_true():
                self._new.clear()
                await self._new.wait()

    async def _mint(self) -> str:
        if not self._has_key:
            raise TokenError("There is no key.", code=token.NOT_ALLOWED)
        self.minted += 1
        return f"t{self.minted}"

    def _note(self, state: StreamState) -> None:
        self.told.append(state)
        self._new.set()

    def _fail(self, error: StreamError) -> None:
        self.errors.append(error)
        self.told.append(error.code)
        self._new.set()


@asynccontextmanager
async def ready(exchange: Script) -> AsyncIterator[tuple[Station, Line]]:
    station = Station(exchange)
    async with station.client:
        line = await exchange.line()
        await line.welcome()
        await station.becomes(StreamState.READY)
        yield station, line


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


async def test_an_exchange_that_does_not_even_hear_the_farewell_is_not_waited_for(exchange: Script) -> None:
    station = Station(exchange)
    async with station.client:
        line = await exchange.line()
        await line.welcome(region="here", heartbeat_s=0.1)
        line.transport.pause_reading()
        async with asyncio.timeout(5):  # aiohttp waits for twice as long
            await exchange.line()


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
