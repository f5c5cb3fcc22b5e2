"""A server over real TLS that says what a test tells it to: as an exchange at `/signal`, as a token URL at `/token`."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from ssl import Purpose, SSLContext, create_default_context
from typing import Any

from aiohttp import WSMsgType, web

from intercom.exchange import addresses, certificates

PATIENCE_S = 20.0

Respond = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Line:
    """One client's WebSocket, seen from the exchange; heartbeats are told apart from frames."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.BaseTransport | None) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.socket, self.transport = socket, transport
        self.frames: list[dict[str, Any]] = []
        self.beats = 0
        self.closed_with: int | None = None
        self._unread: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self._beaten = asyncio.Event()

    async def say(self, kind: str, **payload: Any) -> None:
        await self.socket.send_str(json.dumps({"type": kind, "version": "1.5", "payload": payload}))

    async def hear(self, kind: str) -> dict[str, Any]:
        """Return the payload of the next frame, which must be of this type."""
        frame = await self.next()
        assert frame["type"] == kind, frame
        payload: dict[str, Any] = frame["payload"]
        return payload

    async def next(self) -> dict[str, Any]:
        """Return the next frame."""
        async with asyncio.timeout(PATIENCE_S):
            frame = await self._unread.get()
        assert frame is not None, "the client has closed"
        return frame

    def unread(self) -> list[dict[str, Any] | None]:
        """Return the frames that came and were not heard yet; None: the client has closed."""
        return [self._unread.get_nowait() for _ in range(self._unread.qsize())]

    async def hear_end(self) -> None:
        """Wait until the client has closed; no frame may come before."""
        async with asyncio.timeout(PATIENCE_S):
            assert await self._unread.get() is None

    async def beat(self) -> None:
        """Send the heartbeat and wait for its echo: what came before is then answered too."""
        self._beaten.clear()
        await self.socket.send_str("\n")
        async with asyncio.timeout(PATIENCE_S):
            await self._beaten.wait()

    async def welcome(self, **connected: Any) -> dict[str, Any]:
        """Take a client in: `listen`, `connected`, `register`, `ready`; return the payload of its `listen`."""
        listen = await self.hear("listen")
        await self.say("connected", **(connected or {"region": "US_EAST_VIRGINIA"}))
        await self.hear("register")
        await self.say("ready")
        return listen

    async def read(self) -> None:
        async for message in self.socket:
            if message.type is not WSMsgType.TEXT:
                continue
            if message.data == "\n":
                self.beats += 1
                self._beaten.set()
            else:
                frame = json.loads(message.data)
                self.frames.append(frame)
                self._unread.put_nowait(frame)
        self.closed_with = self.socket.close_code
        self._unread.put_nowait(None)


class Script:
    """The server; `line` waits for the next client, `token` answers at `/token`."""

    def __init__(self, state: Path, context: SSLContext) -> None:
        self.port = 0
        self.pin = certificates.pin(state)
        self.ca = state / "ca.pem"
        self.ca.write_bytes(certificates.ca(state))
        self.token: Respond | None = None
        self.lines: list[Line] = []
        self._context = context
        self._new: asyncio.Queue[Line] = asyncio.Queue()

    @property
    def uri(self) -> str:
        return f"wss://localhost:{self.port}/signal"

    async def line(self) -> Line:
        async with asyncio.timeout(PATIENCE_S):
            return await self._new.get()

    async def start(self) -> web.AppRunner:
        application = web.Application()
        application.add_routes(
            [web.get("/signal", self._signal), web.get("/ca.crt", self._ca), web.get("/token", self._token)]
        )
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "localhost", self.port, ssl_context=self._context)
        await site.start()
        self.port = runner.addresses[0][1]
        return runner

    async def _signal(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        line = Line(socket, request.transport)
        self.lines.append(line)
        self._new.put_nowait(line)
        await line.read()
        return socket

    async def _ca(self, _request: web.Request) -> web.Response:
        return web.Response(body=self.ca.read_bytes())

    async def _token(self, request: web.Request) -> web.StreamResponse:
        assert self.token
        return await self.token(request)


@asynccontextmanager
async def script(state: Path) -> AsyncIterator[Script]:
    """Run a scripted server, with a private CA of its own in `state`."""
    chain = certificates.ensure(state, addresses.own_names(()), datetime.now(UTC))
    context = create_default_context(Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain)
    made = Script(state, context)
    runner = await made.start()
    try:
        yield made
    finally:
        for line in made.lines:
            await line.socket.close()
        await runner.cleanup()
