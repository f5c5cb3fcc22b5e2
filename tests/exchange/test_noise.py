"""Any bytes on the WebSocket: a clear error, and a session and a call that live on."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intercom.errors import RemoteProtocolError
from intercom.signaling.messages import FROM_CLIENT, decode_from_client
from tests.exchange.test_limits import nothing_goes_wrong
from tests.exchange.wires import PATIENCE_S, Net, call, net

UPGRADE = (
    "GET /signal HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
PAYLOADS = VALUES | st.dictionaries(st.sampled_from(("callsid", "sdp", "dtmf", "content", "media", "token")), VALUES)
TEXTS = st.one_of(
    st.text(),
    st.builds(
        lambda kind, payload: json.dumps({"type": kind, "payload": payload}),
        st.sampled_from((*FROM_CLIENT, "ringing", "transportClose", "")),
        PAYLOADS,
    ),
    st.integers(1, 20_000).map(lambda depth: depth * "["),
    st.integers(0, 2).map(lambda more: (65_536 + more) * "x"),
)


@settings(max_examples=40, deadline=None)
@given(texts=st.lists(TEXTS | st.binary(), min_size=1, max_size=8))
def test_what_can_t_be_read_is_answered_and_the_call_goes_on(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str | bytes]
) -> None:
    async def run(house: Net) -> None:
        anna, door = await house.registered(house.sdk("anna")), await house.registered(house.station("door"))
        sid = await call(anna, door, "door")
        unreadable = 0
        for text in texts:
            await (anna.socket.send_str(text) if isinstance(text, str) else anna.socket.send_bytes(text))
            unreadable += not is_readable(text)
        await anna.say("hangup", callsid=sid)
        assert await door.hear("hangup") == {"callsid": sid}
        await anna.say("message", callsid="none", messagetype="none", voiceeventsid="the end")
        errors = 0
        while (frame := await anna.next()) and frame["payload"].get("voiceeventsid") != "the end":
            errors += frame["type"] == "error" and frame["payload"]["error"]["code"] == 31100
        assert frame, f"closed with {anna.end}"
        assert errors == unreadable

    with_an_exchange(tmp_path_factory, run)


@settings(max_examples=25, deadline=None)
@given(noise=st.binary(min_size=1, max_size=300))
def test_noise_below_the_frames_costs_a_line_its_own_life_at_most(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes
) -> None:
    async def run(house: Net) -> None:
        other = await house.registered(house.sdk("anna"))
        reader, writer = await asyncio.open_connection("127.0.0.1", house.port, ssl=house.tls)
        writer.write(UPGRADE.encode())
        await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE_S)
        writer.write(noise)
        writer.close()
        await asyncio.wait_for(asyncio.gather(writer.wait_closed(), return_exceptions=True), PATIENCE_S)
        reader.feed_eof()
        await other.say("register", media={"audio": True})
        await other.hear("ready")

    with_an_exchange(tmp_path_factory, run)


def with_an_exchange(tmp_path_factory: pytest.TempPathFactory, run: Callable[[Net], Awaitable[None]]) -> None:
    async def live(state: Path) -> None:
        async with net(state) as house, house.exchange():
            await run(house)

    with nothing_goes_wrong():
        asyncio.run(live(tmp_path_factory.getbasetemp() / "noise"))


def is_readable(text: str | bytes) -> bool:
    try:
        decode_from_client(text if isinstance(text, str) else "")
    except RemoteProtocolError:
        return False
    return True
