"""The private names of aiortc and aioice that rtc/ stands on, in the versions in which they were read."""

import inspect
import re
from importlib.metadata import version

import pytest
from aioice.turn import TurnTransport

from intercom.rtc.generation import CLOSE_TASK, INNER, Generation
from intercom.rtc.lean import RTCCertificate, RTCDtlsTransport
from intercom.rtc.servers import Servers


class Ice:
    """All that a DTLS transport may ask of an ICE transport."""

    async def _recv(self) -> bytes:
        raise ConnectionError

    async def _send(self, data: bytes) -> None: ...


@pytest.mark.parametrize(("library", "read"), [("aiortc", "1.16."), ("aioice", "0.13."), ("pylibsrtp", "1.0.")])
def test_the_versions_are_those_that_were_read(library: str, read: str) -> None:
    assert version(library).startswith(read)


@pytest.mark.parametrize("name", ["_check_list", "_check_list_done", "_nominated", "_nominating", "_protocols"])
async def test_a_connection_has_the_names_that_a_generation_uses(name: str) -> None:
    assert hasattr(Generation(Servers(), loopback=True), name)


async def test_a_dtls_transport_has_no_keys_at_first_and_takes_a_role() -> None:
    dtls = RTCDtlsTransport(Ice(), [RTCCertificate.generateCertificate()])  # type: ignore[arg-type]
    assert not dtls._rx_srtp
    assert not dtls._tx_srtp
    dtls._set_role("server")
    assert dtls._role == "server"


def test_a_dtls_transport_asks_nothing_else_of_its_ice_transport_once_it_has_a_role() -> None:
    uses = re.findall(r"self\.transport\.(\w+)", inspect.getsource(RTCDtlsTransport))
    assert set(uses) == {"_recv", "_send", "role"}  # the last where it has none of its own, and in statistics


@pytest.mark.parametrize("name", [CLOSE_TASK, INNER])
def test_a_relay_has_the_names_of_its_socket_and_of_its_end(name: str) -> None:
    assert name in TurnTransport.__init__.__code__.co_names
