"""`Transport`: one DTLS association of a call, over any number of ICE restarts."""

import asyncio
import logging
from collections.abc import Iterable
from typing import Any, Literal, Protocol

from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.rtp import RtpPacket
from aiortc.stats import RTCStats
from av.packet import Packet

from intercom.call.ports import MediaState
from intercom.errors import MediaError
from intercom.rtc import sdp
from intercom.rtc.former.identity import Identity
from intercom.rtc.former.link import Link, Remote
from intercom.rtc.generation import Generation
from intercom.rtc.observer import GATHERING, ICE, SIGNALING, Observer
from intercom.rtc.offered import capabilities
from intercom.rtc.outlet import outlet
from intercom.rtc.preferences import Preferences
from intercom.rtc.renewal import renewed
from intercom.rtc.sender import Sender
from intercom.rtc.tap import tap

logger = logging.getLogger(__name__)

HOLD_S = 3.0
UNASKED = "The far end answered what was not asked."


class Ears(Protocol):
    """Who is told of what a transport brings, until its end."""

    def agreed(self, description: sdp.Description, codec: str) -> None:
        """Take what both ends have agreed on: the far end's description, and our name of the codec that we send."""

    def link_changed(self, state: MediaState) -> None:
        """Take the news that there is a path or none; FAILED may be followed by CONNECTED, after a restart."""

    def arrived(self, packet: RtpPacket) -> RtpPacket | None:
        """Take a packet of the far end, and return what of it is to be decoded."""

    def leaves(self, packet: bytes) -> bytes:
        """Return what is to be sent in place of a packet of ours."""

    def receive(self, track: MediaStreamTrack) -> None:
        """Take the far end's voice."""


class Transport:
    """Sends our voice and receives the far end's.

    `first`: the ICE to begin with; a restart is given one of its own, whose candidates need not have been gathered.
    `identity`: whom to appear as, if not a new one.
    """

    def __init__(
        self,
        sender: Sender,
        ears: Ears,
        observer: Observer,
        *,
        preferences: Preferences,
        first: Generation,
        identity: Identity | None = None,
    ) -> None:
        self._ears, self._observer, self._preferences = ears, observer, preferences
        self._local = identity.description if identity else ""
        self._setup = ""
        self._fingerprints: set[str] = set()
        self._offered: Generation | None = None
        self._ending: asyncio.Task[None] | None = None
        self._link = Link(first, self._path_changed)
        self._pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        if identity:
            identity.certify(self._pc)
        self._transceiver = self._pc.addTransceiver(_Voice(sender))
        if identity:
            identity.sign(self._transceiver)
        self._link.place(self._transceiver.receiver.transport.transport)
        self._transceiver.setCodecPreferences(capabilities(preferences.codecs))
        tap(self._transceiver.receiver, ears.arrived)
        outlet(self._transceiver.sender, ears.leaves)
        self._pc.on("connectionstatechange", self._connection_changed)
        self._pc.on("track", ears.receive)
        observer.watch(self._pc)

    async def offer(self) -> str:
        """Return our offer, with all our candidates."""
        return await self._describe()

    async def answer(self, offer: sdp.Description) -> str:
        """Return our answer to an offer."""
        await self._apply(offer, "offer")
        answer = await self._describe()
        self._setup = "active" if "a=setup:active" in answer else "passive"
        return answer

    async def accept(self, answer: sdp.Description) -> None:
        """Apply the answer to our offer; raises MediaError where none was made."""
        if self._pc.signalingState != "have-local-offer":
            raise MediaError(UNASKED)
        self._setup = "passive" if answer.setup == "active" else "active"
        await self._apply(answer, "answer")

    def knows(self, description: sdp.Description) -> bool:
        """Return whether it speaks of this association: whether ICE alone is to be restarted."""
        return not self._fingerprints.isdisjoint(description.fingerprints)

    async def restart(self, generation: Generation) -> str:
        """Return an offer of a new path; raises MediaError where there is no address to offer."""
        offer = await self._renew(generation, "have-local-offer", setup="actpass")
        self._offered = generation
        return offer

    def restarted(self, answer: sdp.Description) -> None:
        """Begin to look for the path that the latest `restart` offered; raises MediaError where none did."""
        self._take_offered()
        self._join(answer)

    async def follow(self, offer: sdp.Description, generation: Generation) -> str:
        """Return the answer to an offer of a new path, and begin to look for it."""
        answer = await self._renew(generation, "have-remote-offer", setup=self._setup)
        self._join(offer, hold_s=0.0 if offer.is_ice_lite else HOLD_S)
        return answer

    def release(self) -> tuple[Generation, Identity]:
        """Give away what the latest `restart` offered, to a new transport; raises MediaError where none did."""
        self._take_offered()
        return self._link.release(), Identity.of(self._pc, self._local)

    @property
    def rtt_s(self) -> float | None:
        """The round trip of the path in use, as its check found it."""
        return self._link.active.rtt_s if self._link.active else None

    async def sent(self) -> Iterable[RTCStats]:
        """Return what has been counted of what we sent, and what the far end reported of it."""
        return (await self._transceiver.sender.getStats()).values()

    def end(self) -> asyncio.Task[None]:
        """Begin to end it: nobody is told of it any more, and when the task has ended nothing is left of it."""
        self._ending = self._ending or asyncio.create_task(self._pc.close())
        return self._ending

    async def _apply(self, description: sdp.Description, kind: Literal["offer", "answer"]) -> None:
        self._fingerprints = set(description.fingerprints)
        await self._pc.setRemoteDescription(RTCSessionDescription(sdp=sdp.render(description), type=kind))

    async def _describe(self) -> str:
        gatherer = self._transceiver.receiver.transport.transport.iceGatherer
        await gatherer.gather()
        if self._ending:
            raise MediaError("The call ended before its media was set up.")
        self._observer.gathered(self._link.local_candidates)
        await self._pc.setLocalDescription()
        self._local = self._local or self._preferences.told(str(self._pc.localDescription.sdp))
        return self._local

    async def _renew(self, generation: Generation, signaling_state: str, *, setup: str) -> str:
        self._offered = None
        self._observer.became(SIGNALING, signaling_state)
        self._observer.became(GATHERING, "gathering")
        await self._link.renew(generation)
        if not generation.has_address:
            self._observer.became(GATHERING, "none")
            raise MediaError("This machine has no network address to offer.")
        self._observer.gathered(generation.local_candidates)
        self._observer.became(GATHERING, "complete")
        ufrag, pwd = generation.local_username, generation.local_password
        self._local = renewed(self._local, ufrag=ufrag, pwd=pwd, candidates=generation.local_candidates, setup=setup)
        return self._local

    def _take_offered(self) -> None:
        if self._offered is None:
            raise MediaError(UNASKED)
        self._offered = None

    def _join(self, description: sdp.Description, *, hold_s: float = 0.0) -> None:
        self._observer.became(SIGNALING, "stable")
        remote = Remote(
            description.ice_ufrag, description.ice_pwd, description.candidates, is_lite=description.is_ice_lite
        )
        self._link.join(remote, hold_s=hold_s)

    def _path_changed(self, generation: Generation | None) -> None:
        if self._ending:
            return
        if generation and generation.selected:
            ours, theirs = generation.selected
            logger.info("path: %s %s to %s %s", ours.type, ours.host, theirs.type, theirs.host)
            self._observer.selected(generation.selected)
        if self._pc.connectionState == "connected":
            self._observer.became(ICE, "connected" if generation else "failed")
            self._ears.link_changed(MediaState.CONNECTED if generation else MediaState.FAILED)

    def _connection_changed(self) -> None:
        if not self._ending and self._pc.connectionState != "new":
            self._ears.link_changed(MediaState(self._pc.connectionState))


class _Voice(MediaStreamTrack):
    """One transport's view of the voice, which goes on when the transport has ended."""

    kind = "audio"

    def __init__(self, sender: Sender) -> None:
        super().__init__()
        self._sender = sender

    async def recv(self) -> "Packet[Any]":
        return await self._sender.recv()
