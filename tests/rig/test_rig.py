"""The rig itself: a card that keeps time, an ear that is exact."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import numpy as np
import pytest

from intercom.audio.pcm import Direction, Pcm
from tests.rig.ear import Heard, find, hear, listen, mouth_to_ear_ms, until_heard, until_silent
from tests.rig.simcard import RING, SimCard

PlugIn = Callable[..., None]


def test_a_tone_is_told_by_its_frequency_and_level() -> None:
    sine = (32767 * np.sin(2 * np.pi * 1000 * np.arange(9600) / 48_000)).astype(np.int16)
    heard = listen(sine)
    assert heard.is_tone(1000)
    assert heard.dbfs == pytest.approx(-3.01, abs=0.01)
    assert listen(np.zeros(960, np.int16)) == Heard(0.0, -100.0)


def test_a_pattern_is_found_where_it_is_and_not_where_it_is_not() -> None:
    noise = np.random.default_rng(1).integers(-1000, 1000, 20_000).astype(np.int16)
    pattern = noise[7000:9000] * 3
    assert find(pattern, noise) == 7000
    assert find(pattern, noise[9000:]) is None


def test_a_hum_fits_the_ring_so_that_it_goes_on_without_a_seam(card: SimCard) -> None:
    hertz = card.hum(1000)
    assert hertz == pytest.approx(1000, abs=0.03)
    assert hertz * RING / card.rate == pytest.approx(round(hertz * RING / card.rate))


def test_a_card_keeps_its_own_time(cards: Path) -> None:
    fast = SimCard(cards / "fast", ppm=200)
    begin = fast.moment_ns(0)
    assert fast.time_at(begin + 10**10) == pytest.approx(480_096, abs=1)
    assert fast.time_at(fast.moment_ns(123_456)) == pytest.approx(123_456, abs=1)


async def test_sound_between_two_cards_is_timed_and_what_stops_is_silent(cards: Path, plug_in: PlugIn) -> None:
    mouth, ear = SimCard(cards / "mouth"), SimCard(cards / "ear", rate=44_100)
    plug_in(mouth=mouth, ear=ear)
    mouth.hum(1000)
    async with wire():
        await until_heard(ear, 1000)
        delays = [await mouth_to_ear_ms(mouth, ear, within_ms=200) for _ in range(2)]
        assert delays[0] is not None
        assert 40 <= delays[0] <= 120  # a period of capture, three to four of playback
        assert delays[1] == pytest.approx(delays[0], abs=41)
    await until_silent(ear)
    assert await mouth_to_ear_ms(mouth, ear, within_ms=200) is None
    assert hear(ear).dbfs == -100


def test_a_card_has_one_opener_for_each_direction(card: SimCard, plug_in: PlugIn) -> None:
    plug_in(one=card)
    first = opened("one", Direction.CAPTURE)
    with pytest.raises(OSError, match="busy"):
        opened("one", Direction.CAPTURE)
    opened("one", Direction.PLAYBACK).close()
    first.close()
    opened("one", Direction.CAPTURE).close()


def test_a_card_that_is_pulled_out_can_neither_be_read_nor_opened(card: SimCard, plug_in: PlugIn) -> None:
    plug_in(one=card)
    pcm = opened("one", Direction.CAPTURE)
    card.unplug()
    with pytest.raises(OSError, match="No such device"):
        pcm.read()
    pcm.close()
    with pytest.raises(OSError, match="No such device"):
        opened("one", Direction.CAPTURE)


def test_a_card_that_sleeps_ends_what_ran_until_it_is_prepared(card: SimCard, plug_in: PlugIn) -> None:
    plug_in(one=card)
    with closing(opened("one", Direction.CAPTURE)) as pcm:
        assert len(pcm.read()) == 1920
        card.suspend()
        for _ in range(2):
            with pytest.raises(OSError, match="Streams pipe error"):
                pcm.read()
        pcm.prepare()
        assert len(pcm.read()) == 1920


def test_a_card_that_is_stuck_lets_nobody_go_on(card: SimCard, plug_in: PlugIn) -> None:
    plug_in(one=card)
    with closing(opened("one", Direction.PLAYBACK)) as pcm:
        pcm.write(bytes(pcm.shape.buffer * 2))
        assert pcm.wait(1000)
        card.stick(True)
        pcm.write(bytes(pcm.shape.period * 2))
        pcm.wake_at(pcm.shape.buffer)
        assert not pcm.wait(200)


def opened(name: str, direction: Direction) -> Pcm:
    """Open a PCM with four periods of 20 ms."""
    return Pcm(name, direction, rate=48_000, period=960, buffer=3840)


@asynccontextmanager
async def wire() -> AsyncIterator[None]:
    """Carry sound from the PCM `mouth` to the PCM `ear`."""
    capture, playback = opened("mouth", Direction.CAPTURE), opened("ear", Direction.PLAYBACK)
    is_open = True

    def carry() -> None:
        playback.write(bytes(3 * 2 * 960))
        while is_open:
            playback.write(capture.read())

    carrying = asyncio.create_task(asyncio.to_thread(carry))
    try:
        yield
    finally:
        is_open = False
        await carrying
        capture.close()
        playback.close()
