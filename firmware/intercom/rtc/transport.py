"""`Transport`: one RTCPeerConnection of aiortc, from its first description to its end."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Literal, Protocol

from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)
from aiortc.rtp import RtpPacket
from aiortc.stats import RTCStats

from intercom.call.ports import MediaState
from intercom.errors import MediaError
from intercom.rtc import addresses, sdp
from intercom.rtc.codecs import CODECS
from intercom.rtc.ending import end
from intercom.rtc.tap import tap


class Ears(Protocol):
    """Who is told of what a transport brings."""

    def link_changed(self, state: MediaState) -> None: ...

    def arrived(self, packet: RtpPacket) -> None:
        """Take a packet of the far end's voice, before aiortc does."""

    def receive(self, track: MediaStreamTrack) -> None:
        """Take the far end's voice."""


class Transport:
    """Sends a track and receives the far end's, over one DTLS association.

    `codecs`: our names of the codecs that may be used, the best first.  `loopback`: offer 127.0.0.1 too.
    """

    def __init__(self, track: MediaStreamTrack, ears: Ears, *, codecs: Sequence[str], loopback: bool) -> None:
        self._ears, self._loopback = ears, loopback
        self._loop = asyncio.get_running_loop()
        self._gathering: asyncio.Task[None] | None = None
        self._is_ended = False
        self._pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._pc.on("connectionstatechange", self._connection_changed)
        self._pc.on("track", ears.receive)
        self._transceiver = self._pc.addTransceiver(track)
        tap(self._transceiver.receiver, ears.arrived)
        known = {codec.mimeType: codec for codec in RTCRtpSender.getCapabilities("audio").codecs}
        self._transceiver.setCodecPreferences([known[f"audio/{CODECS[name].name}"] for name in codecs])

    async def offer(self) -> str:
        """Return our offer, with all our candidates."""
        return await self._describe()

    async def answer(self, offer: sdp.Description) -> str:
        """Return our answer to an offer."""
        await self._apply(offer, "offer")
        return await self._describe()

    async def accept(self, answer: sdp.Description) -> None:
        """Apply the answer to our offer; raises MediaError where none was made."""
        if self._pc.signalingState != "have-local-offer":
            raise MediaError("The far end answered what was not asked.")
        await self._apply(answer, "answer")

    async def sent(self) -> Iterable[RTCStats]:
        """Return what has been counted of what we sent, and what the far end reported of it."""
        return (await self._transceiver.sender.getStats()).values()

    async def end(self) -> None:
        """End it; leaves nothing behind."""
        self._is_ended = True
        if self._gathering:
            await asyncio.wait([self._gathering])
        await end(self._pc)

    async def _apply(self, description: sdp.Description, kind: Literal["offer", "answer"]) -> None:
        await self._pc.setRemoteDescription(RTCSessionDescription(sdp=sdp.render(description), type=kind))

    async def _describe(self) -> str:
        self._gathering = self._loop.create_task(addresses.gather(self._transceiver, loopback=self._loopback))
        await asyncio.shield(self._gathering)
        if self._is_ended:
            raise MediaError("The call ended before its media was set up.")
        await self._pc.setLocalDescription()
        return str(self._pc.localDescription.sdp)

    def _connection_changed(self) -> None:
        if self._transceiver.receiver.transport.transport.state == "failed":
            self._ears.link_changed(MediaState.FAILED)  # aiortc calls a far end that has gone "closed" too
        elif self._pc.connectionState != "new":
            self._ears.link_changed(MediaState(self._pc.connectionState))
