"""How late an echo is found to be, and how weak."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intercom.audio.echometer import EchoMeter, lag_ms
from intercom.audio.frames import RATE
from tests.rig.echo_room import Room, Sound, speech

BLOCK = RATE // 100


def pcm(sound: Sound) -> bytes:
    return np.clip(np.rint(sound), -32768, 32767).astype(np.int16).tobytes()


@settings(deadline=None, max_examples=20)
@given(way_ms=st.floats(0, 200), return_db=st.floats(-25, 6))
def test_the_straight_way_is_found_to_some_milliseconds(way_ms: float, return_db: float) -> None:
    played = speech("en-us", 5)
    heard = pcm(Room(return_db=return_db, way_ms=way_ms).hears(played))
    found = followed(EchoMeter(), heard, pcm(played), heard)
    assert found
    assert all(way_ms - 2 < lag < way_ms + 10 for lag in found)


def test_an_echo_that_comes_before_the_sound_shows_that_the_reference_is_late() -> None:
    played = speech("en-us", 2)
    assert lag_ms(pcm(played), pcm(np.concatenate([np.zeros(20 * 48), played[: -20 * 48]]))) == -20


@pytest.mark.parametrize("begin_s", [0, 1, 2, 3, 4])
def test_where_this_end_speaks_no_echo_is_made_out(begin_s: int) -> None:
    spoken, played = (pcm(speech(voice, 5)[begin_s * RATE :][:RATE]) for voice in ("en-gb+f3", "en-us"))
    assert lag_ms(spoken, played) is None
    assert lag_ms(spoken, bytes(2 * RATE)) is None
    assert lag_ms(bytes(2 * RATE), played) is None


@pytest.mark.parametrize("near_hz", [440, 1500])
@pytest.mark.parametrize("far_hz", [[440], [1000], [697, 1209]])
def test_tones_have_no_lag_that_could_be_told(near_hz: int, far_hz: list[int]) -> None:
    seconds = np.arange(RATE) / RATE
    heard = 6000 * np.sin(2 * np.pi * near_hz * seconds)
    played = np.sum([6000 * np.sin(2 * np.pi * hz * seconds) for hz in far_hz], axis=0)
    assert lag_ms(pcm(heard), pcm(played)) is None


def followed(meter: EchoMeter, heard: bytes, played: bytes, cleaned: bytes) -> list[float]:
    cuts = [slice(at, at + 2 * BLOCK) for at in range(0, len(heard), 2 * BLOCK)]
    found = [meter.follow(heard[cut], played[cut], cleaned[cut]) for cut in cuts]
    return [lag for lag in found if lag is not None]


def test_a_lag_counts_when_it_is_found_twice() -> None:
    played = speech("en-us", 5)
    heard = pcm(Room(way_ms=30).hears(played))
    assert followed(EchoMeter(), heard, pcm(played), heard) == pytest.approx([30, 30], abs=5)
    meter = EchoMeter()
    first = 2 * BLOCK * 100
    assert followed(meter, heard[:first], pcm(played)[:first], heard[:first]) == []
    meter.pause()
    rest = slice(first, first + 2 * BLOCK * 90)
    assert followed(meter, heard[rest], pcm(played)[rest], heard[rest]) == pytest.approx([30], abs=5)


def test_what_is_left_of_the_echo_is_told_in_db() -> None:
    meter, heard = EchoMeter(), speech("en-us", 5)
    assert meter.erle_db is None
    followed(meter, pcm(heard), pcm(heard), pcm(heard / 10))
    assert meter.erle_db == pytest.approx(20, abs=0.5)
