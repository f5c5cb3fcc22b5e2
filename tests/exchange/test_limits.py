"""What nobody can do to the exchange: take it down, fill it up, keep it waiting."""

import asyncio
import contextlib
import json
import logging
import ssl
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intercom.exchange import line, signal_lines
from tests.exchange.wires import PATIENCE_S, Net, Wire, net

KINDS = ("listen", "register", "invite", "answer", "reject", "hangup", "dtmf", "reinvite", "snapshot", "press", "x")
MEMBERS = ("callsid", "sdp", "token", "media", "twilio", "error", "role", "station", "button", "status")
FRAMES = st.one_of(
    st.text(),
    st.binary(),
    st.builds(
        lambda kind, payload: json.dumps({"type": kind, "payload": payload}),
        st.sampled_from(KINDS),
        st.dictionaries(st.sampled_from(MEMBERS), st.text() | st.none() | st.integers() | st.just({"audio": True})),
    ),
    st.just("[" * 50_000),
    st.just("x" * 65_537),
    st.just("x" * 300_000),
)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Net]:
    async with net(tmp_path / "state") as made, made.exchange():
        yield made


class Listener(logging.Handler):
    """Keeps what is logged as an error."""

    def __init__(self, records: list[logging.LogRecord]) -> None:
        super().__init__(logging.ERROR)
        self.emit = records.append  # type: ignore[method-assign, assignment]


@contextlib.contextmanager
def nothing_goes_wrong() -> Iterator[None]:
    """Fail when anything is logged as an error: a traceback, a task that died."""
    records: list[logging.LogRecord] = []
    listener = Listener(records)
    logging.getLogger().addHandler(listener)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(listener)
    assert [record.getMessage() for record in records] == []


@settings(max_examples=40, deadline=None)
@given(
    frames=st.lists(FRAMES, min_size=1, max_size=5), path=st.sampled_from(("/signal", "/panel")), known=st.booleans()
)
def test_any_frames_leave_a_living_exchange(
    tmp_path_factory: pytest.TempPathFactory, frames: list[str | bytes], path: str, known: bool
) -> None:
    async def run() -> None:
        state = tmp_path_factory.getbasetemp() / "any-frames"
        async with net(state) as house, house.exchange():
            wire = await house.wire(path)
            if known and path == "/signal":
                await wire.register(house.sdk("anna"))
            elif known:
                await wire.say("listen", token=house.page("anna"), role="page")
                await wire.hear("connected")
            for frame in frames:
                await send(wire, frame)
            await (await house.wire()).register(house.sdk("bob"))

    with nothing_goes_wrong():
        asyncio.run(run())


async def send(wire: Wire, frame: str | bytes) -> None:
    if not wire.socket.closed:
        await (wire.socket.send_bytes(frame) if isinstance(frame, bytes) else wire.socket.send_str(frame))


@given(noise=st.binary(max_size=200))
@settings(max_examples=20, deadline=None)
def test_any_bytes_at_the_port_leave_a_living_exchange(tmp_path_factory: pytest.TempPathFactory, noise: bytes) -> None:
    async def run() -> None:
        state = tmp_path_factory.getbasetemp() / "any-bytes"
        async with net(state) as house, house.exchange():
            for tls in (None, house.tls):
                reader, writer = await asyncio.open_connection("127.0.0.1", house.port, ssl=tls)
                writer.write(noise + b"\r\n\r\n")
                writer.close()
                await asyncio.wait_for(asyncio.gather(writer.wait_closed(), return_exceptions=True), PATIENCE_S)
                reader.feed_eof()
            await (await house.wire()).register(house.sdk("bob"))

    with nothing_goes_wrong():
        asyncio.run(run())


async def test_a_frame_that_can_t_be_read_gets_an_error_and_a_living_session(house: Net) -> None:
    wire = await house.registered(house.sdk("anna"))
    for frame in ("not json", "x" * 65_537, b"\x00\xff", '{"type":"invite","payload":null}'):
        await send(wire, frame)
        assert (await wire.hear("error"))["error"]["code"] == 31100
    await wire.say("register", media={"audio": True})
    await wire.hear("ready")


async def test_a_frame_that_is_far_too_long_ends_its_own_line_only(house: Net) -> None:
    wire, other = await house.registered(house.sdk("anna")), await house.registered(house.sdk("bob"))
    await send(wire, "x" * 4 * 65_537)
    await wire.hear_end()
    await other.say("register", media={"audio": True})
    await other.hear("ready")


async def test_a_flood_of_frames_is_cut_off(house: Net) -> None:
    wire = await house.registered(house.sdk("anna"))
    for _ in range(3 * int(line.FRAMES_PER_S)):
        await send(wire, "\n")
    assert await wire.hear_end() == aiohttp.WSCloseCode.POLICY_VIOLATION


async def test_a_stranger_is_let_go(house: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "STRANGER_S", 0.3)
    wire = await house.wire()
    assert await wire.hear_end() == aiohttp.WSCloseCode.POLICY_VIOLATION


async def test_a_client_that_answers_no_heartbeat_is_dead(house: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal_lines, "STATION_BEAT_S", 0.1)
    anna = await house.registered(house.sdk("anna"))
    door = await house.registered(house.station("door"))
    async with asyncio.timeout(PATIENCE_S):
        while (await door.socket.receive()).type is aiohttp.WSMsgType.TEXT:
            pass  # the heartbeats, unanswered
    await anna.say("invite", callsid="TJS1", sdp="v=0", twilio={"params": "To=door"})
    assert (await anna.hear("hangup"))["error"]["code"] == 31480


async def test_only_so_many_strangers_may_wait_at_the_door(house: Net) -> None:
    known = await house.registered(house.sdk("anna"))
    waiting = [await house.wire() for _ in range(line.STRANGERS_EACH)]
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await house.wire()
    assert refused.value.status == 503
    await waiting[0].sign_in(house.sdk("bob"))
    await house.wire()
    await known.say("register", media={"audio": True})
    await known.hear("ready")


async def test_old_tls_is_refused(house: Net) -> None:
    old = ssl.create_default_context()
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("DEFAULT:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        await asyncio.open_connection("127.0.0.1", house.port, ssl=old)


async def test_a_browser_that_keeps_an_idle_connection_is_let_go_when_the_exchange_stops(tmp_path: Path) -> None:
    async with net(tmp_path / "state") as house:
        async with house.exchange():
            reader, writer = await asyncio.open_connection("127.0.0.1", house.port, ssl=house.tls)
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            await reader.readuntil(b"}")
        with contextlib.suppress(ConnectionResetError):
            assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b""
        writer.transport.abort()
