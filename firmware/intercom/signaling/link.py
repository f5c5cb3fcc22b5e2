"""One WebSocket that carries a session: writes what the session has to say, hands it what arrives."""

import asyncio
import logging
from collections.abc import Callable

import aiohttp

from intercom.errors import IntercomError
from intercom.signaling.messages import Message
from intercom.signaling.rotation import Loss
from intercom.signaling.session import Session

logger = logging.getLogger(__name__)

BROKEN = {None, 1006, 1015}


class Link:
    """Carries `session`, which is open already; `received` gets each frame that arrived (None: the session's own).

    `address` is the one of this machine that it goes by.
    """

    def __init__(
        self,
        socket: aiohttp.ClientWebSocketResponse,
        session: Session,
        received: Callable[[Message | None], None],
    ) -> None:
        self._socket, self._session, self._received = socket, session, received
        self._woken = asyncio.Event()
        self._is_leaving = self._is_unreadable = self._is_cut = False
        self.address: str = (socket.get_extra_info("sockname") or ("",))[0]

    def wake(self) -> None:
        """Note that the session has something to say."""
        self._woken.set()

    def leave(self) -> None:
        """Close once the session's last frames are written."""
        self._is_leaving = True
        self._woken.set()

    def cut(self) -> None:
        """End at once: nothing can arrive any more."""
        self._is_cut = True
        self._woken.set()

    async def carry(self) -> Loss:
        """Carry the session until the socket closes or is cut, the exchange is silent or sends us away, or we leave."""
        reader = asyncio.create_task(self._read(), name="signalling reader")
        try:
            while not reader.done() and self._session.tick(_now()):
                self._woken.clear()
                if self._is_cut:
                    return Loss.MOVED
                for frame in self._session.take():
                    await self._socket.send_str(frame)
                if self._is_leaving or self._session.is_sent_away:
                    return Loss.ORDERLY
                await self._wait(reader)
            if not reader.done():
                return Loss.SILENT
            reader.result()
            is_broken = self._is_unreadable or self._socket.close_code in BROKEN
            return Loss.ABNORMAL if is_broken else Loss.ORDERLY
        finally:
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)

    async def _wait(self, reader: asyncio.Task[None]) -> None:
        woken = asyncio.ensure_future(self._woken.wait())
        due_in_s = max(0.0, self._session.due - _now())
        try:
            await asyncio.wait({woken, reader}, timeout=due_in_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            woken.cancel()

    async def _read(self) -> None:
        async for frame in self._socket:
            match frame.type:
                case aiohttp.WSMsgType.TEXT:
                    self._take(frame.data)
                case aiohttp.WSMsgType.ERROR:  # no WebSocket frame, or one that is far too long
                    self._is_unreadable = True

    def _take(self, text: str) -> None:
        try:
            self._received(self._session.receive(text, _now()))
        except IntercomError as error:
            logger.warning("from the exchange: %s", error)
        self._woken.set()


def _now() -> float:
    return asyncio.get_running_loop().time()
