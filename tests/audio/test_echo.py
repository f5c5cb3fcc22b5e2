"""How much of an echo is left: the real engines, in a room that is computed, with speech."""

import functools

import numpy as np
import pytest

from intercom.audio.engines import Echo, Treatment
from intercom.audio.processing import Processing
from tests.rig.echo_room import Room, Sound, quiet, sent, speech, weaker_db

CALM_S = 0.5  # a call begins with a moment in which nobody speaks
SECONDS = 7


@functools.cache
def far_end() -> Sound:
    return np.concatenate([quiet(CALM_S), speech("en-us", SECONDS)])


def treated(treatment: Treatment, *, loop_ms: float = 0.0) -> Processing:
    processing = Processing(treatment, loop_ms=loop_ms)
    processing.load()
    return processing


@pytest.mark.parametrize(
    ("echo", "room", "least_db"),
    [
        ("aec3", Room(return_db=-6), 30),
        ("aec3", Room(return_db=-12, way_ms=60), 30),
        ("aec3", Room(return_db=-20, way_ms=100), 25),
        ("aec3", Room(return_db=-12, drift_ppm=200), 25),
        ("aec3", Room(return_db=-12, drift_ppm=-200), 25),
        ("speex", Room(return_db=-6), 20),
        ("speex", Room(return_db=-12, way_ms=60), 20),
        ("speex", Room(return_db=-20), 20),
    ],
)
def test_after_two_seconds_of_speech_hardly_an_echo_is_left(echo: Echo, room: Room, least_db: float) -> None:
    heard = room.hears(far_end())
    left = sent(treated(Treatment(echo), loop_ms=room.way_ms), heard, far_end())
    assert weaker_db(left, heard, from_s=CALM_S + 2) > least_db


@pytest.mark.parametrize(("echo", "least_db"), [("aec3", 30), ("speex", 15)])
def test_a_card_whose_own_way_nobody_measured_is_found_out(echo: Echo, least_db: float) -> None:
    heard = Room(way_ms=70).hears(far_end())
    left = sent(treated(Treatment(echo)), heard, far_end())
    assert weaker_db(left, heard, from_s=CALM_S + 4) > least_db


@pytest.mark.parametrize("frame_ms", [10, 20])
@pytest.mark.parametrize("period_ms", [5, 10])
def test_frames_and_periods_of_any_length_are_laid_side_by_side(frame_ms: int, period_ms: int) -> None:
    heard = Room().hears(far_end())
    left = sent(treated(Treatment("aec3")), heard, far_end(), queued_ms=30, period_ms=period_ms, frame_ms=frame_ms)
    assert weaker_db(left, heard, from_s=CALM_S + 2) > 30


@pytest.mark.parametrize("echo", ["aec3", "speex"])
def test_who_speaks_here_is_still_heard_while_the_far_end_speaks(echo: Echo) -> None:
    spoken = np.concatenate([quiet(CALM_S + 3), speech("en-gb+f3", SECONDS - 3)])
    heard = Room(return_db=-20).hears(far_end(), spoken)
    assert weaker_db(sent(treated(Treatment(echo)), heard, far_end()), spoken, from_s=CALM_S + 3) < 8


def test_where_nothing_plays_the_very_same_samples_are_sent() -> None:
    spoken = speech("en-gb+f3", 3)
    played = np.concatenate([speech("en-us", 1), quiet(2)])
    heard = Room(noise=0).hears(played, spoken)
    left = sent(treated(Treatment("aec3")), heard, played)
    assert np.array_equal(left[2 * 48_000 :], np.rint(heard)[2 * 48_000 :])


def test_steady_noise_goes_and_speech_stays() -> None:
    noise = Room(noise=300).hears(quiet(5))
    assert weaker_db(sent(treated(Treatment(noise=True)), noise, quiet(5)), noise, from_s=2) > 6
    spoken = speech("en-gb+f3", 5)
    assert abs(weaker_db(sent(treated(Treatment(noise=True)), spoken, quiet(5)), spoken, from_s=2)) < 3


def test_a_quiet_voice_is_lifted_by_the_gain_control() -> None:
    low = speech("en-gb+f3", 6, dbfs=-46)
    assert weaker_db(low, sent(treated(Treatment(level=True)), low, quiet(6)), from_s=3) > 3
