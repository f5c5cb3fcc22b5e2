"""The digits of a call: what is agreed on, what is told, what of the sound is left."""

import struct

import numpy as np
import pytest

from intercom.audio.frames import RATE
from intercom.call.ports import DigitHeard, DigitSource
from intercom.rtc import sdp
from intercom.rtc.keypad import AFTER_S, Keypad
from intercom.rtc.rtp import Packet
from tests.rig.ear import until
from tests.rtc.parts import agreed, posted
from tests.rtc.test_sdp import CHROMIUM

EVENT_TYPES = {"opus": 110, "pcmu": 126}


def event(code: int, *, payload_type: int, timestamp: int = 0) -> Packet:
    return Packet(payload_type, 1, timestamp, 7, struct.pack("!BBH", code, 10, 960))


@pytest.mark.parametrize("codec", EVENT_TYPES)
async def test_an_event_in_either_clock_is_told_from_voice_and_its_digit_once(codec: str) -> None:
    keypad, heard = agreed(codec)
    for number in EVENT_TYPES.values():
        heard.clear()
        assert [keypad.hear(event(5, payload_type=number, timestamp=number)) for _ in range(3)] == [True] * 3
        await posted()
        assert heard == [DigitHeard("5", DigitSource.RTP)]
    assert not keypad.hear(event(5, payload_type=0))


async def test_before_anything_is_agreed_all_is_voice_and_nothing_can_be_dialled() -> None:
    keypad = Keypad(lambda _: None, packet_ms=20)
    assert not keypad.hear(event(5, payload_type=110))
    assert keypad.played(b"\0\0") == b"\0\0"
    assert not keypad.dial("1")


@pytest.mark.parametrize(
    ("codec", "left_out", "can_dial"),
    [("opus", "/48000\r", False), ("pcmu", "/8000\r", False), ("opus", "/8000\r", True), ("pcmu", "/48000\r", True)],
)
async def test_events_are_sent_in_the_clock_of_the_voice_or_not_at_all(
    codec: str, left_out: str, can_dial: bool
) -> None:
    keypad, _ = agreed(codec, text=CHROMIUM.replace(f"telephone-event{left_out}", f"other{left_out}"))
    assert keypad.dial("1") is can_dial


@pytest.mark.parametrize(
    ("direction", "can_dial"), [("sendrecv", True), ("recvonly", True), ("sendonly", False), ("inactive", False)]
)
async def test_digits_go_only_to_a_far_end_that_takes_our_voice(direction: str, can_dial: bool) -> None:
    keypad, _ = agreed("opus", text=CHROMIUM.replace("a=sendrecv", f"a={direction}"))
    assert keypad.dial("1") is can_dial


async def test_a_new_path_for_the_same_call_keeps_what_was_dialled_and_another_clock_does_not() -> None:
    keypad, _ = agreed("opus")
    dialler = keypad.dialler
    keypad.agree(sdp.parse(CHROMIUM, "offer"), "opus")
    assert keypad.dialler is dialler
    keypad.agree(sdp.parse(CHROMIUM, "offer"), "pcmu")
    assert keypad.dialler
    assert (keypad.dialler.rate_hz, keypad.event_type) == (8000, 126)


def tones(*hertz: int) -> bytes:
    """Return 100 ms."""
    at = np.arange(RATE // 10) / RATE
    waves = 8000 * np.sin(2 * np.pi * np.outer(hertz, at)).sum(axis=0)
    return bytes(waves.astype(np.int16).tobytes())


async def test_tones_are_digits_only_where_there_are_no_events() -> None:
    one = tones(697, 1209)
    keypad, heard = agreed("opus")
    assert (keypad.played(one), keypad.held_ms) == (one, 0)
    keypad, heard = agreed("opus", text=CHROMIUM.replace("telephone-event", "other"))
    keypad.played(one)
    await until(lambda: bool(heard), what="the digit")
    assert heard == [DigitHeard("1", DigitSource.IN_BAND)]


@pytest.mark.parametrize("piece_ms", [4, 5, 10, 21])
@pytest.mark.parametrize("late", [0, 333, 777])
async def test_nothing_of_a_digit_is_heard_and_the_voice_around_it_is(late: int, piece_ms: int) -> None:
    keypad, _ = agreed("opus", text=CHROMIUM.replace("telephone-event", "other"))
    voice = tones(440)
    sound = voice + bytes(2 * late) + tones(697, 1209) + bytes(len(voice))
    size = 2 * RATE * piece_ms // 1000
    played = b"".join(keypad.played(sound[at : at + size]) for at in range(0, len(sound), size))
    held = bytes(2 * round(RATE * keypad.held_ms / 1000))
    assert played.startswith(held + voice[: -len(held)])
    assert not any(played[len(held + voice) :])


async def test_while_events_come_and_until_what_came_with_them_was_played_nothing_is_heard() -> None:
    now = 100.0
    keypad = Keypad(lambda _: None, packet_ms=20, clock=lambda: now)
    keypad.agree(sdp.parse(CHROMIUM, "offer"), "opus")
    voice = tones(440)
    assert keypad.played(voice) == voice
    keypad.hear(event(5, payload_type=110))
    assert not any(keypad.played(voice))
    now += AFTER_S
    assert keypad.played(voice) == voice
