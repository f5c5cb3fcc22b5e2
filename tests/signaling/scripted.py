"""A station's line as the tests of outages have it: its tokens are counted, and all that it tells is kept."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import repeat

from intercom.errors import TokenError
from intercom.network import Network
from intercom.signaling import token
from intercom.signaling.client import Client
from intercom.signaling.credential import Credential
from intercom.signaling.events import StreamError, StreamState
from intercom.signaling.messages import Message
from intercom.signaling.tokens import Source
from intercom.signaling.trust import Trust
from tests.signaling.script import Line, Script

PATIENCE_S = 20.0


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
