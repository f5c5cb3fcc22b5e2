"""From packets of the far end to the speaker: whom it follows, what it counts, what is never heard."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.call.ports import DigitHeard, DigitSource
from intercom.rtc import rtp, sdp
from intercom.rtc.receiver import Receiver
from intercom.rtc.rtp import Packet
from tests.rtc.parts import agreed, posted
from tests.rtc.test_sdp import CHROMIUM

PCMU, EVENT, UNKNOWN = 0, 126, 63
THEIRS, OTHER = 7, 8
FRAME = 160
LOUD = bytes([*[0x90] * 4, *[0x10] * 4] * (FRAME // 8))  # 1 kHz


class Ear:
    """A receiver, and what it has told."""

    def __init__(self) -> None:
        self.keypad, self.digits = agreed("pcmu")
        self.heard = 0
        self.now_s = 1000.0
        self.receiver = Receiver(self.keypad, self._hear, fetch=lambda: None, clock=lambda: self.now_s)
        self.receiver.agree(sdp.parse(CHROMIUM, "offer").payload_types)

    def take(self, packets: list[Packet]) -> None:
        for packet in packets:
            self.receiver.received(rtp.pack(packet), self.now_s)

    def converse(self, packets: list[Packet]) -> npt.NDArray[np.int16]:
        """Take a packet each 20 ms, and return what is played meanwhile, in periods of 5 ms."""
        played = b""
        for packet in packets:
            self.take([packet])
            for _ in range(4):
                played += self.receiver.pull(240)
                self.now_s += 0.005
        return np.frombuffer(played, np.int16)

    def _hear(self, at_s: float) -> None:
        assert at_s <= self.now_s
        self.heard += 1


def voice(first: int, count: int, *, ssrc: int = THEIRS) -> list[Packet]:
    return [
        Packet(PCMU, number & 0xFFFF, number * FRAME & 0xFFFFFFFF, ssrc, LOUD) for number in range(first, first + count)
    ]


async def test_what_arrives_is_played_and_each_packet_is_a_sign_of_life() -> None:
    ear = Ear()
    played = ear.converse(voice(0, 30))
    assert len(played) == 30 * 960
    assert np.abs(played[-960:]).max() > 1000
    assert played.tobytes().endswith(ear.receiver.newest)
    assert ear.heard == ear.receiver.inbound.packets == 30


async def test_before_anything_is_agreed_nothing_is_taken() -> None:
    ear = Ear()
    receiver = Receiver(ear.keypad, pytest.fail, fetch=lambda: None)  # type: ignore[arg-type]
    receiver.received(rtp.pack(voice(0, 1)[0]), 0.0)
    assert receiver.inbound.packets == 0
    assert receiver.pull(240) == bytes(480)


@pytest.mark.parametrize("strays", [1, 3])
async def test_strays_of_another_ssrc_disturb_nothing(strays: int) -> None:
    ear = Ear()
    for number in range(50):
        ear.take(voice(number, 1))
        if 10 <= number < 10 + strays:
            ear.take(voice(40_000 + number, 1, ssrc=OTHER))
    inbound = ear.receiver.inbound
    assert inbound.source
    assert (inbound.source.ssrc, inbound.packets, inbound.lost) == (THEIRS, 50, 0)


async def test_a_sender_that_begins_anew_is_followed_from_its_first_packet() -> None:
    ear = Ear()
    ear.take(voice(0, 5))
    ear.take(voice(900, 5, ssrc=OTHER))
    ear.take(voice(5, 1))  # a late one of the sender before
    inbound = ear.receiver.inbound
    assert inbound.source
    assert (inbound.source.ssrc, inbound.packets, inbound.lost) == (OTHER, 10, 0)


async def test_a_new_transport_is_followed_at_once() -> None:
    ear = Ear()
    ear.take(voice(0, 5))
    ear.receiver.agree(sdp.parse(CHROMIUM, "offer").payload_types)
    ear.take(voice(9_000, 5))
    ear.receiver.agree(sdp.parse(CHROMIUM, "offer").payload_types)
    ear.take(voice(30, 5, ssrc=OTHER))
    assert (ear.receiver.inbound.packets, ear.receiver.inbound.lost) == (15, 0)


def dialled(digit: int, first: int, *, ssrc: int = THEIRS) -> list[Packet]:
    """Return a digit's ten packets."""
    return [
        Packet(EVENT, first + at, first * FRAME, ssrc, bytes([digit, 138 if at > 6 else 10, 0, at * 8]))
        for at in range(10)
    ]


async def test_digits_are_told_once_and_never_heard() -> None:
    ear = Ear()
    ear.take(dialled(5, 0))
    ear.take(voice(10, 1))
    ear.take(dialled(6, 11))
    await posted()
    assert ear.digits == [DigitHeard("5", DigitSource.RTP), DigitHeard("6", DigitSource.RTP)]
    assert (ear.receiver.inbound.packets, ear.receiver.inbound.lost) == (11, 0)


async def test_an_event_sounds_as_silence() -> None:
    ear = Ear()
    assert np.abs(ear.converse(voice(0, 30))[-960:]).max() > 1000
    assert np.abs(ear.converse(dialled(5, 30))[-960:]).max() == 0


async def test_who_is_missed_is_silent() -> None:
    ear = Ear()
    ear.converse(voice(0, 30))
    ear.receiver.is_missed = True
    assert ear.receiver.pull(240) == bytes(480) == ear.receiver.newest


async def test_digits_under_an_ssrc_of_their_own_are_told_too() -> None:
    ear = Ear()
    ear.take(voice(0, 2))
    ear.take(dialled(7, 0, ssrc=OTHER))
    ear.take(voice(2, 2))
    await posted()
    assert [heard.digit for heard in ear.digits] == ["7"]
    assert (ear.receiver.inbound.packets, ear.receiver.inbound.lost) == (4, 0)


@given(st.lists(st.binary(max_size=200), max_size=20))
async def test_no_bytes_raise_and_none_end_the_voice(junk: list[bytes]) -> None:
    ear = Ear()
    ear.take(voice(0, 3))
    for packet in junk:
        ear.receiver.received(packet, ear.now_s)
        ear.receiver.received(bytes([0x80, PCMU, 0, 4]) + packet, ear.now_s)
        assert len(ear.receiver.pull(240)) == 480
    before = ear.receiver.inbound.packets
    ear.take(voice(3, 3))
    assert ear.receiver.inbound.packets == before + 3


@given(
    st.lists(
        st.builds(
            Packet,
            st.sampled_from([PCMU, 111, EVENT, 110, 13, UNKNOWN]),
            st.integers(0, 0xFFFF),
            st.integers(0, 0xFFFFFFFF),
            st.sampled_from([THEIRS, OTHER]),
            st.binary(max_size=40),
            st.booleans(),
        ),
        max_size=40,
    ),
    st.sampled_from([80, 240, 960]),
)
async def test_whatever_packets_come_as_many_samples_are_played_as_asked_for(
    packets: list[Packet], samples: int
) -> None:
    ear = Ear()
    for packet in packets:
        ear.receiver.received(rtp.pack(packet), ear.now_s)
        assert len(ear.receiver.pull(samples)) == 2 * samples
    assert ear.receiver.unreadable == 0
