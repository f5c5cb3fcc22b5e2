"""Two peers in two rooms, and what is left of them."""

import asyncio
import gc
import re
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from intercom.call.ports import AudioReady, DigitHeard, MediaFact, MediaState, Observed, RemoteAudio
from intercom.network import Network
from intercom.rtc.peer import Peer
from intercom.rtc.preferences import Preferences
from intercom.rtc.servers import Servers
from tests.rtc.room import Room

OPUS_FIRST = ("opus", "pcmu")
PCMU_FIRST = ("pcmu", "opus")


@dataclass
class End:
    """One end of a call: its room, its peer, and the states, observations and digits it was told."""

    room: Room
    codecs: Sequence[str] = OPUS_FIRST
    patience_s: float = 15.0
    packet_ms: Literal[10, 20] = 20
    loopback: bool = True
    servers: Servers = Servers()  # noqa: RUF009 - frozen
    network: Network | None = None
    states: list[MediaState] = field(default_factory=list)
    observed: list[Observed] = field(default_factory=list)
    digits: list[DigitHeard] = field(default_factory=list)
    audios: list[RemoteAudio] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._changed = asyncio.Event()

    @cached_property
    def peer(self) -> Peer:
        return Peer(
            preferences=Preferences(self.codecs, packet_ms=self.packet_ms),
            voice=self.room,
            on_state=self._note,
            servers=self.servers,
            loopback=self.loopback,
            network=self.network,
            patience_s=self.patience_s,
        )

    async def until(self, state: MediaState, *, timeout_s: float = 8.0) -> None:
        async with asyncio.timeout(timeout_s):
            while state not in self.states:
                await self.news()

    async def news(self) -> None:
        """Wait for the next fact that the peer tells."""
        self._changed.clear()
        await self._changed.wait()

    async def until_dialled(self, digits: str, *, timeout_s: float = 8.0) -> None:
        async with asyncio.timeout(timeout_s):
            while "".join(heard.digit for heard in self.digits) != digits:
                self._changed.clear()
                await self._changed.wait()

    def _note(self, fact: MediaFact) -> None:
        match fact:
            case MediaState():
                self.states.append(fact)
            case Observed():
                self.observed.append(fact)
            case DigitHeard():
                self.digits.append(fact)
            case AudioReady():
                self.audios.append(fact.audio)
        self._changed.set()


@asynccontextmanager
async def ends(first: End, second: End) -> AsyncIterator[tuple[Peer, Peer]]:
    """Open two ends, close them at the end."""
    try:
        await first.peer.open()
        await second.peer.open()
        yield first.peer, second.peer
    finally:
        await first.peer.close()
        await second.peer.close()


async def connect(caller: Peer, callee: Peer, *, on_the_way: Callable[[str], str] = str) -> None:
    """Exchange offer and answer, both passed through `on_the_way`."""
    await caller.accept(on_the_way(await callee.answer(on_the_way(await caller.offer()))))


async def paths(end: End, number: int) -> None:
    """Wait until this end has chosen its path for the nth time."""
    async with asyncio.timeout(8):
        while sum(fact.name == "selected-ice-candidate-pair" for fact in end.observed) < number:
            await end.news()


async def talk(caller: End, callee: End) -> None:
    """Wait until each hears the other's latest 200 ms."""
    for end, other in ((caller, callee), (callee, caller)):
        end.room.forget()
        await end.room.until_heard(other.room.hertz)


def without_candidates(sdp: str) -> str:
    """Return it as the SDKs of browsers send it: no candidate, none announced as the last."""
    return re.sub(r"a=(candidate:.*|end-of-candidates)\r\n", "", sdp)


async def leave_nothing(before: tuple[int, int, int]) -> None:
    """Wait until no more remains than before: a closed transport lets go of its socket a turn of the loop later."""
    async with asyncio.timeout(5):
        while remains() != before:  # noqa: ASYNC110  (a socket tells nobody that it has closed)
            await asyncio.sleep(0.05)


def remains() -> tuple[int, int, int]:
    """Count this process's open files, threads (but those in which asyncio asks for names) and tasks."""
    gc.collect()  # an earlier test's loop may have left some to the collector
    files = len(list(Path("/proc/self/fd").iterdir()))
    threads = [thread for thread in threading.enumerate() if not thread.name.startswith("asyncio_")]
    return files, len(threads), len(asyncio.all_tasks())
