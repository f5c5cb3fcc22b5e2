"""Improv's packets on the console's line: how they are read and written, and that people are not disturbed by them."""

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.console.improv import HEADER, JOIN, SILENCE_S, Fault, Join, Kind, State, Verb, packet, read, result
from intercom.console.lines import Event, Interrupted, Line, Lines, Packet

# The example of https://www.improv-wifi.com/serial/: SSID MyWirelessAP, password mysecurepassword.
EXAMPLE = b"IMPROV\x01\x03\x20\x01\x1e\x0cMyWirelessAP\x10mysecurepassword"
ASK_STATE = b"IMPROV\x01\x03\x02\x02\x00\xe5"
EVERY_KEY = bytes(range(256))[:254]


def sealed(body: bytes) -> bytes:
    """With its checksum."""
    return body + bytes([sum(body) % 256])


def command(*content: int) -> bytes:
    """A packet with this command in it."""
    return packet(Kind.COMMAND, bytes(content))


READ = [
    # packet                                        what it asks for
    (sealed(EXAMPLE),                               Join("MyWirelessAP", "mysecurepassword")),
    (ASK_STATE,                                     Verb.STATE),
    (command(3, 0),                                 Verb.DEVICE),
    (command(4, 0),                                 Verb.NETWORKS),
    (command(JOIN, 6, 4, *b"cafe", 0),              Join("cafe", "")),
    (command(5, 0),                                 Fault.UNKNOWN),
    (command(99, 1, 1),                             Fault.UNKNOWN),
    (command(),                                     Fault.INVALID),
    (command(2),                                    Fault.INVALID),
    (command(2, 9),                                 Fault.INVALID),
    (command(JOIN, 5, 4, *b"cafe"),                 Fault.INVALID),
    (command(JOIN, 6, 9, *b"cafe", 0),              Fault.INVALID),
    (command(JOIN, 4, 1, 0xFF, 1, 0x41),            Fault.INVALID),
    (ASK_STATE[:-1] + b"\x00",                      Fault.INVALID),
    (packet(Kind.STATE, bytes([State.READY])),      None),
    (result(Verb.DEVICE, "intercom"),               None),
]  # fmt: skip


@pytest.mark.parametrize(("whole", "expected"), READ)
def test_a_packet_asks_for_this(whole: bytes, expected: object) -> None:
    assert read(whole) == expected


def test_packets_are_as_the_protocol_has_them() -> None:
    assert packet(Kind.STATE, bytes([State.READY])) == b"IMPROV\x01\x01\x01\x02\xe2"
    assert result(Verb.NETWORKS) == b"IMPROV\x01\x04\x02\x04\x00\xe8"
    assert result(Verb.NETWORKS, "cafe", "-60", "NO")[7:-1] == b"\x04\x0e\x04\x0c\x04cafe\x03-60\x02NO"


@given(st.lists(st.text(max_size=200), max_size=5))
def test_a_result_has_room_in_its_packet_whatever_is_told(texts: list[str]) -> None:
    whole = result(Verb.DEVICE, *texts)
    assert whole[8] == len(whole) - 10 <= 255
    assert whole[10] == whole[8] - 2


@given(st.binary(max_size=255))
def test_any_packet_is_read_to_something(content: bytes) -> None:
    assert isinstance(read(packet(Kind.COMMAND, content)), Join | Verb | Fault)


def test_no_key_acts_within_a_packet_and_the_line_after_it_is_a_persons() -> None:
    whole = packet(Kind.COMMAND, EVERY_KEY)
    assert {0x03, 0x08, 0x0A, 0x0D, 0x15, 0x1B, 0x7F} < set(whole)
    assert typed(b"help\r" + whole + b"\nstatus\r") == [Line("help"), Packet(whole), Line(""), Line("status")]


def test_a_persons_line_may_begin_like_a_packet() -> None:
    assert typed(b"IMPROVE\r") == [Line("IMPROVE")]
    assert typed(b"IMPROV\r\x01") == [Line("IMPROV")]
    assert typed(b"xIMPROV\x01\r") == [Line("xIMPROV")]
    assert typed(b"\x1bIMPROV\x01\r") == [Line("MPROV")]


def test_a_packet_that_stays_incomplete_is_dropped_after_a_silence() -> None:
    times_s = [0.0]
    line = Lines(now=lambda: times_s[-1])
    for at_s, data, expected in [
        (0.0, ASK_STATE[:8], []),
        (SILENCE_S, ASK_STATE[8:], [Packet(ASK_STATE)]),
        (1.0, ASK_STATE[:8], []),
        (1.4, b"status\r", [Line("status")]),
    ]:
        times_s.append(at_s)
        assert told(line.feed(data)) == expected


LINES = st.sampled_from([b"status\r", b"IMPROVE\r\n", b"\x03", HEADER + b"\x03\x02", ASK_STATE, sealed(EXAMPLE), b"\r"])


@given(st.lists(LINES, max_size=8), st.lists(st.integers(0, 400), max_size=8))
def test_packets_and_lines_split_anywhere_give_the_same(pieces: list[bytes], cuts: list[int]) -> None:
    whole = b"".join(pieces)
    split, together = Lines(now=lambda: 0.0), Lines(now=lambda: 0.0)
    places = [0, *sorted(cuts), len(whole)]
    parts = [whole[a:b] for a, b in pairwise(places)]
    assert [event for part in parts for event in split.feed(part)] == list(together.feed(whole))


@given(st.lists(st.sampled_from([b"status\r", b"help\r\n", ASK_STATE, sealed(EXAMPLE)]), max_size=10))
def test_every_line_and_every_packet_comes_out_in_its_order(pieces: list[bytes]) -> None:
    assert typed(b"".join(pieces)) == [
        Packet(piece) if piece.startswith(HEADER) else Line(piece.decode().strip()) for piece in pieces
    ]


def typed(data: bytes) -> list[Event]:
    """What bytes give beside their echo."""
    return told(Lines(now=lambda: 0.0).feed(data))


def told(events: Iterable[Event]) -> list[Event]:
    """Those that are not shown alone."""
    return [event for event in events if isinstance(event, Line | Packet | Interrupted)]
