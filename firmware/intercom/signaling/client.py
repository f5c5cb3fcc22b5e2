"""The WebSocket that carries a session: connects, keeps alive, comes back for as long as it takes."""

import asyncio
import logging
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import aiohttp

from intercom.errors import IntercomError, NoAnswerError, RemoteProtocolError
from intercom.signaling.backoff import delays
from intercom.signaling.events import StreamState
from intercom.signaling.messages import LIMIT_CHARACTERS, Message
from intercom.signaling.session import Session
from intercom.signaling.trust import Trust

logger = logging.getLogger(__name__)

CONNECT_TIMEOUT_S = 5.0
STABLE_AFTER_S = 10.0
LEAVE_WITHIN_S = 1.0


class Client:
    """Signalling towards one exchange (`call.ports.Stream`); an async context manager.

    `why` tells in one sentence what keeps it from being connected, for `intercom status`.
    """

    def __init__(self, url: str, session: Session, trust: Trust) -> None:
        self.url = url
        self.why = (
            "not connected yet" if url else "signaling.url names no exchange; `intercom station add` on one helps"
        )
        self._session, self._trust = session, trust
        self._woken = asyncio.Event()
        self._received: Callable[[Message], None] = lambda _: None
        self._changed: Callable[[StreamState], None] = lambda _: None
        self._told = StreamState.DISCONNECTED
        self._is_leaving = False
        self._task: asyncio.Task[None] | None = None

    @property
    def state(self) -> StreamState:
        """The signalling channel as the calls see it."""
        return self._session.state

    def listen(self, received: Callable[[Message], None], changed: Callable[[StreamState], None]) -> None:
        """Name who takes the frames that arrive, and who is told of each change of state."""
        self._received, self._changed = received, changed

    def send(self, message: Message) -> None:
        """Send a frame, or keep it for the next connection."""
        self._session.send(message)
        self._woken.set()

    def status(self) -> dict[str, Any]:
        """Return what `intercom status` shows under `network`."""
        return {"exchange": self.url, "state": self.state, "why": self.why}

    async def __aenter__(self) -> Self:
        if self.url:
            self._task = asyncio.create_task(self._stay_connected(), name="signalling")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_leaving = True
        self._woken.set()
        if self._task:
            if self.state is not StreamState.DISCONNECTED:
                # What the calls said last, their hang-ups, is still to be written.
                await asyncio.wait({self._task}, timeout=LEAVE_WITHIN_S)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _stay_connected(self) -> None:
        pauses = delays()
        async with aiohttp.ClientSession() as http:
            while not self._is_leaving:
                began = self._now()
                await self._connect_once(http)
                if self._now() - began > STABLE_AFTER_S:
                    pauses = delays()
                await asyncio.sleep(next(pauses))

    async def _connect_once(self, http: aiohttp.ClientSession) -> None:
        why = "the exchange closed the connection"
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                tls = await self._trust.context(http)
                socket = await http.ws_connect(self.url, ssl=tls, max_msg_size=LIMIT_CHARACTERS * 4)
            async with socket:
                await self._serve(socket)
        except TimeoutError:
            why = f"no answer from {self.url} within {CONNECT_TIMEOUT_S:.0f} s; check the address and the network"
        except (aiohttp.ClientError, OSError) as error:
            self._trust.forget()
            why = f"{self.url} can't be reached ({error}); check the address and that the exchange runs"
        except IntercomError as error:
            why = str(error)
        finally:
            if not self._is_leaving:
                self._note(self._session.refusal or why)
            self._session.closed()
            self._tell()

    async def _serve(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Carry the session until the socket closes or the exchange has been silent for too long."""
        self._session.opened(self._now())
        reader = asyncio.create_task(self._read(socket), name="signalling reader")
        try:
            while not reader.done() and self._session.tick(self._now()):
                self._woken.clear()
                for frame in self._session.take():
                    await socket.send_str(frame)
                if self._is_leaving:
                    return
                await self._wait(reader)
            if not reader.done():
                raise NoAnswerError("The exchange has been silent for too long.", "The station tries again by itself.")
            reader.result()
        finally:
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)

    async def _wait(self, reader: asyncio.Task[None]) -> None:
        woken = asyncio.ensure_future(self._woken.wait())
        due_in_s = max(0.0, self._session.due - self._now())
        try:
            await asyncio.wait({woken, reader}, timeout=due_in_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            woken.cancel()

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in socket:
            if frame.type is not aiohttp.WSMsgType.TEXT:
                continue
            try:
                message = self._session.receive(frame.data, self._now())
            except RemoteProtocolError as error:
                logger.warning("from the exchange: %s", error)
                continue
            self._tell()
            if message is not None:
                self._received(message)
            self._woken.set()

    def _tell(self) -> None:
        if self.state is not self._told:
            logger.info("signalling: %s → %s", self._told, self.state)
            self._told = self.state
            if self.state is not StreamState.DISCONNECTED:
                self.why = ""
            self._changed(self.state)

    def _note(self, why: str) -> None:
        if why != self.why:
            logger.warning("signalling: %s", why)
        self.why = why

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
