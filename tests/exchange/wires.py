"""Clients of a real exchange over real TLS: frames as they are on the wire."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from ssl import SSLContext, create_default_context
from typing import Any

import aiohttp

from intercom.exchange import accounts, certificates
from intercom.exchange.accounts import StationKey
from intercom.exchange.server import Exchange
from intercom.settings import schema
from intercom.signaling import token

PATIENCE_S = 10.0
HERE = schema.Exchange(host="127.0.0.1", no_answer_s=30)
SDP = "v=0\r\n"


class Wire:
    """One WebSocket: `say` frames, `hear` frames; heartbeats are answered by themselves and counted."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.beats = 0
        self.end: int | None = None

    async def say(self, kind: str, **payload: Any) -> None:
        await self.socket.send_str(json.dumps({"type": kind, "version": "1.5", "payload": payload}))

    async def hear(self, kind: str) -> dict[str, Any]:
        """Return the payload of the next frame, which must be of this type."""
        frame = await self.next()
        assert frame is not None, f"closed with {self.end} instead of {kind}"
        assert frame["type"] == kind, frame
        payload: dict[str, Any] = frame["payload"]
        return payload

    async def hear_end(self) -> int | None:
        """Return the code with which the exchange closes the line, after no other frame."""
        frame = await self.next()
        assert frame is None, frame
        return self.end

    async def next(self) -> dict[str, Any] | None:
        while True:
            message = await self.socket.receive(timeout=PATIENCE_S)
            if message.type is not aiohttp.WSMsgType.TEXT:
                self.end = message.data if message.type is aiohttp.WSMsgType.CLOSE else None
                return None
            if message.data != "\n":
                return json.loads(message.data)  # type: ignore[no-any-return]
            self.beats += 1
            await self.socket.send_str("\n")

    async def sign_in(self, text: str, version: str = "1.15.1") -> dict[str, Any]:
        await self.say("listen", token=text, browserinfo={"p": "browser", "v": version})
        return await self.hear("connected")

    async def register(self, text: str, version: str = "1.15.1") -> None:
        await self.sign_in(text, version)
        await self.say("register", media={"audio": True})
        await self.hear("ready")


class Net:
    """What tests need of one exchange: its state folder, tokens, wires, HTTP."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.port = 0
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self._keys: dict[str, StationKey] = {}
        self._wires: list[Wire] = []

    @property
    def origin(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def tls(self) -> SSLContext:
        return create_default_context(cadata=certificates.ca(self.state).decode())

    @asynccontextmanager
    async def exchange(self, settings: schema.Exchange = HERE, *, page: str | None = None) -> AsyncIterator[Exchange]:
        """Run an exchange; the next one takes the same port."""
        async with Exchange(settings, self.state, page_identity=page, port=self.port) as exchange:
            self.port = exchange.port
            yield exchange

    async def wire(self, path: str = "/signal") -> Wire:
        socket = await self.http.ws_connect(self.origin + path, ssl=self.tls)
        self._wires.append(Wire(socket))  # one that is let go of would be closed
        return self._wires[-1]

    async def registered(self, text: str, version: str = "1.15.1") -> Wire:
        wire = await self.wire()
        await wire.register(text, version)
        return wire

    async def close(self) -> None:
        for wire in self._wires:
            await wire.socket.close()

    def station(self, identity: str, ttl_s: float = 60) -> str:
        """Return a token of a station."""
        key = self._keys.setdefault(identity, accounts.station_key(self.state, identity))
        return token.mint(key.api_key, key.api_secret, identity, now=time.time(), ttl_s=ttl_s)

    def sdk(self, identity: str, ttl_s: float = 60) -> str:
        """Return a token of an official SDK."""
        return accounts.mint_token(self.state, identity, ttl_s)

    def page(self, identity: str) -> str:
        """Return a token of our page."""
        return accounts.mint_page_token(self.state, accounts.Person("", identity), 60)


@asynccontextmanager
async def net(state: Path) -> AsyncIterator[Net]:
    """Return a net without an exchange yet."""
    made = Net(state)
    async with made.http:
        try:
            yield made
        finally:
            await made.close()


async def call(caller: Wire, callee: Wire, to: str) -> str:
    """Place a call and have it answered; returns its CallSid."""
    await caller.say("invite", callsid="TJS1", sdp=SDP, twilio={"params": f"To={to}"})
    sid: str = (await callee.hear("invite"))["callsid"]
    await caller.hear("ringing")
    await callee.say("answer", callsid=sid, sdp=SDP)
    assert (await caller.hear("answer"))["callsid"] == sid
    return sid
