"""What is done to a call's microphone: what was asked for, or in words why not."""

import importlib.util

import numpy as np
import pytest

from intercom.audio import aec3, speex
from intercom.audio.engines import Treatment
from intercom.audio.processing import Processing, treatment
from intercom.call.ports import AudioConstraints
from intercom.settings import schema
from tests.rig.echo_room import Room, sent, speech, weaker_db


@pytest.fixture
def no_livekit(monkeypatch: pytest.MonkeyPatch) -> None:
    aec3.library.cache_clear()
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)


@pytest.fixture
def no_speexdsp(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speex, "FILE", "libspeexdsp.so.0")
    speex.library.cache_clear()


def loaded(treatment: Treatment) -> Processing:
    processing = Processing(treatment)
    processing.load()
    return processing


def test_auto_is_the_best_that_is_installed() -> None:
    status = loaded(Treatment("auto")).status()
    assert (status["engine"], status["echo"], status["why"]) == ("aec3", True, "")


@pytest.mark.usefixtures("no_livekit")
def test_without_livekit_auto_is_speex_and_status_says_why() -> None:
    status = loaded(Treatment("auto")).status()
    assert (status["engine"], status["echo"]) == ("speex", True)
    assert "livekit is not installed" in status["why"]


@pytest.mark.usefixtures("no_livekit")
def test_what_is_asked_for_by_name_is_not_replaced() -> None:
    status = loaded(Treatment("aec3")).status()
    assert (status["engine"], status["echo"]) == ("", False)


@pytest.mark.usefixtures("no_livekit", "no_speexdsp")
def test_without_any_engine_the_sound_passes_and_status_says_why() -> None:
    processing = loaded(Treatment("auto", noise=True, gain_db=-6.0))
    voice = speech("en-us", 1)
    assert weaker_db(sent(processing, voice, voice), voice, from_s=0) == pytest.approx(6, abs=0.1)
    status = processing.status()
    assert (status["echo"], status["noise"], status["gain_db"]) == (False, False, -6.0)
    assert status["why"].count("not installed") == 2


def test_an_engine_that_fails_is_left_and_the_sound_passes() -> None:
    class Broken:
        name, smooths, reach_ms = "broken", False, 100

        def clean(self, near: bytes, far: bytes) -> bytes:
            raise RuntimeError("it is worn out")

    processing = loaded(Treatment("half-duplex"))
    processing._take((Broken(),), "")
    voice = speech("en-us", 1)
    assert np.array_equal(sent(processing, voice, voice), np.rint(voice))
    assert "it is worn out" in processing.status()["why"]


def test_until_the_engine_is_loaded_in_a_thread_of_its_own_the_sound_passes() -> None:
    processing, voice = Processing(Treatment("aec3")), speech("en-us", 1)
    assert np.array_equal(sent(processing, voice, voice), np.rint(voice))
    processing.prepare()
    processing.prepare()
    assert processing._loading is not None
    processing._loading.join(timeout=10)
    assert processing.status()["engine"] == "aec3"
    assert not np.array_equal(sent(processing, voice, voice), np.rint(voice))


@pytest.mark.parametrize(("echo", "needs_far"), [("off", False), ("aec3", True), ("half-duplex", True)])
def test_who_cancels_nothing_needs_not_know_what_is_played(echo: str, needs_far: bool) -> None:
    assert (Processing(Treatment(echo)).heard is not None) == needs_far  # type: ignore[arg-type]


def test_what_nobody_asked_for_is_not_loaded() -> None:
    processing = Processing(Treatment(gain_db=3.0))
    processing.prepare()
    processing.load()
    assert (processing.status()["engine"], processing.status()["why"]) == ("", "")
    assert processing.near(bytes(1920), at=0.0) == bytes(1920)


def test_a_gate_and_noise_suppression_are_told_apart() -> None:
    status = loaded(Treatment("half-duplex", noise=True)).status()
    assert (status["engine"], status["noise"]) == ("aec3 and half-duplex", True)
    assert not loaded(Treatment("half-duplex")).status()["noise"]


def test_how_late_and_how_weak_the_echo_is_heard_is_told() -> None:
    processing = loaded(Treatment("aec3"))
    voice = speech("en-us", 5)
    sent(processing, Room(way_ms=30, noise=0).hears(voice), voice, queued_ms=15)
    status = processing.status()
    assert status["delay_ms"] == pytest.approx(15 + 30, abs=2)
    assert status["erle_db"] > 15


@pytest.mark.parametrize(
    ("constraints", "wanted"),
    [
        (None, Treatment("speex", gain_db=1.5)),
        (AudioConstraints(), Treatment("speex", gain_db=1.5)),
        (AudioConstraints(echo_cancellation=False, noise_suppression=True), Treatment(noise=True, gain_db=1.5)),
        (AudioConstraints(auto_gain_control=True, gain_db=2.5), Treatment("speex", level=True, gain_db=2.5)),
    ],
)
def test_a_call_has_what_is_set_but_for_what_it_chooses(
    constraints: AudioConstraints | None, wanted: Treatment
) -> None:
    assert treatment(schema.Audio(echo="speex", mic_gain_db=1.5), constraints) == wanted


def test_a_call_that_wants_a_canceller_where_none_is_set_has_the_best() -> None:
    assert treatment(schema.Audio(echo="off"), AudioConstraints(echo_cancellation=True)) == Treatment("auto")
