"""The events of a call among its packets: what aiortc gets in their place, and what is sent in place of the voice."""

import struct

import pytest
from aiortc.jitterbuffer import JitterBuffer
from aiortc.rtp import RtpPacket
from hypothesis import given, settings
from hypothesis import strategies as st

from intercom.call.ports import DigitHeard, DigitSource
from intercom.rtc import sdp
from intercom.rtc.codecs import CODECS, sent_as
from intercom.rtc.dtmf import Dialler
from intercom.rtc.keypad import Keypad
from tests.rtc.test_sdp import CHROMIUM

OPUS, PCMU = 111, 0
EVENTS = {OPUS: 110, PCMU: 126}
STEP = {OPUS: 960, PCMU: 160}
NAMES = {OPUS: "opus", PCMU: "pcmu"}
SSRC = 7


def agreed(voice: int, *, text: str = CHROMIUM) -> tuple[Keypad, list[DigitHeard]]:
    heard: list[DigitHeard] = []
    keypad = Keypad(heard.append)
    keypad.agree(sdp.parse(text, "offer"), NAMES[voice])
    return keypad, heard


def stream(voice: int, digits: str) -> list[RtpPacket]:
    """Return a far end's packets: ten of voice, digits, voice."""
    dialler, packets = Dialler(CODECS[NAMES[voice]].rate_hz), []
    for number in range(20 + 12 * len(digits)):
        if number == 10:
            dialler.dial(digits)
        stamp = number * STEP[voice]
        if not (report := dialler.replace(stamp)):
            packets.append(RtpPacket(voice, timestamp=stamp, ssrc=SSRC, payload=b"voice"))
            continue
        packet = RtpPacket(EVENTS[voice], int(report.is_first), timestamp=report.timestamp, ssrc=SSRC)
        packet.payload = report.payload
        packets.append(packet)
    for number, packet in enumerate(packets):
        packet.sequence_number = (65_530 + number) & 0xFFFF
    return packets


@pytest.mark.parametrize("voice", [OPUS, PCMU])
def test_silence_stands_in_for_events_and_their_digits_are_told(voice: int) -> None:
    keypad, heard = agreed(voice)
    packets = stream(voice, "12")
    taken = [keypad.arrived(packet) for packet in packets]
    assert heard == [DigitHeard("1", DigitSource.RTP), DigitHeard("2", DigitSource.RTP)]
    assert all(taken)
    kept = [packet for packet in taken if packet]
    assert {packet.payload_type for packet in kept} == {voice}
    assert [packet.sequence_number for packet in kept] == [packet.sequence_number for packet in packets]
    assert {packet.payload for packet in kept} <= {
        b"voice", CODECS[NAMES[voice]].silence, CODECS[NAMES[voice]].silence[:1],
    }  # fmt: skip


@pytest.mark.parametrize("voice", [OPUS, PCMU])
@settings(deadline=None)
@given(digits=st.text("05#", max_size=4))
def test_the_buffer_of_aiortc_never_stalls_and_never_joins_voice_with_silence(voice: int, digits: str) -> None:
    keypad, _ = agreed(voice)
    buffer, frames = JitterBuffer(capacity=16, prefetch=4), []
    for packet in stream(voice, digits):
        taken = keypad.arrived(packet)
        assert taken is not None
        setattr(taken, "_data", taken.payload)  # noqa: B010 - as aiortc's receiver does
        _, frame = buffer.add(taken)
        if frame:
            frames.append(frame.data)
    silence = CODECS[NAMES[voice]].silence
    assert {frame for frame in frames if frame != b"voice"} <= {
        silence,
        silence + silence[:1],
        silence + silence[:1] * 2,
    }
    assert len(frames) >= 10 + 12 * len(digits) - 2 * len(digits)


def test_an_event_before_any_voice_gives_the_decoder_nothing() -> None:
    keypad, heard = agreed(OPUS)
    event = next(packet for packet in stream(OPUS, "1") if packet.payload_type == EVENTS[OPUS])
    assert keypad.arrived(event) is None
    assert [one.digit for one in heard] == ["1"]


def test_before_anything_is_agreed_all_packets_pass() -> None:
    keypad = Keypad(lambda _: None)
    packet = RtpPacket(EVENTS[OPUS], payload=struct.pack("!BBH", 1, 10, 960))
    assert keypad.arrived(packet) is packet
    assert keypad.leaves(packet.serialize()) == packet.serialize()
    assert keypad.played(b"\0\0") == b"\0\0"
    assert not keypad.dial("1")


def leaving(keypad: Keypad, voice: int, count: int) -> list[RtpPacket]:
    """Return what goes out for that many packets of our voice."""
    packets = [
        RtpPacket(voice, sequence_number=(65_530 + number) & 0xFFFF, timestamp=number * STEP[voice], ssrc=SSRC)
        for number in range(count)
    ]
    return [RtpPacket.parse(keypad.leaves(packet.serialize())) for packet in packets]


@pytest.mark.parametrize("voice", [OPUS, PCMU])
def test_events_leave_in_place_of_the_voice_in_its_stream_and_its_clock(voice: int) -> None:
    keypad, _ = agreed(voice)
    assert keypad.dial("5")
    sent = leaving(keypad, voice, 13)
    assert [packet.sequence_number for packet in sent] == [(65_530 + number) & 0xFFFF for number in range(13)]
    assert {packet.ssrc for packet in sent} == {SSRC}
    events = [packet for packet in sent if packet.payload_type == EVENTS[voice]]
    assert sent[:10] == events
    assert {packet.timestamp for packet in events} == {0}
    assert [packet.marker for packet in events] == [1] + [0] * 9
    assert struct.unpack("!BBH", events[-1].payload) == (5, 138, 8 * STEP[voice])
    assert {packet.payload_type for packet in sent[10:]} == {voice}


def test_reports_to_the_far_end_are_left_alone() -> None:
    keypad, _ = agreed(OPUS)
    keypad.dial("5")
    report = struct.pack("!BBHI", 0x80, 200, 1, SSRC) + bytes(20)
    assert keypad.leaves(report) == report


def test_a_new_path_for_the_same_call_goes_on_with_what_was_dialled() -> None:
    keypad, _ = agreed(OPUS)
    keypad.dial("12")
    begun = leaving(keypad, OPUS, 5)
    keypad.agree(sdp.parse(CHROMIUM, "offer"), "opus")
    rest = leaving(keypad, OPUS, 60)
    codes = [packet.payload[0] for packet in begun + rest if packet.payload_type == EVENTS[OPUS]]
    assert set(codes) == {1, 2}


@pytest.mark.parametrize(
    ("codec", "left_out", "can_dial"),
    [("opus", "/48000\r", False), ("pcmu", "/8000\r", False), ("opus", "/8000\r", True), ("pcmu", "/48000\r", True)],
)
def test_events_are_sent_in_the_clock_of_the_voice_or_not_at_all(codec: str, left_out: str, can_dial: bool) -> None:
    text = CHROMIUM.replace(f"telephone-event{left_out}", f"other{left_out}")
    keypad = Keypad(lambda _: None)
    keypad.agree(sdp.parse(text, "offer"), codec)
    assert keypad.dial("1") is can_dial


@pytest.mark.parametrize(("wanted", "bit_rate"), [(None, 24_000), (12_000, 12_000), (64_000, 24_000)])
def test_we_send_no_more_than_we_may_and_the_far_end_wants(wanted: int | None, bit_rate: int) -> None:
    assert sent_as("opus", bit_rate=24_000, wanted=wanted).bit_rate == bit_rate
    assert sent_as("pcmu", bit_rate=24_000, wanted=wanted).bit_rate is None
