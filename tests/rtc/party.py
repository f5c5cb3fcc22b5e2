"""Two ends of a call that pass packets, without sound: each a `Negotiation` and what it was told."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property

from intercom.call.ports import MediaFact, MediaState, Observed
from intercom.rtc import rtp, sdp
from intercom.rtc.negotiation import Negotiation
from intercom.rtc.observer import Observer
from intercom.rtc.preferences import Preferences
from intercom.rtc.servers import Servers

CONNECTED = MediaState.CONNECTED
RECEIVER_REPORT = bytes.fromhex("80c9000100000001")  # of SSRC 1, about nobody (RFC 3550, section 6.4.2)


@dataclass
class Party:
    """One end, and the packets, states, observations and agreements that it was told."""

    preferences: Preferences = Preferences(["opus", "pcmu"])  # noqa: RUF009 - frozen
    servers: Servers = Servers()  # noqa: RUF009 - frozen
    packets: list[bytes] = field(default_factory=list)
    states: list[MediaState] = field(default_factory=list)
    observed: list[MediaFact] = field(default_factory=list)
    agreements: list[tuple[sdp.Description, str]] = field(default_factory=list)
    announcements: int = 0
    fault: Exception | None = None

    def __post_init__(self) -> None:
        self._news = asyncio.Event()

    @cached_property
    def negotiation(self) -> Negotiation:
        return Negotiation(
            self, Observer(self._observe), preferences=self.preferences, servers=self.servers, loopback=True
        )

    def agreed(self, description: sdp.Description, codec: str) -> None:
        self.agreements.append((description, codec))

    def announced(self) -> None:
        self.announcements += 1

    def link_changed(self, state: MediaState) -> None:
        self.states.append(state)
        self._news.set()

    def received(self, packet: bytes, at_s: float) -> None:
        self.packets.append(packet)
        self._news.set()
        if self.fault:
            raise self.fault

    def packet(self, number: int, payload: bytes = bytes(40)) -> bytes:
        """Return an RTP packet of ours."""
        return rtp.pack(rtp.Packet(111, number, number * 960, self.negotiation.ssrc, payload))

    async def until(self, state: MediaState) -> None:
        """Wait until it was told of this state."""
        async with asyncio.timeout(8):
            while state not in self.states:
                await self.news()

    async def until_received(self, packet: bytes) -> None:
        """Wait until this packet was among those received."""
        async with asyncio.timeout(8):
            while packet not in self.packets:
                await self.news()

    async def until_received_any(self, payload_type: int) -> None:
        """Wait until it has received RTP of this type."""
        async with asyncio.timeout(8):
            while payload_type not in [packet[1] & rtp.TYPE for packet in self.packets]:
                await self.news()

    async def until_path(self, number: int) -> None:
        """Wait until it has chosen a path for the nth time."""
        async with asyncio.timeout(8):
            while self.paths() < number:
                await self.news()

    def paths(self) -> int:
        """Return how often a path was chosen."""
        names = [fact.name for fact in self.observed if isinstance(fact, Observed)]
        return names.count("selected-ice-candidate-pair")

    async def news(self) -> None:
        """Wait until it is told of anything."""
        self._news.clear()
        await self._news.wait()

    def _observe(self, fact: MediaFact) -> None:
        self.observed.append(fact)
        self._news.set()


@asynccontextmanager
async def parties(*members: Party) -> AsyncIterator[Sequence[Party]]:
    """Give the parties, and end them."""
    try:
        yield members
    finally:
        for member in members:
            await member.negotiation.end()


async def connect(caller: Party, callee: Party) -> None:
    """Exchange offer and answer, and wait until packets can pass."""
    await caller.negotiation.accept(await callee.negotiation.answer(await caller.negotiation.offer()))
    await asyncio.gather(caller.until(CONNECTED), callee.until(CONNECTED))


async def restart(offering: Party, following: Party) -> None:
    """Give both a new path, and wait for it."""
    paths = offering.paths() + 1, following.paths() + 1
    offer = await offering.negotiation.restart()
    await offering.negotiation.restarted(await following.negotiation.follow(offer))
    await asyncio.gather(offering.until_path(paths[0]), following.until_path(paths[1]))


async def pass_packets(one: Party, other: Party, number: int) -> None:
    """Send a packet each way, and wait until both are there."""
    for sending, receiving in ((one, other), (other, one)):
        sending.negotiation.send(sending.packet(number))
        await receiving.until_received(sending.packet(number))
