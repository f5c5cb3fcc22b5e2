"""Where packets stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.rtc.rtp import Packet
from intercom.rtc.shelf import HELD, HELD_SAMPLES, KEPT_SAMPLES, Item, Shelf
from intercom.rtc.timeline import Place, Timeline


def packet(number: int, stamp: int, *, ssrc: int = 7) -> Packet:
    return Packet(111, number & 0xFFFF, stamp & 0xFFFFFFFF, ssrc, b"x")


def place(timeline: Timeline, one: Packet, *, rate_hz: int = 48_000, at_s: float = 0.0) -> Place | None:
    return timeline.place(one, rate_hz, samples=960, at_s=at_s)


def begun(number: int = 100, stamp: int = 5_000, *, rate_hz: int = 48_000) -> Timeline:
    return Timeline(packet(number, stamp), rate_hz, samples=960, at_s=0.0)


@pytest.mark.parametrize(
    ("number", "stamp", "expected"),
    [
        (101, 5_960, Place(101, 960)),
        (99, 4_040, Place(99, -960)),
        (105, 5_000 + 4_800, Place(105, 4_800)),
        (101, 5_000 + 48_000, Place(101, 48_000)),
        (101, 5_000 + 50_000, None),
        (101, 5_000 - 50_000, None),
        (4_000, 5_960, None),
        (-5, 4_000, None),
    ],
)
def test_a_place_is_counted_from_the_first_packet(number: int, stamp: int, expected: Place | None) -> None:
    assert place(begun(), packet(number, stamp)) == expected


@given(st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF), st.integers(1, 60))
def test_nothing_wraps(number: int, stamp: int, packets: int) -> None:
    timeline = begun(number, stamp)
    for index in range(1, packets):
        at = place(timeline, packet(number + index * 1_000, stamp + index * 24_000), at_s=index * 0.5)
        assert at == Place(number + index * 1_000, index * 24_000)


def test_a_slower_clock_counts_more_samples() -> None:
    assert place(begun(rate_hz=8_000), packet(101, 5_160), rate_hz=8_000) == Place(101, 960)


def test_with_another_clock_packets_go_on_where_the_newest_ended() -> None:
    timeline = begun()
    assert place(timeline, packet(102, 77), rate_hz=8_000) == Place(102, 1_920)
    assert place(timeline, packet(103, 77 + 160), rate_hz=8_000) == Place(103, 2_880)
    assert place(timeline, packet(101, 5_960)) == Place(101, 960)
    assert place(timeline, packet(104, 9)) == Place(104, 3_840)


def test_another_source_has_no_place() -> None:
    assert place(begun(), packet(101, 5_960, ssrc=8)) is None
    assert begun().mark(packet(101, 5_960, ssrc=8)) is None


def test_each_number_is_new_once() -> None:
    timeline = begun()
    assert not timeline.is_repeated(100)
    for number in (103, 101, 102):
        assert timeline.mark(packet(number, 0)) == Place(number, 0)
        assert timeline.mark(packet(number, 0)) is None
    assert timeline.is_repeated(100)


def item(number: int, samples: int = 960) -> Item:
    return Item(number, number * 960, samples, 111, b"x", 0.0)


@given(st.permutations(range(20)))
def test_packets_wait_in_the_order_of_their_numbers(numbers: list[int]) -> None:
    shelf = Shelf()
    for number in numbers:
        assert shelf.add(item(number)) == []
    assert shelf.samples == 20 * 960
    assert [shelf.pop().number for _ in numbers] == list(range(20))
    assert (shelf.head, shelf.samples) == (None, 0)


@given(st.lists(st.sampled_from([0, 120, 960, 9_600]), max_size=400))
def test_no_more_than_a_second_waits(lengths: list[int]) -> None:
    shelf, gone = Shelf(), 0
    for number, samples in enumerate(lengths):
        dropped = shelf.add(item(number, samples))
        gone += sum(one.samples for one in dropped)
        assert shelf.samples <= (max(KEPT_SAMPLES, samples) if sum(one.samples for one in dropped) else HELD_SAMPLES)
    assert gone + shelf.clear() == sum(lengths)


def test_events_do_not_pile_up_either() -> None:
    shelf = Shelf()
    for number in range(1_000):
        shelf.add(item(number, 0))
    assert shelf.head == item(1_000 - HELD, 0)
