"""Comfort between real programs: a call that is answered by itself, and privacy that nobody undoes from afar."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from intercom.audio.tones import CADENCES
from intercom.errors import RefusedError
from tests.rig.ear import hear, until, until_heard
from tests.rig.simcard import SimCard
from tests.system.house import MICROPHONE_HZ, House, living
from tests.system.test_streams import event, registered

DUST = 2  # of 32768: what an Opus decoder makes of zeros
ANSWERS_ANNA = 'auto_answer = ["anna"]\nauto_answer_after_s = 2'


def hears_announcement(card: SimCard) -> bool:
    heard = hear(card, ms=100)
    return any(heard.is_tone(hertz) for note in CADENCES["announcement"].notes for hertz in note.hertz)


async def test_a_call_is_announced_before_it_is_heard_and_privacy_lets_no_sound_out(
    empty_house: House, cards: Path, plug_in: Callable[..., None]
) -> None:
    anna = SimCard(cards / "anna")
    plug_in(default=empty_house.card, anna=anna)
    async with living(empty_house, call=ANSWERS_ANNA) as house, registered(house, "anna") as far_end:
        call = far_end.connect({"To": "hall"})
        opened = asyncio.create_task(event(call, "accept"))
        await until(lambda: hears_announcement(house.card), what="the announcement")
        assert not opened.done()
        await opened
        await until_heard(anna, MICROPHONE_HZ)
        assert (await house.ask("privacy", "on"))["state"] == "on"
        for words in (("privacy", "off"), ("mute", "off")):
            with pytest.raises(RefusedError):
                await house.ask(*words)
        assert (await house.shows(pattern="steady"))["light"]["overlays"] == ["muted", "private"]
        await house.ask("set", "call.privacy_remote", "true")
        with pytest.raises(RefusedError):
            await house.ask("commit")
        await until(lambda: abs(anna.played(1000)).max() <= DUST, what="a second without a sound")
        await house.ask("press", "mute", "--for", "1.2")
        await until_heard(anna, MICROPHONE_HZ)
