"""What two ends report to each other of what arrives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.rtc import rtcp
from intercom.rtc.reports import Reports
from intercom.rtc.rtcp import Block, Bye, Name, ReceiverReport, SenderReport
from intercom.rtc.rtp import Packet
from intercom.rtc.stats import Inbound, Sent

OURS, THEIRS = 5, 7
NOW_S = 1_800_000_000.0


def heard(numbers: range, *, ssrc: int = THEIRS, inbound: Inbound | None = None) -> Inbound:
    """Return counters that these packets of the far end have been fed to; every other one is 8 ms late."""
    inbound = inbound or Inbound()
    for number in numbers:
        packet = Packet(0, number & 0xFFFF, number * 160, ssrc, b"")
        inbound.feed(packet, at_s=number / 50 + number % 2 * 0.008, rate_hz=8000)
    return inbound


def block(packet: bytes) -> Block:
    report = rtcp.parse(packet)[0]
    assert isinstance(report, SenderReport | ReceiverReport)
    return report.blocks[0]


def test_who_sends_tells_how_much_and_when_and_who_does_not_only_what_came() -> None:
    reports, inbound = Reports(OURS, "me"), heard(range(10))
    first, name = rtcp.parse(reports.compose(Sent(3, 99), 960, inbound, at_s=NOW_S))
    assert isinstance(first, SenderReport)
    assert first == SenderReport(OURS, int(NOW_S + 2_208_988_800) << 32, 960, 3, 99, first.blocks)
    assert name == Name(OURS, "me")
    second, _ = rtcp.parse(reports.compose(Sent(3, 99), 1920, inbound, at_s=NOW_S + 1))
    assert isinstance(second, ReceiverReport)
    assert rtcp.parse(Reports(OURS, "me").compose(Sent(), 0, Inbound(), at_s=NOW_S)) == [ReceiverReport(OURS), name]


def test_a_block_tells_what_was_lost_since_the_one_before_and_since_the_beginning() -> None:
    reports, inbound = Reports(OURS, "me"), heard(range(65_530, 65_540))
    first = block(reports.compose(Sent(), 0, inbound, at_s=NOW_S))
    assert first[:4] == (THEIRS, 0, 0, 65_539)
    assert 0 < first.jitter <= 64  # ticks of 8 kHz
    heard(range(65_541, 65_544), inbound=inbound)
    second = block(reports.compose(Sent(), 0, inbound, at_s=NOW_S))
    assert second[:4] == (THEIRS, 256 // 4, 1, 65_543)
    assert block(reports.compose(Sent(), 0, inbound, at_s=NOW_S)).fraction_lost == 0
    heard(range(100, 103), ssrc=9, inbound=inbound)
    assert block(reports.compose(Sent(), 0, inbound, at_s=NOW_S))[:4] == (9, 0, 0, 102)


@given(there_s=st.floats(0, 3), way_s=st.floats(0.001, 5), ahead_s=st.floats(-1e9, 1e9))
def test_both_ends_learn_the_round_trip_whatever_their_clocks_say(there_s: float, way_s: float, ahead_s: float) -> None:
    here, there = Reports(OURS, "me"), Reports(THEIRS, "you")
    said = here.compose(Sent(1, 1), 0, Inbound(), at_s=NOW_S)
    assert not there.read(said, at_s=NOW_S + ahead_s)
    answer = there.compose(Sent(1, 1), 0, heard(range(5), ssrc=OURS), at_s=NOW_S + ahead_s + there_s)
    assert here.read(answer, at_s=NOW_S + 2 * way_s + there_s)
    assert here.rtt_s == pytest.approx(2 * way_s, abs=1e-4)
    assert there.rtt_s is None


def told(reports: Reports, fraction: int, *, source: int = OURS) -> None:
    reports.read(rtcp.pack(ReceiverReport(THEIRS, (Block(source, fraction, 0, 0, 0, 0, 0),))), at_s=NOW_S)


def test_the_loss_of_our_stream_is_that_of_the_latest_report() -> None:
    reports = Reports(OURS, "me")
    assert reports.loss is None
    for fraction, share in ((0, 0.0), (64, 0.25), (0, 0.0)):
        told(reports, fraction)
        assert reports.loss == share
    told(reports, 255, source=99)  # another stream than ours
    assert reports.loss == 0.0


def test_we_leave_with_a_whole_packet() -> None:
    assert rtcp.parse(Reports(OURS, "me").leave()) == [ReceiverReport(OURS), Name(OURS, "me"), Bye((OURS,))]


@given(st.binary(max_size=100))
def test_no_bytes_raise(junk: bytes) -> None:
    reports = Reports(OURS, "me")
    reports.read(junk, at_s=NOW_S)
    reports.read(b"\x81\xc9\x00\x07" + junk, at_s=NOW_S)
    assert reports.unreadable <= 2
    assert reports.rtt_s is None or 0 < reports.rtt_s < 32768
