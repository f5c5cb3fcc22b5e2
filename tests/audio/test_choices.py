"""What one call may choose of the voice: its PCMs, its gain; on simulated cards."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from intercom.audio.tones import CADENCES
from intercom.call.ports import AudioConstraints
from intercom.errors import AudioBusyError, AudioMissingError
from tests.audio.ends import Hum, Recorder
from tests.audio.test_voice import voice_of
from tests.rig.ear import until_heard, until_silent
from tests.rig.simcard import SimCard

PlugIn = Callable[..., None]
HEADSET = AudioConstraints(pcm="headset")


@pytest.fixture
def headset(cards: Path, card: SimCard, plug_in: PlugIn) -> SimCard:
    """A second card beside the usual one, which hears 1500 Hz where that hears 1000."""
    second = SimCard(cards / "second")
    plug_in(intercom_mic=card, intercom_speaker=card, headset=second)
    card.hum(1000)
    second.hum(1500)
    return second


async def test_a_call_may_choose_its_microphone_and_the_next_has_the_usual_one(headset: SimCard) -> None:
    async with voice_of() as (voice, _):
        sink = Recorder()
        voice.connect(sink, Hum(440), HEADSET)
        await voice.opened()
        await sink.hears(1500)
        assert voice.status()["capture"]["pcm"] == "headset"
        voice.disconnect()
        voice.connect(sink, Hum(440))
        await voice.opened()
        await sink.hears(1000)
        assert voice.status()["capture"]["pcm"] == "intercom_mic"


async def test_the_same_choice_twice_in_a_row_is_opened_twice(headset: SimCard) -> None:
    async with voice_of() as (voice, _):
        for _ in range(2):
            sink = Recorder()
            voice.connect(sink, Hum(440), HEADSET)
            await voice.opened()
            await sink.hears(1500)
            voice.disconnect()


async def test_a_chosen_microphone_that_is_not_there_is_an_error_and_the_usual_one_is_well(headset: SimCard) -> None:
    async with voice_of() as (voice, events):
        voice.connect(Recorder(), Hum(440), AudioConstraints(pcm="nowhere"))
        with pytest.raises(AudioMissingError, match="no PCM nowhere"):
            await voice.opened()
        voice.disconnect()
        await events.expect("capture", "missing", "idle")
        assert voice.status()["capture"]["why"] == ""


async def test_a_chosen_microphone_that_another_program_holds_is_an_error(headset: SimCard) -> None:
    async with voice_of() as (first, _), voice_of() as (second, _):
        first.connect(Recorder(), Hum(440), HEADSET)
        await first.opened()
        second.connect(Recorder(), Hum(440), HEADSET)
        with pytest.raises(AudioBusyError, match="Another program holds PCM headset"):
            await second.opened()


async def test_who_waits_for_a_microphone_goes_on_when_the_call_ends(headset: SimCard) -> None:
    async with voice_of() as (voice, _), asyncio.timeout(3):
        voice.connect(Recorder(), Hum(440), HEADSET)
        waiting = asyncio.ensure_future(voice.opened())
        voice.disconnect()
        await waiting


async def test_the_far_end_and_tones_may_move_to_another_card_until_the_call_ends(
    card: SimCard, headset: SimCard
) -> None:
    async with voice_of() as (voice, _):
        voice.connect(Recorder(), Hum(440))
        await until_heard(card, 440)
        voice.play_on("headset")
        await until_heard(headset, 440)
        await until_silent(card)
        assert voice.playback_pcm == "headset"
        voice.disconnect()
        voice.play("ringback")
        await until_heard(card, CADENCES["ringback"].notes[0].hertz[0])
        await until_silent(headset)


async def test_a_card_to_move_to_that_is_not_there_leaves_the_call_one_way_and_says_so(headset: SimCard) -> None:
    async with voice_of() as (voice, events):
        sink = Recorder()
        voice.connect(sink, Hum(440))
        await events.expect("playback", "open")
        voice.play_on("nowhere")
        event = await events.expect("playback", "missing")
        assert "no PCM nowhere" in event.why
        await sink.hears(1000)
        voice.play_on("headset")
        await until_heard(headset, 440)


@pytest.mark.parametrize(("gain_db", "dbfs"), [(-6.0, -18.0), (6.0, -6.0)])
async def test_a_call_may_choose_its_gain(headset: SimCard, gain_db: float, dbfs: float) -> None:
    async with voice_of() as (voice, _):
        sink = Recorder()
        voice.connect(sink, Hum(440), AudioConstraints(gain_db=gain_db))
        assert (await sink.hears(1000)).dbfs == pytest.approx(dbfs, abs=0.4)


async def test_what_waits_in_the_cards_buffer_is_told_as_alsa_tells_it(card: SimCard, headset: SimCard) -> None:
    async with voice_of() as (voice, _):
        assert voice.delays_ms()[1] == 0
        voice.connect(Recorder(), Hum(440))
        await until_heard(card, 440)
        period_ms, queued_ms = voice.delays_ms()
        assert period_ms == 20
        assert 5 <= queued_ms <= 40
