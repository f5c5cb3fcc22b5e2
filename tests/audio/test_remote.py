"""The far end's voice on its way to the speaker."""

import numpy as np
import pytest

from intercom.audio.frames import RATE
from intercom.audio.remote import RemoteAudio
from intercom.audio.stream import AudioStream
from intercom.errors import UsageError

VOICE = np.array([0, 1000, -1000, 32767, -32768], np.int16)


class Steady:
    """A Source that says the same for ever."""

    def pull(self, samples: int, *, most: int = 0) -> bytes:
        return np.resize(VOICE, samples).tobytes()


class Loudspeaker:
    playback_pcm = "default"

    def play_on(self, pcm: str) -> None:
        self.playback_pcm = pcm


def remote() -> RemoteAudio:
    return RemoteAudio(Steady(), AudioStream(is_muted=lambda: False), Loudspeaker())


@pytest.mark.parametrize("volume", [0.0, 0.25, 0.5, 1, 1.0])
def test_the_volume_is_a_factor_that_is_reached_within_300_ms(volume: float) -> None:
    audio = remote()
    assert audio.pull(len(VOICE)) == VOICE.tobytes()
    audio.volume = volume
    audio.pull(RATE * 300 // 1000)
    played = np.frombuffer(audio.pull(len(VOICE)), np.int16)
    assert np.abs(played - VOICE * volume).max() <= 0.5
    assert audio.volume == volume


@pytest.mark.parametrize("volume", [-0.1, 1.1, float("nan"), float("inf")])
def test_any_other_volume_is_refused_and_changes_nothing(volume: float) -> None:
    audio = remote()
    with pytest.raises(UsageError, match=r"a number from 0\.0 to 1\.0"):
        audio.volume = volume
    assert audio.pull(len(VOICE)) == VOICE.tobytes()


def test_it_may_move_to_another_pcm_until_the_call_ends() -> None:
    audio = remote()
    audio.play_on("headset")
    assert audio.pcm == "headset"
    audio.stream.end()
    audio.play_on("kitchen")
    assert audio.pcm == "headset"
