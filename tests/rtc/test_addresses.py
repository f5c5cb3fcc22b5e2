"""Which addresses the far end is told, and the private names of aiortc and aioice that this stands on."""

import aioice.ice
import aiortc
import pytest
from aiortc import RTCConfiguration, RTCPeerConnection

from intercom.rtc import addresses
from intercom.rtc.addresses import LOOPBACK

OTHER = "127.0.0.2"  # stands for an address in a network: every Linux can bind it


@pytest.mark.parametrize(
    ("gathered", "loopback", "told"),
    [
        ([OTHER], False, [OTHER]),
        ([OTHER], True, [OTHER, LOOPBACK]),
        ([], False, [LOOPBACK]),
        ([], True, [LOOPBACK]),
    ],
)
async def test_loopback_is_told_where_there_is_no_other_address_and_where_asked_for(
    gathered: list[str], loopback: bool, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aioice.ice, "get_host_addresses", lambda **_: gathered)
    pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    transceiver = pc.addTransceiver("audio")
    await addresses.gather(transceiver, loopback=loopback)
    gatherer = transceiver.receiver.transport.transport.iceGatherer
    assert [candidate.ip for candidate in gatherer.getLocalCandidates()] == told
    await pc.close()


def test_the_versions_are_those_whose_private_names_were_read() -> None:
    assert aiortc.__version__.startswith("1.16.")
    assert aioice.__version__.startswith("0.13.")


async def test_what_is_added_is_offered_and_closed_with_the_rest() -> None:
    pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    transceiver = pc.addTransceiver("audio")
    await addresses.gather(transceiver, loopback=True)
    connection = transceiver.receiver.transport.transport.iceGatherer._connection
    socket = connection._protocols[-1].transport.get_extra_info("socket")
    await pc.setLocalDescription()
    assert f" {LOOPBACK} {socket.getsockname()[1]} typ host" in pc.localDescription.sdp
    await pc.close()
    assert socket.fileno() == -1
