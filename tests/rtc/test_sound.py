"""What a script has of a call's two voices, and what their way is measured to be, between two real peers."""

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import pytest

from intercom.call.ports import AudioConstraints, AudioStream, MediaState
from intercom.errors import AudioMissingError
from tests.rig.ear import listen
from tests.rtc.call import End, connect, ends
from tests.rtc.room import Room

SECOND = 50


async def first(frames: AsyncIterator[bytes], count: int) -> bytes:
    async with asyncio.timeout(10):
        return b"".join([await anext(frames) for _ in range(count)])


async def hears(stream: AudioStream | None, hertz: float) -> None:
    """Read the stream until a fifth of a second of it is that tone (0: silence)."""
    assert stream is not None
    frames = aiter(stream)
    async with asyncio.timeout(10):
        while True:
            heard = listen(np.frombuffer(await first(frames, 10), np.int16))
            if heard.is_tone(hertz) if hertz else heard.dbfs < -70:
                return


async def test_both_directions_can_be_read_from_the_description_on_until_the_call_ends() -> None:
    here, there = End(Room(700)), End(Room(1100))
    assert here.peer.local_stream is None
    async with ends(here, there) as (a, b):
        ours = a.local_stream
        assert ours is not None
        assert a.remote_stream is None
        await connect(a, b)
        theirs = a.remote_stream
        assert theirs is not None
        await asyncio.gather(hears(ours, 700), hears(theirs, 1100))
        assert (ours.muted, theirs.muted, ours.ended, theirs.ended) == (False, False, False, False)
        a.mute(True)
        assert ours.muted
        await asyncio.gather(hears(ours, 0), hears(b.remote_stream, 0))
    assert a.local_stream is None
    assert a.remote_stream is theirs
    assert (ours.ended, theirs.ended) == (True, True)


async def test_the_far_ends_audio_is_told_once_when_it_is_there_and_its_volume_is_this_calls_alone() -> None:
    here, there = End(Room(700)), End(Room(1100))
    async with ends(here, there) as (a, b):
        await connect(a, b)
        await here.room.until_heard(1100)
        (audio,) = here.audios
        audio.volume = 0.0
        await here.room.until_heard(0)
        await hears(audio.stream, 1100)
        audio.volume = 0.5
        await here.room.until_heard(1100)
        audio.play_on("headset")
        assert (audio.pcm, here.room.playback_pcm) == ("headset", "headset")
        assert audio.stream is a.remote_stream


async def test_what_a_call_wants_of_the_microphone_reaches_it_and_its_error_comes_back() -> None:
    here = End(Room(700))
    wanted = AudioConstraints(pcm="nowhere", gain_db=3.0)
    here.room.refuses = AudioMissingError("There is no PCM nowhere.")
    with pytest.raises(AudioMissingError):
        await here.peer.open(wanted)
    assert here.room.constraints is wanted
    await here.peer.close()
    assert (here.room.takes, here.room.leaves) == (1, 1)


async def test_the_way_of_the_sound_is_measured() -> None:
    here, there = End(Room(700)), End(Room(1100))
    async with ends(here, there) as (a, b):
        before = a.figures()
        assert (before.concealed_fraction, before.playout_delay, before.mouth_to_ear) == (0, None, None)
        await connect(a, b)
        await here.room.until_heard(1100)
        async with asyncio.timeout(10):
            while (await a.stats()).rtt is None:
                await here.room.played()
        measured = a.figures()
        assert measured.playout_delay is not None
        assert measured.mouth_to_ear is not None
        assert 20 < measured.playout_delay < 300
        assert measured.playout_delay < measured.mouth_to_ear < measured.playout_delay + 100
        assert measured.concealed_fraction < 0.2


async def test_what_is_played_in_place_of_missing_sound_is_a_share_of_all() -> None:
    here, there = End(Room(700)), End(Room(1100))
    async with ends(here, there) as (a, b):
        await connect(a, b)
        await here.room.until_heard(1100)
        assert a.remote_stream is not None
        there.room.disconnect()
        await here.until(MediaState.DISCONNECTED)
        assert a.remote_stream.muted
        before = a.figures().concealed_fraction
        for _ in range(SECOND):
            await here.room.played()
        after = a.figures().concealed_fraction
        assert before < after < 1
