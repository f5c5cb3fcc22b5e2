"""What is counted: against the reference's records, against any path, and between two real peers."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.call.ports import MediaState
from intercom.rtc.rtp import Packet
from intercom.rtc.stats import MOST_MISSING, Inbound, Sent, record
from tests.rtc.call import OPUS_FIRST, End, connect, ends
from tests.rtc.room import Room
from tests.vectors.read import vectors

CASES = vectors("stats")["cases"]
PACKET_MS = 20
OPUS, PCMU = 48_000, 8_000


def packet(number: int, *, size: int = 0, rate_hz: int = OPUS, ssrc: int = 1) -> Packet:
    """Return the packet that stands at this place of its stream."""
    ticks = number * rate_hz * PACKET_MS // 1000
    return Packet(111, number & 0xFFFF, ticks & 0xFFFFFFFF, ssrc, bytes(size))


def feed(inbound: Inbound, number: int, *, at_s: float, size: int = 0, rate_hz: int = OPUS, ssrc: int = 1) -> None:
    inbound.feed(packet(number, size=size, rate_hz=rate_hz, ssrc=ssrc), at_s=at_s, rate_hz=rate_hz)


def arrived(entry: dict[str, Any]) -> Inbound:
    """Return counters that were fed with packets, such that they hold what an `inbound-rtp` entry tells."""
    inbound, received, lost = Inbound(), entry["packetsReceived"], entry["packetsLost"]
    numbers = [number for number in range(received + lost) if not 0 < number <= lost]
    for number in numbers:
        late_ms = number % 2 * entry.get("jitter", 0) * 1000
        at_s = (number * PACKET_MS + late_ms) / 1000
        feed(inbound, number, size=entry["bytesReceived"] // received, at_s=at_s)
    return inbound


def sent(report: list[dict[str, Any]]) -> Sent:
    """Return what a browser says that it has sent."""
    entries = [each for each in report if each["type"].replace("-", "") == "outboundrtp"]
    return Sent(sum(each["packetsSent"] for each in entries), sum(each["bytesSent"] for each in entries))


def rtt_s(report: list[dict[str, Any]]) -> float | None:
    """Return the round trip by the far end's reports."""
    return next((entry["roundTripTime"] for entry in report if "roundTripTime" in entry), None)


def path_rtt_s(report: list[dict[str, Any]]) -> float | None:
    """Return what a browser's ICE knows of the selected pair; ours knows it of its link."""
    selected = [entry.get("selectedCandidatePairId") for entry in report if entry["type"] == "transport"]
    pairs = {entry["id"]: entry for entry in report}
    return pairs.get(selected[-1], {}).get("currentRoundTripTime") if selected else None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_figures_and_units_are_the_references(case: dict[str, Any]) -> None:
    """The addresses are not ours; what nobody told is 0 or None, where the reference has NaN or nothing."""
    report, expected = case["report"], case["result"]
    inbounds = [each for each in report if each["type"].startswith("inbound") and not each.get("isRemote")]
    inbound = arrived(inbounds[-1]) if inbounds else Inbound()
    found = record(
        sent(report),
        inbound,
        rtt_s=rtt_s(report),
        path_rtt_s=path_rtt_s(report),
        codec=expected.get("codecName"),
        timestamp_ms=expected["timestamp"],
    )
    assert found.packets_received == expected.get("packetsReceived", 0)
    assert found.bytes_received == expected.get("bytesReceived", 0)
    assert found.packets_lost == expected.get("packetsLost", 0)
    assert found.packets_sent == expected.get("packetsSent", 0)
    assert found.bytes_sent == expected.get("bytesSent", 0)
    jitter = 0.0 if expected.get("jitter") == "NaN" else expected.get("jitter")
    assert found.jitter == (None if jitter is None else pytest.approx(jitter, rel=0.01))
    assert found.rtt == (None if expected.get("rtt") == "NaN" else expected.get("rtt"))
    assert (found.codec_name, found.timestamp) == (expected.get("codecName"), expected["timestamp"])


@given(st.integers(0, 0xFFFF), st.lists(st.booleans(), max_size=300), st.randoms())
def test_what_is_missing_is_lost_whatever_came_late(first: int, path: list[bool], random: Any) -> None:
    numbers = [first, *(first + place for place, is_lost in enumerate(path, 1) if not is_lost)]
    middle = numbers[1:-1]
    random.shuffle(middle)
    inbound = Inbound()
    for number in [*numbers[:1], *middle, *numbers[1:][-1:]]:
        feed(inbound, number, at_s=0.0)
    assert inbound.packets == len(numbers)
    assert inbound.lost == numbers[-1] - first + 1 - len(numbers)


@pytest.mark.parametrize(("start", "ssrc"), [(MOST_MISSING + 200, 1), (40_000, 1), (0, 2), (101, 2)])
def test_a_far_end_that_begins_anew_has_lost_nothing(start: int, ssrc: int) -> None:
    inbound = Inbound()
    for number in range(100):
        feed(inbound, number, at_s=number / 50)
    for number in range(start, start + 100):
        feed(inbound, number, ssrc=ssrc, at_s=100 + number / 50)
    assert (inbound.packets, inbound.lost) == (200, 0)
    assert inbound.jitter_ms == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("rate_hz", [OPUS, PCMU])
def test_jitter_is_in_ms_by_either_clock_and_over_its_wrap(rate_hz: int) -> None:
    inbound = Inbound()
    first = (1 << 32) * 1000 // (rate_hz * PACKET_MS) - 50
    for place in range(100):
        late_s = place % 2 * 0.008
        feed(inbound, first + place, rate_hz=rate_hz, at_s=place * PACKET_MS / 1000 + late_s)
    assert inbound.jitter_ms == pytest.approx(8, rel=0.01)
    assert inbound.rate_hz == rate_hz


@pytest.mark.parametrize("codecs", [OPUS_FIRST, ("pcmu",)])
async def test_two_peers_count_the_same_packets_and_bytes_and_learn_their_round_trip(codecs: tuple[str, ...]) -> None:
    caller, callee = End(Room(700), codecs), End(Room(1100), codecs)
    async with ends(caller, callee) as (a, b):
        before = await a.stats()
        assert (before.packets_sent, before.packets_received, before.jitter, before.rtt) == (0, 0, None, None)
        await connect(a, b)
        await caller.until(MediaState.CONNECTED)
        found_by_ice = (await a.stats()).rtt
        assert found_by_ice is not None
        assert 0 < found_by_ice < 500
        async with asyncio.timeout(8):
            while (ours := await a.stats()).rtt == found_by_ice:  # until the far end reports
                await caller.room.played()
        theirs = await b.stats()
        assert ours.rtt is not None
        assert 0 < ours.rtt < 1000
        assert ours.jitter is not None
        assert 0 <= ours.jitter < 100
        assert (ours.packets_lost, theirs.packets_lost) == (0, 0)
        assert 0 < ours.packets_received <= theirs.packets_sent
        assert ours.bytes_sent / ours.packets_sent == pytest.approx(
            theirs.bytes_received / theirs.packets_received, rel=0.2
        )
        assert ours.codec_name == a.codec
        await callee.room.until_heard(700)
        assert all(len(pcm) > 0 for pcm in a.newest())


def test_a_telephone_event_is_counted_and_has_no_jitter() -> None:
    inbound = Inbound()
    for number in range(100):
        at_s = number * PACKET_MS / 1000
        if number % 20 < 12:
            inbound.feed(Packet(110, number, number // 20 * 20 * 960, 1, bytes(4)), at_s=at_s, rate_hz=None)
        else:
            feed(inbound, number, size=4, at_s=at_s)
    assert (inbound.packets, inbound.payload_bytes, inbound.lost) == (100, 400, 0)
    assert inbound.jitter_ms == pytest.approx(0, abs=1e-6)


def test_a_run_of_numbers_counts_its_wraps() -> None:
    inbound = Inbound()
    for number in range(65_530, 65_540):
        feed(inbound, number, at_s=0.0)
    assert inbound.source
    assert (inbound.source.first, inbound.source.highest, inbound.source.expected) == (65_530, 65_539, 10)
