"""The voice, through the real libasound, on simulated cards."""

import asyncio
import threading
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from intercom.audio.events import AudioChanged, AudioEvent
from intercom.audio.frames import RATE
from intercom.audio.tones import CADENCES
from intercom.audio.voice import Voice
from intercom.settings import schema
from tests.audio.ends import Hum, Recorder, is_silent, join
from tests.rig.ear import listen, until, until_heard
from tests.rig.simcard import SimCard

SETTINGS = schema.Audio(capture="intercom_mic", playback="intercom_speaker", echo="off")
PlugIn = Callable[..., None]


class Events:
    """What the voice posted, side by side."""

    def __init__(self) -> None:
        self._sides: defaultdict[str, asyncio.Queue[AudioEvent]] = defaultdict(asyncio.Queue)

    def post(self, event: AudioEvent) -> None:
        self._sides[event.side].put_nowait(event)

    async def expect(self, side: str, *states: str) -> AudioChanged:
        """Wait until that side has gone through these states, one after the other; return the last event."""
        async with asyncio.timeout(10):
            for state in states:
                while (event := await self._sides[side].get()).state != state:
                    pass
        return event


@asynccontextmanager
async def voice_of(
    settings: schema.Audio = SETTINGS, *, test_voice: bool = False
) -> AsyncIterator[tuple[Voice, Events]]:
    events = Events()
    async with Voice(settings, post=events.post, test_voice=test_voice) as voice:
        yield voice, events


@pytest.fixture
def plugged(card: SimCard, plug_in: PlugIn) -> SimCard:
    plug_in(intercom_mic=card, intercom_speaker=card)
    return card


async def test_the_microphone_is_heard_at_the_sink_and_the_source_at_the_speaker(plugged: SimCard) -> None:
    plugged.hum(1000)
    async with voice_of() as (voice, events):
        sink = Recorder()
        voice.connect(sink, Hum(440))
        heard = await sink.hears(1000)
        assert heard.dbfs == pytest.approx(-12, abs=0.4)
        assert (await until_heard(plugged, 440)).dbfs == pytest.approx(-12, abs=0.4)
        voice.disconnect()
        await events.expect("playback", "open", "idle")
        await events.expect("capture", "open", "idle")
        status = voice.status()
        assert status["capture"].pop("processing")["why"] == ""
        assert status["capture"].pop("realtime") == status["playback"]["realtime"]
        assert status["capture"] == {
            "pcm": "intercom_mic", "state": "idle", "why": "", "advice": "", "rate": 48_000, "channels": 1,
            "period_ms": 20.0, "buffer_ms": 160.0, "xruns": plugged.xruns()[1],
        }  # fmt: skip
        assert status["playback"]["period_ms"] == 5.0
        assert 15 <= status["playback"]["depth_ms"] <= 40


@pytest.mark.parametrize("converts", [True, False], ids=["plug", "raw"])
@pytest.mark.parametrize(("rate", "channels"), [(44_100, 2), (48_000, 2), (16_000, 1), (8_000, 1), (32_000, 4)])
async def test_any_rate_and_channel_count_of_a_card_will_do(
    cards: Path, plug_in: PlugIn, rate: int, channels: int, converts: bool
) -> None:
    card = SimCard(cards / "odd", rate=rate, channels=(channels, channels))
    plug_in(intercom_mic=card, intercom_speaker=card, converts=converts)
    card.hum(1000)
    async with voice_of() as (voice, _):
        sink = Recorder()
        voice.connect(sink, Hum(440))
        heard = await sink.hears(1000)
        assert heard.dbfs == pytest.approx(-12, abs=0.5)
        assert (await until_heard(card, 440)).dbfs == pytest.approx(-12, abs=0.5)
        if not converts:
            assert voice.status()["playback"]["rate"] == rate
            assert voice.status()["playback"]["channels"] == channels


@pytest.mark.parametrize("frame_ms", [10, 20])
async def test_mute_sends_zeros_at_once_and_unmute_brings_the_voice_back(plugged: SimCard, frame_ms: int) -> None:
    plugged.hum(1000)
    async with voice_of() as (voice, _):
        sink = Recorder(frame_ms)
        voice.connect(sink, Hum(440))
        await sink.hears(1000)
        voice.mute(True)
        assert is_silent((await sink.next(13))[3:])  # one period may have been on its way
        voice.mute(False)
        await sink.hears(1000)
        voice.mute(True)
        voice.connect(sink, Hum(440))
        await sink.hears(1000)


async def test_xruns_are_counted_and_the_sound_goes_on(plugged: SimCard) -> None:
    plugged.hum(1000)
    async with voice_of() as (voice, _):
        sink = Recorder()
        voice.connect(sink, Hum(440))
        await sink.hears(1000)
        plugged.skip(500)
        await sink.next(5)
        await sink.hears(1000)
        await until_heard(plugged, 440)
        assert min(plugged.xruns()) > 0
        assert min(voice.status()[side]["xruns"] for side in ("capture", "playback")) > 0


async def test_a_missing_pcm_leaves_the_call_one_way(card: SimCard, plug_in: PlugIn) -> None:
    plug_in(intercom_speaker=card)
    async with voice_of() as (voice, events):
        event = await events.expect("capture", "missing")
        assert "There is no PCM intercom_mic" in event.why
        assert "arecord -L" in event.why
        sink = Recorder()
        voice.connect(sink, Hum(440))
        assert is_silent(await sink.next(10))
        await until_heard(card, 440)
        assert voice.status()["capture"]["state"] == "missing"


async def test_a_busy_pcm_says_so_and_is_taken_when_it_is_free(plugged: SimCard) -> None:
    plugged.hum(1000)
    async with voice_of() as (first, _), voice_of() as (second, events):
        sink = Recorder()
        first.connect(sink, Hum(440))
        await sink.hears(1000)
        second.connect(sink := Recorder(), Hum(440))
        event = await events.expect("capture", "busy")
        assert "Another program holds PCM intercom_mic" in event.why
        first.disconnect()
        await events.expect("capture", "open")
        await sink.hears(1000)


async def test_a_card_may_be_pulled_out_and_put_back_during_a_call(plugged: SimCard) -> None:
    plugged.hum(1000)
    async with voice_of() as (voice, events):
        sink, source = Recorder(), Hum(440)
        voice.connect(sink, source)
        await sink.hears(1000)
        plugged.unplug()
        for side, name in (("capture", "mic"), ("playback", "speaker")):
            event = await events.expect(side, "open", "missing")
            assert event.why.startswith(f"The sound card of PCM intercom_{name} is not there.")
        assert is_silent((await sink.next(11))[1:])
        pulled = source.samples
        await until(lambda: source.samples > pulled + RATE // 10, what="the source being pulled on")
        plugged.plug_in()
        for side in ("capture", "playback"):
            await events.expect(side, "open")
        await sink.hears(1000)
        await until_heard(plugged, 440)


async def test_a_call_goes_on_after_a_sleep_of_the_machine(plugged: SimCard) -> None:
    plugged.hum(1000)
    async with voice_of() as (voice, _):
        sink = Recorder()
        voice.connect(sink, Hum(440))
        await sink.hears(1000)
        await until_heard(plugged, 440)
        before = {side: voice.status()[side]["xruns"] for side in ("capture", "playback")}
        plugged.suspend()
        await sink.next(5)
        await sink.hears(1000)
        await until_heard(plugged, 440)
        for side, xruns in before.items():
            status = voice.status()[side]
            assert (status["state"], status["xruns"] > xruns) == ("open", True)


async def test_an_idle_station_notices_that_a_missing_card_came(plugged: SimCard) -> None:
    plugged.unplug()
    async with voice_of() as (voice, events):
        await events.expect("capture", "missing")
        plugged.plug_in()
        await events.expect("capture", "idle")
        assert voice.status()["capture"]["why"] == ""


async def test_without_any_microphone_a_test_voice_speaks(card: SimCard, plug_in: PlugIn) -> None:
    plug_in(intercom_speaker=card)
    async with voice_of(test_voice=True) as (voice, events):
        event = await events.expect("capture", "test voice")
        assert "There is no PCM intercom_mic" in event.why
        sink = Recorder()
        voice.connect(sink, Hum(440))
        melody = listen(join(await sink.next(120)))
        assert melody.dbfs == pytest.approx(-27, abs=3)
        assert any(melody.is_tone(hertz) for note in CADENCES["test voice"].notes for hertz in note.hertz)
        voice.mute(True)
        assert is_silent((await sink.next(6))[1:])


async def test_an_idle_voice_uses_no_processor_time(plugged: SimCard) -> None:
    async with voice_of() as (voice, events):
        voice.connect(Recorder(), Hum(440))
        await until_heard(plugged, 440)
        voice.disconnect()
        await events.expect("playback", "open", "idle")
        clocks = [time.pthread_getcpuclockid(thread.ident) for thread in sides() if thread.ident]
        before = [time.clock_gettime(clock) for clock in clocks]
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(events.expect("playback", "open"), timeout=1)
        assert len(clocks) == 2
        assert max(time.clock_gettime(clock) - start for clock, start in zip(clocks, before, strict=True)) < 0.005


async def test_leaving_in_the_middle_of_a_call_leaves_nothing_behind(plugged: SimCard) -> None:
    async with voice_of() as (voice, _):
        voice.connect(Recorder(), Hum(440))
        voice.play("ringtone")
        await until_heard(plugged, 440)
        assert len(sides()) == 2
    assert not sides()
    async with voice_of() as (voice, events):
        voice.connect(Recorder(), Hum(440))
        assert (await events.expect("playback", "open")).why == ""


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_a_thread_that_a_bug_ends_is_shown_as_failed(plugged: SimCard) -> None:
    class Broken:
        frame_ms = 20

        def put(self, frame: bytes) -> None:
            raise ZeroDivisionError

    async with voice_of() as (voice, events):
        voice.connect(Broken(), Hum(440))
        event = await events.expect("capture", "open", "failed")
        assert event.why == "The capture thread ended by a mistake in this program."
        await until_heard(plugged, 440)


def sides() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name in {"capture", "playback"}]
