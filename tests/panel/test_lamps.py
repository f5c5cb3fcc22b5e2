"""Rings on an SPI bus and a single LED of three colours: what they show in time, and why a bus can't be had."""

import os
import stat
from itertools import pairwise
from pathlib import Path

import pytest
from gpiozero.pins.mock import MockFactory

from intercom.errors import PinError
from intercom.panel import patterns, spi
from intercom.panel.patterns import Light
from intercom.panel.ring import Ring
from intercom.panel.sim_pins import SimFactory
from intercom.panel.spi import Bus, open_bus
from intercom.settings import schema
from tests.panel.chains import Chain
from tests.panel.clock import ClockLoop, run

DARK = (0, 0, 0)
TWELVE = schema.Ring(kind="ws2812", count=12, brightness=100, gamma=1.0)
RGB_LED = schema.Ring(kind="gpio", pins=(5, 6, 13), wiring="rgb")


def test_a_ring_on_a_bus_shows_frame_after_frame_and_is_dark_before_and_after() -> None:
    chain = Chain(TWELVE)

    async def scene(loop: ClockLoop) -> None:
        async with Ring(TWELVE, factory=MockFactory(), open_bus=chain.open) as ring:
            ring.show(Light("chase", "blue"))
            await loop.until(0.5)
            ring.show(Light("steady", "green", ("muted",)))
            await loop.until(20.0)

    run(scene)
    chases = [patterns.colours(Light("chase", "blue"), t=0.15 * step, count=12) for step in (0, 1, 2, 3)]
    muted = patterns.colours(Light("steady", "green", ("muted",)), t=0, count=12)
    assert chain.shown() == [(DARK,) * 12, *chases, muted, (DARK,) * 12]
    assert (chain.path, chain.hz) == ("/dev/spidev0.0", 3_300_000)


@pytest.mark.parametrize("pattern", ["spin", "breathe", "swing"])
def test_at_most_thirty_frames_a_second_are_sent_and_none_that_is_like_the_last(pattern: str) -> None:
    chain = Chain(TWELVE)

    async def scene(loop: ClockLoop) -> None:
        async with Ring(TWELVE, factory=MockFactory(), open_bus=chain.open) as ring:
            ring.show(Light(pattern, "white", ("link-lost", "door-open", "missed")))
            await loop.until(3.0)

    run(scene)
    transfers = chain.transfers()
    assert 20 < len(transfers) <= 3 * 30 + 2
    assert all(one != other for one, other in pairwise(transfers[1:]))


def test_a_ring_shows_how_loud_it_is() -> None:
    chain = Chain(TWELVE)

    async def scene(loop: ClockLoop) -> None:
        async with Ring(TWELVE, factory=MockFactory(), open_bus=chain.open) as ring:
            ring.show(Light("meter", "green"))
            for level in (0.5, 0.51, 1.0, 0.0):
                await loop.until(loop.now + 0.05)
                ring.hear(level)

    run(scene)
    lit = [sum(colour != DARK for colour in shown) for shown in chain.shown()]
    assert lit == [0, 1, 6, 12, 1, 0]


@pytest.mark.parametrize(
    ("colour", "levels"),
    [("red", "#.."), ("amber", "##."), ("green", ".#."), ("blue", "..#"), ("violet", "#.#"), ("white", "###")],
)
def test_an_led_of_three_colours_mixes_each_by_switching(colour: str, levels: str) -> None:
    async def scene(_: ClockLoop) -> None:
        factory = SimFactory()
        async with Ring(RGB_LED, factory=factory) as ring:
            ring.show(Light("steady", colour))
            assert "".join("#" if factory.level(pin) else "." for pin in RGB_LED.pins) == levels
        assert RGB_LED.leds == 1

    run(scene)


def test_the_chain_of_a_simulated_panel_opens_no_bus() -> None:
    async def scene(loop: ClockLoop) -> None:
        async with Ring(TWELVE, factory=SimFactory()) as ring:
            ring.show(Light("spin", "white"))
            await loop.until(1.0)

    run(scene)


def test_a_bus_that_is_not_there_says_how_to_switch_it_on() -> None:
    with pytest.raises(PinError, match=r"There is no SPI bus /dev/spidev9\.9\. Switch SPI on"):
        open_bus("/dev/spidev9.9", 1)


def test_a_device_that_is_no_bus_is_told_and_closed() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(PinError, match="/dev/null can't be used as an SPI bus: Inappropriate ioctl"):
        open_bus("/dev/null", 1)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_bus_without_rights_names_the_group(tmp_path: Path) -> None:
    path = tmp_path / "spidev0.0"
    path.touch(mode=0)
    if os.access(path, os.R_OK):  # root may open it: the words must do
        assert "group spi" in spi._REFUSALS[13][1]
        assert stat.S_IMODE(path.stat().st_mode) == 0
    else:
        with pytest.raises(PinError, match="group spi"):
            open_bus(str(path), 1)


def test_a_bus_that_fails_is_told_once_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    bus = Bus(os.open("/dev/full", os.O_WRONLY))
    for _ in range(3):
        bus.send(b"\1")
    bus.close()
    assert [record.message for record in caplog.records] == [
        "the ring can't be written: [Errno 28] No space left on device"
    ]
