"""One WebSocket line to a client: text frames in and out, heartbeat, limits; and all lines of one kind."""

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web

from intercom.exchange.allowance import Allowance
from intercom.exchange.credentials import Credentials
from intercom.signaling.messages import LIMIT_CHARACTERS, Heartbeat
from intercom.signaling.token import Claims

logger = logging.getLogger(__name__)

BEAT_S = 5.0
STATION_BEAT_S = 1.0
SILENT_BEATS = 4
STRANGER_S = 10.0
STRANGERS = 64
STRANGERS_EACH = 16
FRAMES_PER_S = 50.0
QUEUED = 512
CLOSE_TIMEOUT_S = 1.0


class Line:
    """A stranger's until `welcome` is called: it has 10 s to prove who it is.  `number` is its name among its kind."""

    def __init__(self, number: int, socket: web.WebSocketResponse, request: web.BaseRequest) -> None:
        self.number, self.response, self.address = number, socket, request.remote or ""
        self.claims: Claims | None = None
        self._transport = request.transport
        self._clock = asyncio.get_running_loop().time
        self._queue: asyncio.Queue[str | WSCloseCode] = asyncio.Queue(QUEUED)
        self._beat_s = BEAT_S
        self._since = self._beaten_at = self._clock()
        self._allowance = Allowance(FRAMES_PER_S)

    @property
    def is_stranger(self) -> bool:
        """Whether nobody has proved yet who is on this line."""
        return self.claims is None

    @property
    def identity(self) -> str:
        """Who is on this line; empty for a stranger."""
        return self.claims.identity if self.claims else ""

    def welcome(self, claims: Claims, *, beat_s: float) -> None:
        """Take the client for whom its token names; from now on it gets a heartbeat every so often."""
        self.claims, self._beat_s = claims, beat_s

    def send(self, text: str) -> None:
        """Send a frame, without waiting; a client that does not read is cut off."""
        self._put(text)

    def end(self, code: WSCloseCode) -> None:
        """Close, after what was sent before."""
        self._put(code)

    async def frames(self) -> AsyncIterator[str]:
        """Yield the frames that arrive, heartbeats left out and binary ones empty, until the line is closed or dead."""
        while (message := await self._receive()) is not None:
            if not self._allowance.take(self._clock()):
                logger.warning("a client sent more than %.0f frames a second: cut off", FRAMES_PER_S)
                self.end(WSCloseCode.POLICY_VIOLATION)
                return
            if message.data != Heartbeat.kind:
                yield message.data if message.type is WSMsgType.TEXT else ""

    async def write(self) -> None:
        """Write what is sent, and the heartbeat in between, until the line is closed."""
        while not self.response.closed:
            item = await self._next()
            try:
                if isinstance(item, WSCloseCode):
                    await self.response.close(code=item)
                else:
                    await self.response.send_str(item)
            except ConnectionError:
                return

    async def _next(self) -> str | WSCloseCode:
        try:
            async with asyncio.timeout_at(self._beaten_at + self._beat_s):
                return await self._queue.get()
        except TimeoutError:
            self._beaten_at = self._clock()
            return Heartbeat.kind

    async def _receive(self) -> WSMessage | None:
        """Return the next message, None when the line is closed; a dead client or a silent stranger is let go."""
        patience_s = STRANGER_S - (self._clock() - self._since) if self.is_stranger else SILENT_BEATS * self._beat_s
        try:
            message = await self.response.receive(timeout=max(0.001, patience_s))
        except TimeoutError:
            logger.info("a client at %s was silent for too long: cut off", self.address)
            self.end(WSCloseCode.POLICY_VIOLATION)
            return None
        return message if message.type in {WSMsgType.TEXT, WSMsgType.BINARY} else None

    def _put(self, item: str | WSCloseCode) -> None:
        if not self._queue.full():
            self._queue.put_nowait(item)
        elif self._transport:
            self._transport.abort()


class Lines:
    """All lines of one kind: whose they are, and how many strangers may wait at the door."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._lines: dict[int, Line] = {}

    async def serve(
        self,
        request: web.Request,
        *,
        take: Callable[[Line, str], Awaitable[None]],
        leave: Callable[[int], Awaitable[None]],
    ) -> web.StreamResponse:
        """Carry one client's socket: `take` each frame, `leave` when it has closed.  Raises HTTPServiceUnavailable."""
        async with self._open(request) as line:
            try:
                async for text in line.frames():
                    await take(line, text)
            finally:
                del self._lines[line.number]
                await leave(line.number)
        return line.response

    def get(self, number: int) -> Line | None:
        """Return the line of that number, if it is still open."""
        return self._lines.get(number)

    def revoked(self, credentials: Credentials) -> list[Line]:
        """Return the lines of those who may not be here any more."""
        return [line for line in self._lines.values() if line.claims and not credentials.is_good(line.claims)]

    def end(self) -> None:
        """Close all: the exchange stops, its clients come back by themselves."""
        for line in self._lines.values():
            line.end(WSCloseCode.GOING_AWAY)

    @asynccontextmanager
    async def _open(self, request: web.Request) -> AsyncIterator[Line]:
        strangers = [line.address for line in self._lines.values() if line.is_stranger]
        if len(strangers) >= STRANGERS or strangers.count(request.remote or "") >= STRANGERS_EACH:
            raise web.HTTPServiceUnavailable(text="Too many clients that have not signed in.")
        socket = web.WebSocketResponse(max_msg_size=4 * LIMIT_CHARACTERS, timeout=CLOSE_TIMEOUT_S, compress=False)
        await socket.prepare(request)
        line = Line(next(self._numbers), socket, request)
        self._lines[line.number] = line
        async with asyncio.TaskGroup() as tasks:
            writer = tasks.create_task(line.write())
            try:
                yield line
            finally:
                line.end(WSCloseCode.OK)
                await asyncio.wait({writer}, timeout=CLOSE_TIMEOUT_S)
                writer.cancel()
