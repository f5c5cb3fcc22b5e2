"""Our transport and a peer connection of aiortc's, each offering and answering: DTLS, SRTP and the descriptions fit."""

from collections.abc import AsyncIterator

import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamTrack

from intercom.call.ports import MediaState
from intercom.rtc import rtp
from intercom.rtc.codecs import CODECS
from intercom.rtc.preferences import Preferences
from tests.rtc.party import CONNECTED, Party, parties

SILENCE = {"opus": bytes.fromhex("f8fffe"), "pcmu": bytes([255]) * 160}


@pytest.fixture
async def other() -> AsyncIterator[RTCPeerConnection]:
    """A peer connection that sends silence."""
    pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    pc.addTrack(AudioStreamTrack())
    yield pc
    await pc.close()


@pytest.mark.parametrize("codec", ["opus", "pcmu"])
@pytest.mark.parametrize("is_offering", [True, False])
async def test_voice_passes_both_ways(is_offering: bool, codec: str, other: RTCPeerConnection) -> None:
    party = Party(Preferences([codec]))
    tracks: list[MediaStreamTrack] = []
    other.on("track", tracks.append)
    async with parties(party):
        if is_offering:
            await other.setRemoteDescription(RTCSessionDescription(await party.negotiation.offer(), "offer"))
            await other.setLocalDescription()
            await party.negotiation.accept(other.localDescription.sdp)
        else:
            await other.setLocalDescription()
            answer = await party.negotiation.answer(other.localDescription.sdp)
            await other.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        await party.until(CONNECTED)
        ((description, agreed),) = party.agreements
        assert agreed == codec
        number = description.payload_types[codec]
        for sequence in range(20):
            step = sequence * CODECS[codec].rate_hz // 50
            party.negotiation.send(rtp.pack(rtp.Packet(number, sequence, step, party.negotiation.ssrc, SILENCE[codec])))
        frame = await tracks[0].recv()
        assert frame.pts == 0
        await party.until_received_any(number)
        await other.close()
        await party.until(MediaState.CLOSED)
