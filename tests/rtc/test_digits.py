"""Digits between two peers over real UDP, DTLS and SRTP: as telephone events, and as tones where there are none."""

import re

import pytest

from intercom.call.ports import DigitSource
from tests.rig.ear import until
from tests.rtc.call import OPUS_FIRST, PCMU_FIRST, End, connect, ends
from tests.rtc.room import Room

DIGITS = "0159*#73"


@pytest.mark.parametrize("codecs", [OPUS_FIRST, PCMU_FIRST], ids=["opus", "PCMU"])
async def test_each_digit_arrives_once_and_in_order_and_the_voice_goes_on(codecs: tuple[str, ...]) -> None:
    caller, callee = End(Room(700), codecs), End(Room(1100), codecs)
    async with ends(caller, callee) as (a, b):
        await connect(a, b)
        await callee.room.until_heard(700)
        await caller.room.until_heard(1100)
        assert a.send_digits(DIGITS[:4])
        assert a.send_digits(f"w{DIGITS[4:]}")
        assert b.send_digits("42")
        await callee.until_dialled(DIGITS)
        await caller.until_dialled("42")
        await callee.room.until_heard(700)
        assert {heard.source for heard in callee.digits + caller.digits} == {DigitSource.RTP}


def without_events(sdp: str) -> str:
    """Return it as a far end sends it that knows no telephone events."""
    return re.sub(r"a=rtpmap:\d+ telephone-event.*\r\n", "", sdp)


@pytest.mark.parametrize("codecs", [OPUS_FIRST, PCMU_FIRST], ids=["opus", "PCMU"])
async def test_tones_in_the_voice_are_digits_where_there_are_no_telephone_events(codecs: tuple[str, ...]) -> None:
    caller, callee = End(Room(697, and_hertz=1209), codecs), End(Room(1100), codecs)
    async with ends(caller, callee) as (a, b):
        await connect(a, b, on_the_way=without_events)
        await callee.until_dialled("1")
        assert {heard.source for heard in callee.digits} == {DigitSource.IN_BAND}
        await callee.room.until_heard(0)  # once a digit was heard it is not played
        assert not a.send_digits("1")
        assert not b.send_digits("1")


async def test_tones_in_the_voice_are_only_sound_where_there_are_telephone_events() -> None:
    caller, callee = End(Room(697, and_hertz=1209)), End(Room(1100))
    async with ends(caller, callee) as (a, b):
        await connect(a, b)
        await until(lambda: callee.room.heard().dbfs > -40, what="the tones")
        assert a.send_digits("5")
        await callee.until_dialled("5")
        await until(lambda: callee.room.heard().dbfs > -40, what="the tones after a digit")
        assert len(callee.digits) == 1


@pytest.mark.parametrize(("direction", "can_send"), [("sendonly", False), ("recvonly", True)])
async def test_digits_go_only_to_a_far_end_that_takes_our_voice(direction: str, can_send: bool) -> None:
    def one_way(sdp: str) -> str:
        return sdp.replace("a=sendrecv", f"a={direction}") if "actpass" in sdp else sdp

    caller, callee = End(Room(700)), End(Room(1100))
    async with ends(caller, callee) as (a, b):
        await connect(a, b, on_the_way=one_way)
        assert b.send_digits("5") is can_send


def formats(sdp: str) -> list[str]:
    """Return the formats of the voice in the order of its line, and their parameters."""
    types = re.search(r"^m=audio \d+ \S+ (.*)\r$", sdp, re.MULTILINE)
    assert types
    called = dict(re.findall(r"a=rtpmap:(\d+) (\S+)", sdp))
    parameters = dict(re.findall(r"a=fmtp:(\d+) (\S+)", sdp))
    return [f"{called[number]} {parameters.get(number, '')}".strip() for number in types[1].split()]


OPUS, PCMU = "opus/48000/2 minptime=10;useinbandfec=1;maxaveragebitrate=40000", "PCMU/8000"
EVENTS, EVENTS_8000 = "telephone-event/48000 0-15", "telephone-event/8000 0-15"


@pytest.mark.parametrize(
    ("ours", "theirs", "offered", "answered"),
    [
        (OPUS_FIRST, OPUS_FIRST, [OPUS, PCMU, EVENTS, EVENTS_8000], [OPUS, EVENTS]),
        (PCMU_FIRST, PCMU_FIRST, [PCMU, OPUS, EVENTS_8000, EVENTS], [PCMU, EVENTS_8000]),
        (["opus"], PCMU_FIRST, [OPUS, EVENTS], [OPUS, EVENTS]),
        (["pcmu"], OPUS_FIRST, [PCMU, EVENTS_8000], [PCMU, EVENTS_8000]),
    ],
)
async def test_each_voice_is_offered_with_events_in_its_clock_and_one_is_answered(
    ours: tuple[str, ...], theirs: tuple[str, ...], offered: list[str], answered: list[str]
) -> None:
    caller, callee = End(Room(700), ours), End(Room(1100), theirs)
    async with ends(caller, callee) as (a, b):
        offer = await a.offer()
        assert formats(offer) == offered
        assert formats(await b.answer(offer)) == answered


async def test_a_far_ends_own_numbers_are_used() -> None:
    def renumbered(sdp: str) -> str:
        return re.sub(r"\b111\b", "109", re.sub(r"\b110\b", "101", sdp)) if "actpass" in sdp else sdp

    caller, callee = End(Room(700)), End(Room(1100))
    async with ends(caller, callee) as (_, b):
        answer = await b.answer(renumbered(await caller.peer.offer()))
        assert "a=rtpmap:109 opus/48000/2\r\n" in answer
        assert "a=rtpmap:101 telephone-event/48000\r\n" in answer
