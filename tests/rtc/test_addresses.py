"""Which addresses the far end is told."""

import socket

import aioice.ice
import pytest

from intercom.rtc.addresses import LOOPBACK, offered
from intercom.rtc.generation import Generation
from intercom.rtc.servers import Servers

OTHER = "127.0.0.2"  # stands for an address in a network: every Linux can bind it


@pytest.mark.parametrize(
    ("found", "loopback", "told"),
    [
        ([OTHER], False, [OTHER]),
        ([OTHER], True, [OTHER, LOOPBACK]),
        ([], False, [LOOPBACK]),
        ([], True, [LOOPBACK]),
    ],
)
async def test_loopback_is_told_where_there_is_no_other_address_and_where_asked_for(
    found: list[str], loopback: bool, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aioice.ice, "get_host_addresses", lambda **_: found)
    assert offered(found, loopback=loopback) == told
    generation = Generation(Servers(), loopback=loopback)
    await generation.gather_candidates()
    assert [candidate.host for candidate in generation.local_candidates] == told
    assert generation.has_address is bool(found or loopback)
    await generation.close()


async def test_each_address_told_has_a_socket_that_is_closed_with_the_rest() -> None:
    generation = Generation(Servers(), loopback=True)
    await generation.gather_candidates()
    sockets: list[socket.socket] = [each.transport.get_extra_info("socket") for each in generation._protocols]
    assert [each.getsockname()[1] for each in sockets] == [each.port for each in generation.local_candidates]
    await generation.close()
    assert {each.fileno() for each in sockets} == {-1}


async def test_with_a_relay_alone_no_address_of_ours_is_told() -> None:
    generation = Generation(Servers(is_relay_only=True), loopback=True)
    await generation.gather_candidates()
    assert generation.local_candidates == []
    await generation.close()
