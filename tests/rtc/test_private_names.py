"""The private names of aiortc and aioice that rtc/ stands on, in the versions in which they were read."""

from collections.abc import AsyncIterator

import aioice
import aiortc
import pytest
from aioice.turn import TurnTransport
from aiortc import RTCConfiguration, RTCPeerConnection

NAMES = {
    "pc": ["_RTCPeerConnection__certificates"],
    "sender": ["_ssrc"],
    "receiver": ["_set_rtcp_ssrc", "_handle_rtp_packet"],
    "dtls": ["_send_rtp"],
    "ice": ["_connection", "_recv", "_send"],
    "gatherer": ["_connection"],
    "connection": ["_check_list", "_check_list_done", "_nominated", "_nominating", "_protocols"],
}


@pytest.fixture
async def parts() -> AsyncIterator[dict[str, object]]:
    """The parts of a peer connection of aiortc's, as it makes them."""
    pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    transceiver = pc.addTransceiver("audio")
    dtls = transceiver.receiver.transport
    gatherer = dtls.transport.iceGatherer
    yield {
        "pc": pc,
        "sender": transceiver.sender,
        "receiver": transceiver.receiver,
        "dtls": dtls,
        "ice": dtls.transport,
        "gatherer": gatherer,
        "connection": gatherer._connection,
    }
    await pc.close()


def test_the_versions_are_those_that_were_read() -> None:
    assert aiortc.__version__.startswith("1.16.")
    assert aioice.__version__.startswith("0.13.")


@pytest.mark.parametrize(("part", "name"), [(part, name) for part, names in NAMES.items() for name in names])
async def test_a_name_is_still_there(part: str, name: str, parts: dict[str, object]) -> None:
    assert hasattr(parts[part], name)


async def test_both_ends_of_an_ice_transport_use_the_connection_that_is_replaced(parts: dict[str, object]) -> None:
    ice, connection = parts["ice"], parts["connection"]
    assert vars(ice)["_connection"] is connection
    assert (vars(ice)["_recv"], vars(ice)["_send"]) == (getattr(connection, "recv"), getattr(connection, "send"))  # noqa: B009


def test_a_relay_that_is_being_left_has_a_task() -> None:
    assert "_TurnTransport__close_task" in TurnTransport.__init__.__code__.co_names
