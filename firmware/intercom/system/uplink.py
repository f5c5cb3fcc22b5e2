"""The line on which a station shows its panel to the exchange's page, and takes presses for a simulated one.

JSON text frames `{"type", "payload"}`: `listen` out and `connected` in, then `snapshot` out at each change, `press` and
`release` in; the heartbeat of the signalling wire both ways.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

import aiohttp

from intercom.errors import IntercomError
from intercom.signaling.backoff import delays
from intercom.signaling.trust import Trust

logger = logging.getLogger(__name__)

CONNECT_TIMEOUT_S = 5.0
SILENCE_S = 15.0
HEARTBEAT = "\n"


class Uplink:
    """An async context manager, idle without a `url`.

    `token` returns an access token; `press(button, is_down)` is called for the page's presses.
    """

    def __init__(
        self, url: str, trust: Trust, token: Callable[[], Awaitable[str]], *, press: Callable[[str, bool], None] | None
    ) -> None:
        self._url = url.removesuffix("/signal") + "/panel" if url else ""
        self._trust, self._token, self._press = trust, token, press
        self._snapshot: dict[str, Any] = {}
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def publish(self, snapshot: dict[str, Any]) -> None:
        """Show this snapshot, unless it is the one shown."""
        if snapshot != self._snapshot:
            self._snapshot = snapshot
            self._changed.set()

    async def __aenter__(self) -> Self:
        if self._url:
            self._task = asyncio.create_task(self._stay_connected(), name="uplink")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _stay_connected(self) -> None:
        async with aiohttp.ClientSession() as http:
            pauses = delays(first_s=1.0)
            while True:
                try:
                    await self._connect_once(http)
                    pauses = delays(first_s=1.0)
                except (aiohttp.ClientError, OSError, TimeoutError, IntercomError) as error:
                    logger.debug("the panel is not shown at the exchange: %s", error)
                await asyncio.sleep(next(pauses))

    async def _connect_once(self, http: aiohttp.ClientSession) -> None:
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            tls = await self._trust.context(http)
            socket = await http.ws_connect(self._url, ssl=tls)
        async with socket:
            hello = {"token": await self._token(), "role": "station", "simulated": self._press is not None}
            await _send(socket, "listen", hello)
            writer = asyncio.create_task(self._write(socket), name="uplink writer")
            try:
                await self._read(socket)
            finally:
                writer.cancel()
                await asyncio.gather(writer, return_exceptions=True)

    async def _write(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._changed.set()
        while True:
            await self._changed.wait()
            self._changed.clear()
            await _send(socket, "snapshot", {"status": self._snapshot})

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        while True:
            frame = await socket.receive(timeout=SILENCE_S)
            if frame.type is not aiohttp.WSMsgType.TEXT:
                return
            if frame.data == HEARTBEAT:
                await socket.send_str(HEARTBEAT)
            else:
                self._take(frame.data)

    def _take(self, text: str) -> None:
        try:
            frame = json.loads(text)
            kind, button = frame["type"], frame.get("payload", {}).get("button", "")
        except (ValueError, LookupError, TypeError, AttributeError):
            logger.warning("from the exchange's panel line: a frame that can't be read")
            return
        if self._press and kind in {"press", "release"}:
            try:
                self._press(str(button), kind == "press")
            except IntercomError as error:
                logger.warning("from the page: %s", error)


async def _send(socket: aiohttp.ClientWebSocketResponse, kind: str, payload: dict[str, Any]) -> None:
    await socket.send_str(json.dumps({"type": kind, "payload": payload}))
