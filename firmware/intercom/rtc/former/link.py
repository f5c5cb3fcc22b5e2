"""`Link`: the ICE of one call over any number of restarts, below DTLS and SRTP that notice nothing.

Private names of aiortc 1.16 that only this file touches: `RTCIceGatherer._connection`; `RTCIceTransport._connection`,
`_recv`, `_send`.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from aioice import Candidate, ConnectionClosed
from aiortc import RTCIceTransport

from intercom.errors import MediaError
from intercom.rtc.generation import Generation

LINGER_S = 3.0
JOIN_S = 30.0
MOST_WAITING = 256


@dataclass(frozen=True, slots=True)
class Remote:
    """The far end's side of one generation."""

    ufrag: str
    pwd: str
    candidates: tuple[str, ...]
    is_lite: bool


class Link:
    """Stands where aiortc expects one aioice connection; its members are those of `aioice.Connection`, but for a few.

    The active generation carries what is sent, the pending one is being gathered or checked; when it has found a path
    it becomes the active one, and the old one still receives for `LINGER_S`.  What any of them receives is read by
    `recv`.  `changed(generation)` tells of a new active generation, `changed(None)` that the active one has no path
    any more; the link lives on until `close`: sending never fails before, and receiving never ends.  `newest` is the
    generation that our latest description speaks of.
    """

    def __init__(self, first: Generation, changed: Callable[[Generation | None], None]) -> None:
        self.remote_is_lite = False
        self.remote_username: str | None = None
        self.remote_password: str | None = None
        self.active: Generation | None = None
        self.pending: Generation | None = None
        self.newest = first
        self._changed = changed
        self._living: set[Generation] = set()
        self._packets: deque[bytes] = deque(maxlen=MOST_WAITING)
        self._arrived = asyncio.Event()
        self._settled = asyncio.Event()
        self._over = asyncio.Event()
        self._work: set[asyncio.Task[None]] = set()
        self._adopt(first)

    def place(self, transport: RTCIceTransport) -> None:
        """Have this transport and its gatherer use the link in place of what they made for themselves."""
        transport.iceGatherer._connection = transport._connection = self  # type: ignore[assignment]  # noqa: SLF001
        transport._recv, transport._send = self.recv, self.send  # noqa: SLF001

    async def renew(self, generation: Generation) -> None:
        """Gather a new generation's candidates beside the path in use; supersedes one that is pending.

        Raises MediaError where another one has taken its place meanwhile, or the call is over.
        """
        if self._over.is_set():
            raise MediaError("The call has ended.")
        if old := self.pending:
            self._spawn(old.close())
        self._adopt(generation)
        await generation.gather_candidates()
        if generation is not self.pending or self._over.is_set():
            raise MediaError("Another attempt to find a new path has begun, or the call has ended.")

    def join(self, remote: Remote, *, hold_s: float = 0.0) -> None:
        """Begin to check the pending generation; the far end's candidates are held back for a while.

        aioice is never told that there are no more candidates, so it checks until `JOIN_S`; failing leaves the old
        path as it was.
        """
        assert self.pending
        self._spawn(self._join(self.pending, remote, hold_s))

    def release(self) -> Generation:
        """Give away the pending generation, to another link."""
        assert self.pending
        released, self.pending = self.pending, None
        self._living.discard(released)
        return released

    # What aiortc asks of an aioice.Connection follows.

    @property
    def local_candidates(self) -> list[Candidate]:
        return self.newest.local_candidates

    @property
    def remote_candidates(self) -> list[Candidate]:
        return self.newest.remote_candidates

    @property
    def local_username(self) -> str:
        return self.newest.local_username

    @property
    def local_password(self) -> str:
        return self.newest.local_password

    @property
    def ice_controlling(self) -> bool:
        return self.newest.ice_controlling

    @ice_controlling.setter
    def ice_controlling(self, is_controlling: bool) -> None:
        self.newest.ice_controlling = is_controlling

    async def gather_candidates(self) -> None:
        await self.newest.gather_candidates()

    async def add_remote_candidate(self, candidate: Candidate | None) -> None:
        await self.newest.add_remote_candidate(candidate)

    async def connect(self) -> None:
        """Return when the first path is there, of whatever generation; raises ConnectionError once it is closed."""
        assert self.remote_username
        assert self.remote_password
        self.join(Remote(self.remote_username, self.remote_password, (), is_lite=self.remote_is_lite))
        await self._settled.wait()
        if self._over.is_set():
            raise ConnectionError("closed")

    async def recv(self) -> bytes:
        """Return the next packet of any generation; raises ConnectionError after the end."""
        while not self._packets and not self._over.is_set():
            self._arrived.clear()
            await self._arrived.wait()
        if self._over.is_set():
            raise ConnectionError("closed")
        return self._packets.popleft()

    async def send(self, data: bytes) -> None:
        """Send where there is a path, else drop: an exception would end aiortc's sender for good."""
        if self._over.is_set():
            raise ConnectionError("closed")
        if self.active:
            with contextlib.suppress(ConnectionError):
                await self.active.send(data)

    async def get_event(self) -> ConnectionClosed:
        """Return at the end of the link, whatever happens to its generations."""
        await self._over.wait()
        return ConnectionClosed()

    async def close(self) -> None:
        """Close every generation; idempotent, leaves nothing behind."""
        for event in (self._over, self._arrived, self._settled):
            event.set()
        await asyncio.gather(*(generation.close() for generation in self._living))
        while self._work:
            await asyncio.wait(self._work)

    def _adopt(self, generation: Generation) -> None:
        generation.received = self._receive
        generation.closed = lambda: self._closed(generation)
        self._living.add(generation)
        self.pending = self.newest = generation

    def _receive(self, packet: bytes) -> None:
        self._packets.append(packet)
        self._arrived.set()

    def _closed(self, generation: Generation) -> None:
        self._living.discard(generation)
        if generation is self.active and not self._over.is_set():
            self._changed(None)

    async def _join(self, generation: Generation, remote: Remote, hold_s: float) -> None:
        generation.remote_username, generation.remote_password = remote.ufrag, remote.pwd
        generation.remote_is_lite = remote.is_lite
        holding = asyncio.create_task(_tell_candidates(generation, remote.candidates, hold_s))
        try:
            async with asyncio.timeout(JOIN_S):
                await self._take_over(generation)
        except (ConnectionError, TimeoutError):
            if generation is self.pending:
                self.pending = None
            await generation.close()
        finally:
            holding.cancel()

    async def _take_over(self, generation: Generation) -> None:
        await generation.connect()
        if generation is not self.pending:
            raise ConnectionError("superseded")
        old, self.active, self.pending = self.active, generation, None
        self._settled.set()
        if old:
            self._spawn(self._retire(old))
        self._changed(generation)

    async def _retire(self, old: Generation) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LINGER_S):
                await self._over.wait()
        await old.close()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)


async def _tell_candidates(generation: Generation, candidates: tuple[str, ...], hold_s: float) -> None:
    await asyncio.sleep(hold_s)
    for candidate in candidates:
        await generation.add_remote_candidate(Candidate.from_sdp(candidate))
