"""`Link`: the ICE below one DTLS association, over all its restarts."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from intercom.errors import MediaError
from intercom.rtc.generation import Generation
from intercom.rtc.lean import Candidate
from intercom.rtc.path import Take

LINGER_S = 3.0
JOIN_S = 30.0


@dataclass(frozen=True, slots=True)
class Remote:
    """The far end's side of one generation."""

    ufrag: str
    pwd: str
    candidates: tuple[str, ...]
    is_lite: bool


class Link:
    """Any number of generations, of which one has the path.

    The active generation carries what is sent, the pending one is being gathered or checked; when it has found a path
    it becomes the active one, and the old one still receives for `LINGER_S`.  What any of them receives is given to
    `received`.  `changed(generation)` tells of a new active generation, or of another path of it; `changed(None)` that
    there is no path any more: the link lives on until `close`.
    """

    def __init__(self, *, changed: Callable[[Generation | None], None], received: Take) -> None:
        self.active: Generation | None = None
        self.pending: Generation | None = None
        self._changed, self._received = changed, received
        self._living: set[Generation] = set()
        self._over = asyncio.Event()
        self._work: set[asyncio.Task[None]] = set()

    async def renew(self, generation: Generation) -> None:
        """Gather a generation's candidates, beside the path in use; supersedes one that is pending.

        Raises MediaError where another one has taken its place meanwhile, or the call is over.
        """
        if self._over.is_set():
            raise MediaError("The call has ended.")
        if old := self.pending:
            self._spawn(old.close())
        self.adopt(generation)
        await generation.gather_candidates()
        if generation is not self.pending or self._over.is_set():
            raise MediaError("Another attempt to find a new path has begun, or the call has ended.")

    def adopt(self, generation: Generation) -> None:
        """Take one for the pending generation that another link has released."""
        generation.received = self._received
        generation.closed = lambda: self._closed(generation)
        generation.moved = lambda: self._moved(generation)
        self._living.add(generation)
        self.pending = generation

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

    async def send(self, packet: bytes) -> None:
        """Send where there is a path, else drop."""
        if self.active:
            with contextlib.suppress(ConnectionError):
                await self.active.send(packet)

    async def close(self) -> None:
        """Close every generation; idempotent, leaves nothing behind."""
        self._over.set()
        await asyncio.gather(*(generation.close() for generation in self._living))
        while self._work:
            await asyncio.wait(self._work)

    def _moved(self, generation: Generation) -> None:
        if generation is self.active and not self._over.is_set():
            self._changed(generation)

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
