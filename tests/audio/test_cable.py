"""A microphone and a speaker on a simulated card: what they agree to, how late sound is, what they survive."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from intercom.audio.alsa import Capture, Playback
from intercom.audio.depth import CALM_FIRST_S, FIRST_MS, MOST_STEPS, Depth
from intercom.audio.frames import silence
from intercom.errors import AudioBusyError, AudioError, AudioMissingError
from tests.rig.simcard import SimCard

PlugIn = Callable[..., None]
CLICK = np.array([20_000], np.int16).tobytes()


def play(speaker: Playback, turns: int = 10) -> int:
    """Play silence; return in how many turns there was a gap."""
    return sum(not speaker.write(silence(speaker.due())) for _ in range(turns))


def underruns(card: SimCard) -> int:
    """Return how many there were: on a busy machine more than a test asks for."""
    return card.xruns()[0]


@pytest.mark.parametrize("converts", [True, False], ids=["plug", "raw"])
@pytest.mark.parametrize(
    ("period_ms", "grain_ms", "due_ms"), [(5, 5, 5), (10, 5, 10), (20, 5, 20), (8, 4, 8), (2, 2, 2)]
)
def test_a_card_that_can_do_all_is_asked_for_what_we_want(
    card: SimCard, plug_in: PlugIn, period_ms: int, grain_ms: int, due_ms: int, converts: bool
) -> None:
    plug_in(one=card, converts=converts)
    with (
        closing(Capture("one", period_ms=period_ms)) as microphone,
        closing(Playback("one", period_ms=period_ms)) as speaker,
    ):
        assert (microphone.shape.rate, microphone.shape.channels) == (48_000, 1)
        assert (microphone.shape.period_ms, microphone.shape.buffer_ms) == (period_ms, 8 * period_ms)
        assert speaker.shape.period_ms == grain_ms
        assert speaker.shape.buffer_ms == pytest.approx(40 + 20, abs=grain_ms)
        assert speaker.due() == due_ms * 48


@pytest.mark.parametrize(
    ("rate", "channels", "period", "depth_ms"),
    [(48_000, 2, 1024, 42.7), (44_100, 2, 441, 20), (16_000, 1, 160, 20), (96_000, 2, 96, 15), (8_000, 1, 400, 100)],
)
def test_a_card_that_can_do_one_thing_alone_is_taken_as_it_is(
    cards: Path, plug_in: PlugIn, rate: int, channels: int, period: int, depth_ms: float
) -> None:
    card = SimCard(cards / "odd", rate=rate, channels=(channels, channels), period=(period, period))
    plug_in(one=card, converts=False)
    with closing(Capture("one", period_ms=20)) as microphone, closing(Playback("one", period_ms=5)) as speaker:
        for side in (microphone, speaker):
            assert (side.shape.rate, side.shape.channels, side.shape.period) == (rate, channels, period)
        assert speaker.depth_ms == pytest.approx(depth_ms, abs=0.5)
        assert play(speaker) == underruns(card)
        heard = sum(len(microphone.read() or b"") for _ in range(10))
        assert heard == pytest.approx(10 * period * 96_000 / rate, abs=500)


@pytest.mark.parametrize(("period_ms", "at_most_ms"), [(5, 10), (10, 5)])
def test_what_is_written_is_asked_for_as_late_as_the_depth_allows(
    card: SimCard, plug_in: PlugIn, period_ms: int, at_most_ms: int
) -> None:
    plug_in(one=card)
    for _ in range(5):
        before = underruns(card)
        with closing(Playback("one", period_ms=period_ms)) as speaker:
            play(speaker)
            due, asked_at = speaker.due(), card.now()
            speaker.write(CLICK + silence(due - 1))
            play(speaker)
            heard = card.played_from(asked_at, card.now() - asked_at)
        if underruns(card) == before:
            break
    else:
        pytest.fail("This machine is too busy to play.")
    assert heard.max() == 20_000
    assert 0 < int(np.argmax(heard)) <= at_most_ms * 48


def test_an_underrun_is_told_once_and_more_is_queued_from_then_on(card: SimCard, plug_in: PlugIn) -> None:
    plug_in(one=card)
    depth = Depth()
    with closing(Playback("one", period_ms=5, depth=depth)) as speaker:
        assert speaker.depth_ms == FIRST_MS
        for _ in range(6):
            play(speaker)
            before = underruns(card)
            card.skip(100)
            assert play(speaker) == underruns(card) - before > 0
            assert speaker.depth_ms == min(40, FIRST_MS + 5 * underruns(card))
            assert speaker.queued_ms() <= speaker.depth_ms
    with closing(Playback("one", period_ms=5, depth=depth)) as speaker:
        assert speaker.depth_ms == 40


def test_after_a_calm_time_less_is_queued_and_nothing_is_lost(card: SimCard, plug_in: PlugIn) -> None:
    plug_in(one=card)
    depth = Depth(MOST_STEPS)
    depth.shrinks(CALM_FIRST_S - 0.1)
    with closing(Playback("one", period_ms=5, depth=depth)) as speaker:
        begin = card.now()
        for number in range(1, 60):
            speaker.write(np.full(speaker.due(), number, np.int16).tobytes())
        assert speaker.depth_ms == 35
        assert speaker.queued_ms() <= 35
        heard = card.played_from(begin, card.now() - begin)
    steps = heard[np.flatnonzero(np.diff(heard)) + 1].tolist()
    assert len(steps) > 40
    assert steps == list(range(1, len(steps) + 1))


def test_a_sleep_of_the_machine_is_survived_and_needs_no_more_depth(card: SimCard, plug_in: PlugIn) -> None:
    plug_in(one=card)
    card.hum(1000)
    with closing(Capture("one", period_ms=20)) as microphone:
        assert microphone.read()
        card.suspend()
        assert microphone.read() is None
        assert any(microphone.read() or b"")
    with closing(Playback("one", period_ms=5)) as speaker:
        play(speaker)
        card.suspend()
        assert play(speaker) >= 1
        assert speaker.depth_ms == FIRST_MS + 5 * underruns(card)


def test_an_overrun_is_told_once_and_what_is_heard_then_is_new(card: SimCard, plug_in: PlugIn) -> None:
    plug_in(one=card)
    with closing(Capture("one", period_ms=20)) as microphone:
        assert microphone.read()
        card.skip(1000)
        card.hum(1000)
        assert microphone.read() is None
        assert all(any(microphone.read() or b"") for _ in range(5))


def test_a_speaker_that_stands_still_is_an_error_and_gets_more_the_next_time(card: SimCard, plug_in: PlugIn) -> None:
    plug_in(one=card)
    depth = Depth()
    with closing(Playback("one", period_ms=5, depth=depth)) as speaker:
        card.stick(True)
        with pytest.raises(AudioError, match="PCM one stands still"):
            play(speaker)
    card.stick(False)
    with closing(Playback("one", period_ms=5, depth=depth)) as speaker:
        play(speaker)
        assert speaker.depth_ms == speaker.shape.buffer_ms >= 150


def test_a_card_that_is_pulled_out_is_missing_on_both_sides_until_it_is_back(card: SimCard, plug_in: PlugIn) -> None:
    plug_in(one=card)
    with closing(Capture("one", period_ms=20)) as microphone, closing(Playback("one", period_ms=5)) as speaker:
        card.unplug()
        for deed in (microphone.read, lambda: play(speaker)):
            with pytest.raises(AudioMissingError, match="The sound card of PCM one is not there"):
                deed()
    for kind in (Capture, Playback):
        with pytest.raises(AudioMissingError):
            kind("one", period_ms=10)
    card.plug_in()
    with closing(Capture("one", period_ms=20)) as microphone, closing(Playback("one", period_ms=5)) as speaker:
        assert microphone.read()
        play(speaker)


def test_each_side_of_a_card_has_one_user(card: SimCard, plug_in: PlugIn) -> None:
    plug_in(one=card)
    with closing(Capture("one", period_ms=20)), closing(Playback("one", period_ms=5)):
        for kind in (Capture, Playback):
            with pytest.raises(AudioBusyError, match="Another program holds PCM one"):
                kind("one", period_ms=10)
