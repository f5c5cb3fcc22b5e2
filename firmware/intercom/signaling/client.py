"""Signalling towards an exchange: connects, keeps connected, comes back for as long as it takes."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import aiohttp

from intercom.errors import IntercomError
from intercom.network import Network
from intercom.signaling.backoff import delays
from intercom.signaling.credential import Credential
from intercom.signaling.dial import Dial
from intercom.signaling.events import StreamError, StreamState
from intercom.signaling.link import Link
from intercom.signaling.messages import Message
from intercom.signaling.rotation import Loss, Rotation
from intercom.signaling.session import Session
from intercom.signaling.trust import Trust
from intercom.vital import vital

logger = logging.getLogger(__name__)

STABLE_AFTER_S = 10.0
LEAVE_WITHIN_S = 1.0
RETURN_AFTER_S = 60.0

NO_EXCHANGE = "signaling.url names no exchange; `intercom station add` on one helps"
SENT_AWAY = "the exchange sent this station away; is its key still good?"
EXPIRED = "the exchange says that the access token has expired"
WHY = {
    Loss.ABNORMAL: "the connection to the exchange broke",
    Loss.SILENT: "the exchange has been silent for too long",
    Loss.MOVED: "this machine has left the network by which it reached the exchange",
    Loss.ORDERLY: "the exchange closed the connection",
}


class Client:
    """Signalling towards one exchange (`call.ports.Stream`); an async context manager.

    `uris` are the exchange's addresses, tried in turn; none: there is no exchange.  `pauses` gives the delays between
    attempts; after a `close` it stays away for a minute, or until `renew`.  When `network` changes, a connection by an
    address that is gone is given up, and whatever waits or hangs is tried anew at once.  `why` tells in one sentence
    what keeps it from being connected, for `intercom status`.
    """

    def __init__(
        self,
        uris: Sequence[str],
        credential: Credential,
        trust: Trust,
        *,
        pauses: Callable[[], Iterator[float]] = delays,
        network: Network | None = None,
    ) -> None:
        self.why = "not connected yet" if uris else NO_EXCHANGE
        self._rotation = Rotation(uris) if uris else None
        self._credential, self._dial, self._pauses = credential, Dial(trust), pauses
        self._network = network or Network()
        self._session = Session()
        self._link: Link | None = None
        self._received: Callable[[Message], None] = lambda _: None
        self._changed: Callable[[StreamState], None] = lambda _: None
        self._failed: Callable[[StreamError], None] = lambda _: None
        self._told = StreamState.DISCONNECTED
        self._called = asyncio.Event()
        self._is_leaving = False
        self._task: asyncio.Task[None] | None = None
        credential.changed = self._show

    @property
    def state(self) -> StreamState:
        """The signalling channel as the calls see it."""
        return self._session.state

    @property
    def token(self) -> str:
        """The access token shown last; empty before the first."""
        return self._session.token

    @property
    def edge(self) -> str | None:
        """The edge that we are connected to, by its name; the region's name where it has none."""
        return self._session.place.edge

    @property
    def region(self) -> str | None:
        """The region that we are connected to, by its code."""
        return self._session.place.region

    @property
    def origin(self) -> Mapping[str, str]:
        """What the exchange last said of itself, in its own words: `gateway`, `region`."""
        return self._session.origin

    def listen(
        self,
        received: Callable[[Message], None],
        changed: Callable[[StreamState], None],
        failed: Callable[[StreamError], None],
    ) -> None:
        """Name who takes the frames that arrive, and who is told of each change of state and of the link's errors."""
        self._received, self._changed, self._failed = received, changed, failed

    def send(self, message: Message) -> None:
        """Send a frame, or keep it for the next connection."""
        if not self._session.send(message):
            text = f"A {message.kind} frame can't be sent: the exchange is not connected."
            self._failed(StreamError(31009, text, 31009))
        self._wake()

    def register(self, flag: bool) -> None:
        """Ask for calls (True) or for no more of them (Voice JS SDK v1, registerPresence, unregisterPresence)."""
        self._session.want_calls(flag, _now())
        self._wake()

    def renew(self, token: str) -> None:
        """Use this token from now on; a stream that is closed opens again (Voice JS SDK v1, updateToken)."""
        self._credential.give(token)
        if not self._session.is_open:
            self._called.set()

    def hurry(self) -> None:
        """Connect now, where that waits for its turn or hangs: the network carries again."""
        if self._link or self._session.is_sent_away:
            return
        self._called.set()
        self._dial.hurry()

    def status(self) -> dict[str, Any]:
        """Return what `intercom status` shows under `network`."""
        return {
            "exchange": self._rotation.uri if self._rotation else "",
            "state": self.state,
            "edge": self.edge,
            "region": self.region,
            "why": self.why,
            "token": self._credential.status(),
        }

    async def __aenter__(self) -> Self:
        if self._rotation:
            self._task = vital(self._stay_connected(self._rotation), name="signalling")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_leaving = True
        if self._task:
            if self._link:
                self._link.leave()
            if self.state is not StreamState.DISCONNECTED:
                # What the calls said last, their hang-ups, is still to be written.
                await asyncio.wait({self._task}, timeout=LEAVE_WITHIN_S)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _stay_connected(self, rotation: Rotation) -> None:
        keeping = vital(self._credential.keep(), name="token")
        forget = self._network.listen(self._look)
        pauses = self._pauses()
        try:
            async with aiohttp.ClientSession() as http:
                while not self._is_leaving:
                    if await self._connect(http, rotation) > STABLE_AFTER_S or self._called.is_set():
                        pauses = self._pauses()
                    await self._rest(RETURN_AFTER_S if self._session.is_sent_away else next(pauses))
        finally:
            forget()
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)

    def _look(self) -> None:
        """The network has changed."""
        if self._link is None:
            self.hurry()
        elif self._network.lacks(self._link.address):
            self._link.cut()
            self._called.set()

    async def _rest(self, pause_s: float) -> None:
        """Wait for the next attempt, or until there is a reason not to: a token by hand, another network."""
        with suppress(TimeoutError):
            async with asyncio.timeout(pause_s):
                await self._called.wait()

    async def _connect(self, http: aiohttp.ClientSession, rotation: Rotation) -> float:
        """Connect, and stay so until that ends; returns for how many seconds the socket was open."""
        self._called.clear()
        try:
            token = await self._credential.current()
        except IntercomError as error:
            self._note(str(error))
            return 0.0
        try:
            socket = await self._dial.dial(http, rotation)
        except IntercomError as error:
            self._note(str(error))
            self._failed(StreamError(31000, str(error), 53001))
            return 0.0
        opened_at = _now()
        async with socket:
            rotation.lost(await self._carry(socket, token))
        return _now() - opened_at

    async def _carry(self, socket: aiohttp.ClientWebSocketResponse, token: str) -> Loss:
        self._link = Link(socket, self._session, self._take)
        self._session.opened(token, _now())
        loss = Loss.ABNORMAL
        try:
            loss = await self._link.carry()
        except (aiohttp.ClientError, OSError) as error:
            logger.debug("signalling: %s", error)
        finally:
            self._link = None
            if not self._is_leaving:
                self._tell_loss(loss)
            self._session.closed()
            self._tell()
        return loss

    def _take(self, message: Message | None) -> None:
        """Do what a frame that has come asks for."""
        session = self._session
        self._tell()
        if (life_s := session.take_token_life_s()) is not None:
            self._credential.told(session.token, life_s)
        if session.is_token_spent:
            self._credential.refuse(session.token, session.refusal or EXPIRED)
        if message is not None:
            self._received(message)

    def _show(self, token: str) -> None:
        if self._session.is_open:
            self._session.show(token)
            self._wake()

    def _wake(self) -> None:
        if self._link:
            self._link.wake()

    def _tell(self) -> None:
        if self.state is not self._told:
            logger.info("signalling: %s → %s", self._told, self.state)
            self._told = self.state
            if self.state is not StreamState.DISCONNECTED:
                self.why = ""
            self._changed(self.state)

    def _tell_loss(self, loss: Loss) -> None:
        self._note(self._session.refusal or (SENT_AWAY if self._session.is_sent_away else WHY[loss]))
        if loss is not Loss.ORDERLY:
            self._failed(StreamError(31005, WHY[loss], 53000))

    def _note(self, why: str) -> None:
        if why != self.why:
            logger.warning("signalling: %s", why)
        self.why = why


def _now() -> float:
    return asyncio.get_running_loop().time()
