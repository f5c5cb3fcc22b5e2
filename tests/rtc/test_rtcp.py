"""RTCP on the wire: against the bytes of aiortc's own, there and back, and against junk."""

from contextlib import suppress

import pytest
from aiortc import rtp as aiortc
from hypothesis import given
from hypothesis import strategies as st

from intercom.rtc import rtcp
from intercom.rtc.rtcp import Block, Bye, Name, ReceiverReport, Report, SenderReport

WORD = st.integers(0, 2**32 - 1)
BLOCK = st.builds(Block, WORD, st.integers(0, 255), st.integers(-(2**23), 2**23 - 1), WORD, WORD, WORD, WORD)
BLOCKS = st.lists(BLOCK, max_size=31).map(tuple)
REPORT: st.SearchStrategy[Report] = st.one_of(
    st.builds(SenderReport, WORD, st.integers(0, 2**64 - 1), WORD, WORD, WORD, BLOCKS),
    st.builds(ReceiverReport, WORD, BLOCKS),
    st.builds(Name, WORD, st.text(max_size=60)),
    st.builds(Bye, st.lists(WORD, max_size=31).map(tuple)),
)


@given(st.lists(REPORT, min_size=1, max_size=5))
def test_what_is_packed_is_read_again(reports: list[Report]) -> None:
    assert rtcp.parse(rtcp.pack(*reports)) == reports


def test_it_is_what_aiortc_writes_and_reads() -> None:
    block = aiortc.RtcpReceiverInfo(7, 128, -3, 70_000, 12, 0x01020304, 65_536)
    theirs = bytes(
        aiortc.RtcpSrPacket(
            ssrc=5,
            sender_info=aiortc.RtcpSenderInfo(
                ntp_timestamp=2**63 + 9, rtp_timestamp=960, packet_count=2, octet_count=3
            ),
            reports=[block],
        )
    )
    theirs += bytes(aiortc.RtcpSdesPacket([aiortc.RtcpSourceInfo(5, [(1, b"name"), (2, b"Alice")])]))
    theirs += bytes(aiortc.RtcpByePacket([5]))
    read = rtcp.parse(theirs)
    assert read == [
        SenderReport(5, 2**63 + 9, 960, 2, 3, (Block(7, 128, -3, 70_000, 12, 0x01020304, 65_536),)),
        Name(5, "name"),
        Bye((5,)),
    ]
    report, name, bye = aiortc.RtcpPacket.parse(rtcp.pack(*read))
    assert isinstance(report, aiortc.RtcpSrPacket)
    assert report.reports == [block]
    assert isinstance(name, aiortc.RtcpSdesPacket)
    assert [(chunk.ssrc, chunk.items) for chunk in name.chunks] == [(5, [(1, b"name")])]
    assert isinstance(bye, aiortc.RtcpByePacket)
    assert bye.sources == [5]


def test_what_is_not_for_us_is_passed_over() -> None:
    feedback = bytes(aiortc.RtcpRtpfbPacket(fmt=1, ssrc=5, media_ssrc=7, lost=[9]))
    application = bytes([0x80, 204, 0, 2]) + bytes(8)
    assert rtcp.parse(feedback + rtcp.pack(Bye((5,))) + application) == [Bye((5,))]


def test_padding_and_the_reason_of_a_bye_are_no_part_of_it() -> None:
    reason = b"\x04bye!\0\0\0"
    assert rtcp.parse(bytes([0xA1, 203, 0, 4]) + bytes(3) + b"\x05" + reason + b"\0\0\0\x04") == [Bye((5,))]


WHOLE = rtcp.pack(ReceiverReport(5, (Block(7, 1, 2, 3, 4, 5, 6),)), Name(5, "name"), Bye((5,)))


@pytest.mark.parametrize("length", [length for length in range(len(WHOLE)) if length not in (32, 48)])
def test_one_that_is_cut_off_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="RTCP"):
        rtcp.parse(WHOLE[:length])


@given(st.binary(max_size=80), st.integers(0, 255), st.sampled_from([200, 201, 202, 203]), st.integers(0, 20))
def test_junk_is_read_or_refused(junk: bytes, first: int, kind: int, words: int) -> None:
    for packet in (junk, bytes([first, kind, 0, words]) + junk):
        with suppress(ValueError):
            assert isinstance(rtcp.parse(packet), list)
