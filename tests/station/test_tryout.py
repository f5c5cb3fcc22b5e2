"""Trying speaker, microphone and door, on simulated cards and pins."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from msgspec.structs import replace

from intercom.audio.voice import Voice
from intercom.errors import AudioError, ConflictError, RefusedError
from intercom.settings import schema
from intercom.settings.schema import Settings
from intercom.station.tryout import Tryout
from tests.audio.ends import Hum, Recorder
from tests.rig.ear import until_heard
from tests.rig.simcard import SimCard

PlugIn = Callable[..., None]
AUDIO = schema.Audio(capture="intercom_mic", playback="intercom_speaker", echo="off")
LOCK = {
    "lock": "locked", "kind": "fail-secure", "pin": 26, "level": "low", "is_simulated": False, "contact": "closed",
    "tampered": False, "why": "",
}  # fmt: skip


class Room:
    """What there is to be tried, and what keeps it from that."""

    def __init__(self, voice: Voice, audio: schema.Audio) -> None:
        self.voice = voice
        self.is_in_call = self.is_private = False
        self.door: dict[str, Any] = LOCK
        self.tryout = Tryout(
            lambda: Settings(audio=audio),
            voice,
            door=lambda: self.door,
            is_in_call=lambda: self.is_in_call,
            is_private=lambda: self.is_private,
        )


@asynccontextmanager
async def room(audio: schema.Audio = AUDIO) -> AsyncIterator[Room]:
    async with Voice(audio, post=lambda _: None) as voice:
        yield Room(voice, audio)


@pytest.fixture
def plugged(card: SimCard, plug_in: PlugIn) -> SimCard:
    plug_in(intercom_mic=card, intercom_speaker=card)
    return card


async def test_the_speaker_s_tones_are_heard(plugged: SimCard) -> None:
    async with room() as here:
        trial = asyncio.create_task(here.tryout.speaker())
        for hertz in (440, 880, 1760):
            await until_heard(plugged, hertz)
        assert (await trial)["told"][0] == "Three tones, low to high, went to PCM intercom_speaker at 60 %."


async def test_a_speaker_that_is_turned_down_is_told(plugged: SimCard) -> None:
    async with room(replace(AUDIO, ring_volume=0)) as here:
        assert "`volume ring 50` turns it up" in (await here.tryout.speaker())["told"][1]


async def test_what_the_microphone_hears_is_told_in_dbfs(plugged: SimCard) -> None:
    plugged.hum(440, dbfs=-20)
    async with room() as here:
        heard = await here.tryout.microphone()
    assert heard["level_dbfs"] == pytest.approx(-20, abs=0.5)
    assert heard["clipped_share"] == 0
    assert heard["told"][0] == "For 2 s PCM intercom_mic was listened to."
    assert "heard -20 dBFS" in heard["told"][1]


async def test_a_card_that_is_not_there_is_told_with_the_next_step() -> None:
    async with room(schema.Audio(capture="intercom_none", playback="intercom_none")) as here:
        for trial in (here.tryout.speaker, here.tryout.microphone):
            with pytest.raises(AudioError, match="intercom_none"):
                await trial()


async def test_a_call_has_speaker_and_microphone_and_privacy_keeps_the_microphone_shut(plugged: SimCard) -> None:
    async with room() as here:
        here.is_private = True
        with pytest.raises(RefusedError, match="Privacy is on"):
            await here.tryout.microphone()
        here.is_in_call = True
        for trial in (here.tryout.speaker, here.tryout.microphone):
            with pytest.raises(ConflictError, match="There is a call"):
                await trial()


async def test_a_call_that_comes_while_it_listens_takes_the_microphone_and_keeps_it(plugged: SimCard) -> None:
    plugged.hum(1000)
    async with room() as here:
        trial = asyncio.create_task(here.voice.record(1.0))
        await asyncio.sleep(0)
        call = Recorder()
        here.voice.connect(call, Hum(500))
        with pytest.raises(ConflictError, match="needed for something else"):
            await trial
        await call.hears(1000)


@pytest.mark.parametrize(
    ("door", "says"),
    [
        (LOCK, "The lock is fail-secure, at GPIO 26, and locked now. The relay would pull in for 3 s"),
        (LOCK, "The door's contact says closed."),
        (LOCK | {"contact": None}, "The door has no contact."),
        (
            LOCK | {"kind": "fail-safe", "is_simulated": True},
            "at a simulated pin, and locked now. The relay would",
        ),
        (LOCK | {"why": "Its guard is starting."}, "It would not open: Its guard is starting."),
        (LOCK | {"tampered": True}, "It would be refused, as somebody was at the case"),
        ({"lock": "none"}, "This station has no lock"),
    ],
)
async def test_what_opening_the_door_would_do_is_told(door: dict[str, Any], says: str) -> None:
    here = Room(Voice(AUDIO, post=lambda _: None), AUDIO)
    here.door = door
    assert says in " ".join(here.tryout.door()["told"])
