"""Tones, volumes and the ringtone as the voice plays them, on simulated cards."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs

from intercom.audio.tones import CADENCES
from intercom.call.ports import AudioConstraints
from intercom.settings import schema
from tests.audio.ends import Hum, Recorder
from tests.audio.test_ringtone import wav
from tests.audio.test_voice import SETTINGS, voice_of
from tests.rig.ear import hear, until, until_heard, until_silent
from tests.rig.simcard import SimCard


@pytest.fixture
def plugged(card: SimCard, plug_in: Callable[..., None]) -> SimCard:
    plug_in(intercom_mic=card, intercom_speaker=card)
    return card


async def test_a_tone_loops_until_it_is_stopped(plugged: SimCard) -> None:
    async with voice_of() as (voice, events):
        voice.play("ringback")
        heard = await until_heard(plugged, 425)
        voice.stop()
        await until_silent(plugged)
        await events.expect("playback", "open", "idle")
        assert heard.dbfs == pytest.approx(-22.4, abs=0.5)  # 0.3 peak at ring_volume 60


async def test_a_finite_tone_ends_by_itself(plugged: SimCard) -> None:
    async with voice_of() as (voice, events):
        voice.play("end")
        await until(lambda: hear(plugged).is_tone(440), what="the last note")
        await events.expect("playback", "open", "idle")


async def test_a_keys_tone_sounds_over_a_ringing_that_goes_on(plugged: SimCard) -> None:
    async with voice_of() as (voice, _):
        voice.play("ringback")
        await until_heard(plugged, 425)
        await until_silent(plugged)
        voice.play("dtmf5")
        await until(lambda: any(hear(plugged, ms=60).is_tone(hertz) for hertz in (809, 1403)), what="the key")
        await until_heard(plugged, 425)


async def test_a_tone_is_heard_beside_the_far_end(plugged: SimCard) -> None:
    loud = schema.Audio(capture="intercom_mic", playback="intercom_speaker", echo="off", volume=20, ring_volume=100)
    async with voice_of(loud) as (voice, _):
        voice.connect(Recorder(), Hum(440))
        await until_heard(plugged, 440)
        voice.play("failed")
        await until(lambda: hear(plugged, ms=100).is_tone(1400), what="the failure tone")
        await until_heard(plugged, 440)


async def test_volumes_are_applied(plugged: SimCard) -> None:
    quiet = schema.Audio(capture="intercom_mic", playback="intercom_speaker", echo="off", volume=50, ring_volume=0)
    async with voice_of(quiet) as (voice, _):
        voice.play("busy")
        voice.connect(Recorder(), Hum(440))
        assert (await until_heard(plugged, 440)).dbfs == pytest.approx(-24, abs=0.4)


async def test_volumes_and_gain_change_during_a_call(plugged: SimCard) -> None:
    plugged.hum(1000)
    async with voice_of() as (voice, _):
        sink = Recorder()
        voice.connect(sink, Hum(440))
        await sink.hears(1000)
        await until_heard(plugged, 440)
        assert await voice.apply(structs.replace(SETTINGS, volume=50, mic_gain_db=-12.0)) == []
        await until(lambda: hear(plugged).dbfs == pytest.approx(-24, abs=0.2), what="the quieter voice")
        async with asyncio.timeout(5):
            while (await sink.hears(1000)).dbfs != pytest.approx(-24, abs=0.4):
                pass
        voice.connect(sink, Hum(440), AudioConstraints(gain_db=0.0))
        voice.tune(structs.replace(SETTINGS, mic_gain_db=-12.0))
        async with asyncio.timeout(5):
            while (await sink.hears(1000)).dbfs != pytest.approx(-12, abs=0.4):
                pass
        assert voice.status()["capture"]["processing"]["gain_db"] == 0.0


async def test_a_tone_lowers_the_far_end_and_its_end_brings_it_back(plugged: SimCard) -> None:
    async with voice_of() as (voice, _):
        voice.connect(Recorder(), Hum(1000))
        await until_heard(plugged, 1000)
        voice.play("ringback")
        await until(lambda: hear(plugged).is_tone(425), what="the tone over the voice")
        voice.stop()
        await until_heard(plugged, 1000)
        await until(lambda: hear(plugged).dbfs == pytest.approx(-12, abs=0.2), what="all of the voice")


async def test_a_ringtone_of_ones_own_rings_and_a_broken_one_leaves_the_built_in(
    plugged: SimCard, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    own, broken = wav(tmp_path / "ring.wav", rate=8000), tmp_path / "ring.mp3"
    broken.write_bytes(b"ID3")
    async with voice_of(structs.replace(SETTINGS, ringtone=str(own))) as (voice, _):
        assert voice.status()["ringtone"] == {"state": "as set", "file": str(own), "why": ""}
        voice.play("ringtone")
        await until_heard(plugged, 440)
        await until_silent(plugged)
        await until_heard(plugged, 440)
        voice.stop()
        sentences = await voice.apply(structs.replace(SETTINGS, ringtone=str(broken)))
        assert sentences == [voice.status()["ringtone"]["why"]]
        assert sentences[0] in caplog.text
        voice.play("ringtone")
        note = CADENCES["ringtone"].notes[0]
        await until(lambda: any(hear(plugged).is_tone(hertz) for hertz in note.hertz), what="the built-in one")
