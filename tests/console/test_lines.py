"""Bytes to lines: line ends, editing keys, limits."""

from itertools import count

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from intercom.console.lines import LIMIT, Echo, Event, Interrupted, Line, Lines, Refused, Tab

ARROW_UP = b"\x1b[A"

TYPED = [
    # typed                         lines
    (b"status\r", ["status"]),
    (b"status\n", ["status"]),
    (b"status\r\nhelp\r\n", ["status", "help"]),
    (b"\r\r\n\n", ["", "", ""]),
    (b"statsu\b\bus\r", ["status"]),
    (b"a\x7f\x7f\x7fb\r", ["b"]),
    ("é\x7fe\r".encode(), ["e"]),
    (b"wrong\x15right\r", ["right"]),
    (b"wrong\x03right\r", ["right"]),
    (b"a\tb\x00\x07c\r", ["abc"]),
    (ARROW_UP + b"a" + b"\x1bOH" + b"b\x1bxc\x1b[1;5Cd\r", ["abcd"]),
    (b"\x1b[" + b"\r" + b"next\r", ["", "next"]),
    (b"@1 status {}\b\x00 ~0\r", ["@1 status {}\b\x00 ~0"]),
    (b"@1 sta\x15@2 \x03help\r", ["help"]),
]


def lines(events: list[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, Line)]


def echo(data: bytes) -> bytes:
    return b"".join(event.data for event in Lines().feed(data) if isinstance(event, Echo))


@pytest.mark.parametrize(("typed", "expected"), TYPED)
def test_keys_make_lines(typed: bytes, expected: list[str]) -> None:
    assert lines(list(Lines().feed(typed))) == expected


def test_what_is_typed_is_echoed_with_its_corrections() -> None:
    assert echo(b"ab\x7f\r") == b"ab\b \b\r\n"
    assert echo("é\x7f".encode()) == "é\b \b".encode()
    assert echo(b"\x7f") == b""
    assert echo("né\x15".encode()) == "né".encode() + 2 * b"\b \b"
    assert echo(b"ab\x03") == b"ab^C\r\n"
    assert echo(b"@1 status {} ~0\r\n@\x15") == b""


def test_an_interrupt_is_told() -> None:
    assert list(Lines().feed(b"\x03")) == [Echo(b"^C\r\n"), Interrupted()]


def test_a_line_of_the_limit_is_taken_and_one_above_it_refused_once() -> None:
    long = b"x" * LIMIT
    assert lines(list(Lines().feed(long + b"\r"))) == [long.decode()]
    events = list(Lines().feed(long + b"x" * 5000 + b"\rstatus\r"))
    assert [event.why for event in events if isinstance(event, Refused)] == ["A line has at most 1024 bytes."]
    assert lines(events) == ["status"]


def test_a_machines_line_that_is_too_long_is_dropped_in_silence() -> None:
    assert list(Lines().feed(b"@" * (LIMIT + 1) + b"\r")) == []


def test_a_persons_line_that_is_not_utf8_is_refused() -> None:
    assert list(Lines().feed(b"\xff\r"))[-1] == Refused("This line is not UTF-8 text.")


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_bytes_split_anywhere_give_the_same(pieces: list[bytes]) -> None:
    split, whole = Lines(now=lambda: 0.0), Lines(now=lambda: 0.0)
    assert [event for piece in pieces for event in split.feed(piece)] == list(whole.feed(b"".join(pieces)))


@given(st.binary(max_size=3000))
def test_after_any_bytes_a_line_works(noise: bytes) -> None:
    line = Lines(now=count().__next__)  # each time later than a packet that never ends waits
    for event in line.feed(noise):
        assert not isinstance(event, Line) or len(event.text.encode()) <= 3 * LIMIT
    assert lines(list(line.feed(b"\x15status\r"))) == ["status"]


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=LIMIT // 4))
def test_any_text_comes_through(text: str) -> None:
    assume(not text.startswith("@"))  # a machine's frame, which is ASCII
    assert lines(list(Lines().feed(text.encode() + b"\r\n"))) == [text]


def test_a_tab_asks_what_may_come_next_and_what_is_added_counts_as_typed() -> None:
    typed = Lines()
    assert list(typed.feed(b"ha\t"))[-1] == Tab("ha")
    assert typed.add("ngup é") == Echo("ngup é".encode())
    assert lines(list(typed.feed(b"\x7f\r"))) == ["hangup "]
    assert list(Lines().feed(b"@1 a\t\r")) == [Line("@1 a\t")]
