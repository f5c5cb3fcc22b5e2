"""What a client of Improv's sees of the console's line: this station's Wi-Fi, and nothing else."""

from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import pytest

from intercom.console.desk import Desk
from intercom.console.frames import Request, encode
from intercom.console.gate import Gate
from intercom.console.improv import JOIN, Fault, Kind, State, Verb, packet, result
from intercom.console.session import HumanSession
from tests.console.gates import locked
from tests.console.station import SmallStation

FINE = packet(Kind.ERROR, bytes([Fault.NONE]))
READY, BUSY, DONE = (packet(Kind.STATE, bytes([state])) for state in State)


class Client:
    """At the far end of a station's line."""

    def __init__(self, gate: Gate) -> None:
        self.station = SmallStation()
        self.station.gate = gate
        self.session = HumanSession(Desk(self.station, "serial test", gate.seat("test")))
        self._heard = b""

    async def asks(self, *content: int) -> list[bytes]:
        """The packets that answer a command."""
        return await self.sends(packet(Kind.COMMAND, bytes(content)))

    async def joins(self, ssid: bytes, password: bytes) -> list[bytes]:
        """The same for a network to join."""
        content = bytes([len(ssid)]) + ssid + bytes([len(password)]) + password
        return await self.asks(JOIN, len(content), *content)

    async def sends(self, data: bytes) -> list[bytes]:
        """The packets that answer bytes, read as the protocol's own client reads them."""
        self._heard = b""
        await self.session.feed(data + b"\n", self._hear)
        return list(packets(self._heard))

    async def _hear(self, data: bytes) -> None:
        self._heard += data


def packets(heard: bytes) -> Iterable[bytes]:
    """Lines that begin with a header, by their length; all else, up to a line's end, is dropped."""
    while heard:
        if heard.startswith(b"IMPROV\x01"):
            size = 10 + heard[8]
            yield heard[:size]
            heard = heard[size:]
        else:
            _, _, heard = heard.partition(b"\n")


@pytest.fixture
def client(tmp_path: Path) -> Client:
    """At a station that has no password yet."""
    return Client(Gate(tmp_path))


async def test_the_state_is_told_and_that_there_is_no_page_to_go_to(client: Client) -> None:
    assert await client.asks(Verb.STATE, 0) == [FINE, READY]
    client.station.caretaker.joined = "cafe"
    assert await client.asks(Verb.STATE, 0) == [FINE, DONE, result(Verb.STATE)]
    client.station.caretaker.has_wifi = False
    assert await client.asks(Verb.STATE, 0) == [FINE, READY]


async def test_the_station_tells_what_it_is(client: Client) -> None:
    fine, told = await client.asks(Verb.DEVICE, 0)
    assert fine == FINE
    assert b"\x08intercom" in told
    assert version("intercom").encode() in told
    assert told[:-1].endswith(b"\x04hall")


async def test_networks_are_told_one_by_one_and_then_none(client: Client) -> None:
    assert await client.asks(Verb.NETWORKS, 0) == [
        FINE,
        result(Verb.NETWORKS, "home net", "-65", "YES"),
        result(Verb.NETWORKS, "cafe", "-78", "NO"),
        result(Verb.NETWORKS),
    ]


async def test_a_network_is_joined(client: Client) -> None:
    assert await client.joins(b"home net", b"right password") == [FINE, BUSY, DONE, result(JOIN)]
    assert client.station.caretaker.joined == "home net"


async def test_a_join_that_fails_is_told_and_may_be_tried_again(client: Client) -> None:
    failed = packet(Kind.ERROR, bytes([Fault.NOT_JOINED]))
    assert await client.joins(b"home net", b"wrong password") == [FINE, BUSY, failed, READY]
    client.station.caretaker.is_in_call = True
    assert await client.joins(b"cafe", b"") == [FINE, BUSY, failed, READY]
    assert client.station.caretaker.joined == ""


@pytest.mark.parametrize(
    ("content", "fault"),
    [((5, 0), Fault.UNKNOWN), ((7, 0), Fault.UNKNOWN), ((2,), Fault.INVALID), ((JOIN, 1, 9), Fault.INVALID)],
)
async def test_other_commands_are_refused(client: Client, content: tuple[int, ...], fault: Fault) -> None:
    assert await client.asks(*content) == [packet(Kind.ERROR, bytes([fault]))]


async def test_a_station_with_a_password_answers_only_after_its_service_button_was_pressed(tmp_path: Path) -> None:
    client = Client(locked(tmp_path))
    for content in ((Verb.STATE, 0), (Verb.DEVICE, 0), (99, 0)):
        assert await client.asks(*content) == []
    assert await client.joins(b"cafe", b"") == []
    assert client.station.caretaker.joined == ""
    client.station.caretaker.was_button_pressed = True
    assert await client.joins(b"cafe", b"") == [FINE, BUSY, DONE, result(JOIN)]


async def test_a_packet_logs_nobody_in(tmp_path: Path) -> None:
    client = Client(locked(tmp_path))
    client.station.caretaker.was_button_pressed = True
    await client.joins(b"cafe", b"")
    shown = b""

    async def see(data: bytes) -> None:
        nonlocal shown
        shown += data

    await client.session.feed(b"set audio.volume 3\r", see)
    assert b"! This needs a login that may change things." in shown


async def test_a_line_that_a_program_has_for_itself_answers_no_packet(client: Client) -> None:
    client.station.caretaker.was_button_pressed = True
    await client.sends(encode(Request("1", "hello", {})).encode())
    assert await client.asks(Verb.STATE, 0) == []
