"""Privacy at the microphone, through the real libasound: nothing of it gets out, whatever calls are told."""

from tests.audio.ends import Hum, Recorder, is_silent
from tests.audio.test_voice import PlugIn, plugged, voice_of
from tests.rig.simcard import SimCard

__all__ = ["plugged"]


async def test_no_sample_leaves_while_it_is_private_in_this_call_and_the_next(plugged: SimCard) -> None:
    plugged.hum(1000)
    async with voice_of() as (voice, _):
        sink = Recorder()
        voice.connect(sink, Hum(440))
        await sink.hears(1000)
        voice.keep_private(True)
        assert is_silent((await sink.next(13))[3:])  # one period may have been on its way
        voice.mute(True)
        voice.mute(False)
        assert is_silent(await sink.next(10))
        voice.connect(sink, Hum(440))
        assert is_silent(await sink.next(25))
        voice.keep_private(False)
        await sink.hears(1000)


async def test_a_call_that_begins_in_private_is_silent_from_its_first_sample(plugged: SimCard) -> None:
    plugged.hum(1000)
    async with voice_of() as (voice, _):
        voice.keep_private(True)
        sink = Recorder()
        voice.connect(sink, Hum(440))
        await sink.next(25)
        assert is_silent(sink.frames)


async def test_a_tone_is_audible_while_its_pcm_is_open_and_its_volume_is_not_zero(
    card: SimCard, plug_in: PlugIn
) -> None:
    plug_in(intercom_mic=card, intercom_speaker=card)
    async with voice_of() as (voice, events):
        assert not voice.is_audible
        voice.play("announcement")
        await events.expect("playback", "open")
        assert voice.is_audible
