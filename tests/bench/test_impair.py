"""A bad network that is the same for everyone: drawn from a seed, and as bad as it says."""

from itertools import pairwise

import pytest

from bench.impair import CONDITIONS, Direction, Phase, bursts, is_media, is_udp

PACKET_S = 0.02


def fates(condition: str, *, seed: str = "one", seconds: float = 16.0) -> list[float | None]:
    """Return what becomes of a packet of media each 20 ms."""
    way = Direction(CONDITIONS[condition], seed=seed)
    return [way.late_s(number * PACKET_S, is_media=True) for number in range(round(seconds / PACKET_S))]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_the_same_seed_is_the_same_network_and_another_is_not(condition: str) -> None:
    assert fates(condition) == fates(condition)
    if condition.startswith(("loss", "jitter")):
        assert fates(condition) != fates(condition, seed="other")


def test_what_else_is_sent_changes_nothing_for_media() -> None:
    alone, busy = (Direction(CONDITIONS["loss 10 %"], seed="one") for _ in range(2))
    for number in range(800):
        busy.late_s(number * PACKET_S, is_media=False)
        at_s = number * PACKET_S
        assert busy.late_s(at_s, is_media=True) == alone.late_s(at_s, is_media=True)
    assert (busy.passed, busy.lost) == (alone.passed, alone.lost)


@pytest.mark.parametrize(("loss", "burst_ms"), [(0.05, 0), (0.20, 0), (0.05, 60)])
def test_it_loses_the_share_that_it_says(loss: float, burst_ms: float) -> None:
    way = Direction((Phase(400, loss=loss, burst_ms=burst_ms),), seed="one")
    for number in range(20_000):
        way.late_s(number * PACKET_S, is_media=True)
    assert way.lost / (way.lost + way.passed) == pytest.approx(loss, rel=0.2)


def test_a_burst_takes_three_packets_in_a_row() -> None:
    found = bursts(Phase(1000, loss=0.05, burst_ms=60), seed="one")
    assert len(found) == pytest.approx(1000 * 0.05 / 0.06, rel=0.1)
    assert all(end - begin == pytest.approx(0.06) for begin, end in found)
    assert all(end <= begin for (_, end), (begin, _) in pairwise(found))


def test_one_lost_is_one_packet_in_four_seconds_and_the_gap_ten_in_a_row() -> None:
    assert [number for number, late_s in enumerate(fates("one lost")) if late_s is None] == [0, 200, 400, 600]
    assert [number for number, late_s in enumerate(fates("gap 200 ms")) if late_s is None] == list(range(200, 210))


def test_jitter_is_even_and_changes_with_its_phases() -> None:
    late_ms = [1000 * late_s for late_s in fates("jitter 30-100-30") if late_s is not None]
    assert 25 < max(late_ms[:250]) < 30
    assert 90 < max(late_ms[250:500]) < 100
    assert 25 < max(late_ms[500:]) < 30


@pytest.mark.parametrize("at_s", [-0.01, 16.0, 100.0])
def test_before_and_after_nothing_happens(at_s: float) -> None:
    assert Direction((Phase(16, loss=1.0),), seed="one").late_s(at_s, is_media=True) == 0.0


@pytest.mark.parametrize(
    ("protocol", "octets", "expected"),
    [
        (17, b"\x80\x60", (True, True)),  # RTP, payload type 96
        (17, b"\x80\xe0", (True, True)),  # with its marker
        (17, b"\x80\xc8", (True, False)),  # RTCP, sender report
        (17, b"\x00\x01", (True, False)),  # STUN
        (17, b"\x16\xfe", (True, False)),  # DTLS
        (6, b"\x80\x60", (False, None)),  # TCP
    ],
)
def test_media_is_told_by_its_first_octets(protocol: int, octets: bytes, expected: tuple[bool, bool | None]) -> None:
    ip = b"\x45" + bytes(8) + bytes([protocol]) + bytes(10) + bytes(8) + octets + bytes(30)
    assert (is_udp(ip), is_media(ip) if is_udp(ip) else None) == expected
