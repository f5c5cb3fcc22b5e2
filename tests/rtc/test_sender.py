"""From the capture thread to RTP packets: what leaves the house and when, how it is numbered, stamped and marked."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.rtc import rtp, sdp
from intercom.rtc.keypad import Keypad
from intercom.rtc.rtp import Packet
from intercom.rtc.sender import Line, Sender
from tests.rtc.parts import OPUS, Words, agreed
from tests.rtc.test_sdp import CHROMIUM

SSRC = 0xCAFE
WRAP = 1 << 32


class Wire:
    """What was sent, read again."""

    def __init__(self) -> None:
        self.packets: list[Packet] = []

    def send(self, packet: bytes) -> None:
        self.packets.append(rtp.parse(packet))

    def stamps(self) -> list[int]:
        """Return how far each packet's sound is behind the first one's."""
        return [(packet.timestamp - self.packets[0].timestamp) % WRAP for packet in self.packets]

    def numbers(self) -> list[int]:
        return [(packet.sequence_number - self.packets[0].sequence_number) & 0xFFFF for packet in self.packets]

    def marks(self) -> list[int]:
        return [place for place, packet in enumerate(self.packets) if packet.marker]


async def begun(*, packet_ms: int = 20, rate_hz: int = 48_000) -> tuple[Sender, Wire, Words, Keypad]:
    """Return a sender whose far end can be sent to, and what it sends and is encoded by."""
    wire, words = Wire(), Words(rate_hz)
    keypad, _ = agreed("opus" if rate_hz == 48_000 else "pcmu", packet_ms=packet_ms)
    sender = Sender(wire.send)
    sender.line = Line(words, keypad, packet_ms=packet_ms, payload_type=OPUS, ssrc=SSRC)
    sender.has_path = True
    return sender, wire, words, keypad


async def test_nothing_is_encoded_before_the_far_end_can_be_sent_to() -> None:
    sender, wire, words, _ = await begun()
    line, sender.line, sender.has_path = sender.line, None, False
    sender.put(b"private")
    sender.line = line
    sender.put(b"still private")
    assert (words.heard, sender.sent.packets, sender.dropped) == ([], 0, 0)
    sender.has_path = True
    sender.put(b"hello")
    assert [packet.payload for packet in wire.packets] == [b"hello"]
    assert sender.newest == b"hello"


async def test_every_packet_is_of_one_stream_and_the_voices_type() -> None:
    sender, wire, _, _ = await begun()
    for _ in range(5):
        sender.put(b"voice")
    assert {(packet.ssrc, packet.payload_type) for packet in wire.packets} == {(SSRC, OPUS)}
    assert wire.numbers() == [0, 1, 2, 3, 4]
    assert sender.sent == (5, 25)


@pytest.mark.parametrize(("rate_hz", "packet_ms", "step"), [(48_000, 20, 960), (48_000, 10, 480), (8_000, 20, 160)])
async def test_stamps_count_samples_of_the_codecs_clock(rate_hz: int, packet_ms: int, step: int) -> None:
    sender, wire, _, _ = await begun(packet_ms=packet_ms, rate_hz=rate_hz)
    for _ in range(4):
        sender.put(b"voice")
    assert wire.stamps() == [0, step, 2 * step, 3 * step]


@given(st.lists(st.sampled_from(["voice", "silence", "lost"]), max_size=60))
async def test_stamps_go_on_over_what_is_not_sent_and_a_talk_spurt_begins_with_a_mark(frames: list[str]) -> None:
    sender, wire, _, _ = await begun()
    for frame in frames:
        sender.has_path = frame != "lost"
        sender.put(frame.encode() if frame == "voice" else b"")
    spoken = [at for at, frame in enumerate(frames) if frame == "voice"]
    assert wire.stamps() == [960 * (at - spoken[0]) for at in spoken]
    assert wire.numbers() == list(range(len(spoken)))
    assert wire.marks() == [place for place, at in enumerate(spoken) if at - 1 not in spoken]
    assert sender.dropped == sum(frame == "lost" for frame in frames[spoken[0] :]) if spoken else True


async def test_numbers_begin_low_so_that_both_ends_count_the_wraps_alike_and_each_line_has_its_own() -> None:
    first = set()
    for _ in range(50):
        sender, wire, _, _ = await begun()
        sender.put(b"voice")
        first.add((wire.packets[0].sequence_number, wire.packets[0].timestamp))
    assert len(first) > 45
    assert max(number for number, _ in first) < 1 << 15


@pytest.mark.parametrize(("rate_hz", "packet_ms", "packets"), [(48_000, 20, 10), (48_000, 10, 18), (8_000, 20, 10)])
async def test_an_event_goes_in_place_of_the_voice_in_its_stream_and_its_clock(
    rate_hz: int, packet_ms: int, packets: int
) -> None:
    sender, wire, words, keypad = await begun(packet_ms=packet_ms, rate_hz=rate_hz)
    sender.put(b"voice")
    assert keypad.dial("5")
    for _ in range(packets + 1):
        sender.put(b"voice")
    _, *events, last = wire.packets
    assert wire.numbers() == list(range(packets + 2))
    assert {packet.payload_type for packet in events} == {keypad.event_type}
    assert {packet.timestamp for packet in events} == {(wire.packets[0].timestamp + rate_hz * packet_ms // 1000) % WRAP}
    assert wire.marks() == [0, 1]
    assert [packet.payload[0] for packet in events] == [5] * packets
    assert [packet.payload[1] >= 0x80 for packet in events] == [False] * (packets - 3) + [True] * 3
    assert last.payload_type == OPUS
    assert len(words.heard) == 2


async def test_a_new_path_for_the_same_call_goes_on_with_what_was_dialled() -> None:
    sender, wire, words, keypad = await begun()
    keypad.dial("12")
    for _ in range(5):
        sender.put(b"voice")
    keypad.agree(sdp.parse(CHROMIUM, "offer"), "opus")
    sender.line = Line(words, keypad, packet_ms=20, payload_type=OPUS, ssrc=SSRC)
    for _ in range(60):
        sender.put(b"voice")
    events: list[Any] = [packet.payload[0] for packet in wire.packets if packet.payload_type != OPUS]
    assert set(events) == {1, 2}
