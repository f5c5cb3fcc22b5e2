"""The ring of discrete LEDs, on gpiozero's simulated pins and a clock that jumps."""

import pytest
from gpiozero import LED, Device
from gpiozero.pins.mock import MockPin

from intercom.errors import PinError
from intercom.panel.patterns import FRAME_S, OFF, Light
from intercom.panel.ring import Ring
from intercom.panel.sim_pins import SimFactory
from intercom.settings import schema
from tests.panel.clock import ClockLoop, run

PINS = (5, 6, 12, 13, 16, 25)
SIX = schema.Ring(kind="gpio", pins=PINS)
GREEN = Light("steady", "green")


class CountingPin(MockPin):  # type: ignore[misc]
    """A pin that counts how often its level is written."""

    writes = 0

    def _set_state(self, value: bool) -> None:
        self.writes += 1
        super()._set_state(value)


def levels(factory: SimFactory) -> str:
    return "".join("#" if factory.level(pin) else "." for pin in PINS)


def test_a_chase_runs_clockwise() -> None:
    async def scene(loop: ClockLoop) -> None:
        factory, seen = SimFactory(), []
        async with Ring(SIX, factory=factory) as ring:
            ring.show(Light("chase", "blue"))
            for step in range(4):
                await loop.until(0.15 * step + 0.05)
                seen.append(levels(factory))
        assert seen == ["#..#..", ".#..#.", "..#..#", "#..#.."]

    run(scene)


def test_only_what_changes_is_written() -> None:
    async def scene(loop: ClockLoop) -> None:
        factory = SimFactory(pin_class=CountingPin)
        async with Ring(SIX, factory=factory) as ring:
            for pin in map(factory.pin, PINS):
                pin.clear_states()
                pin.writes = 0
            for light in (Light("spin", "white"), Light("swing", "amber"), GREEN, Light("breathe", "white")):
                ring.show(light)
                await loop.until(loop.now + 10)
            for pin in map(factory.pin, PINS):
                assert pin.writes == len(pin.states) - 1, "the first is where it stood"
                assert pin.writes > 20

    run(scene)


@pytest.mark.parametrize("light", [OFF, GREEN, Light("steady", "green", ("muted",)), Light("flash-long", "red")])
def test_a_light_that_stands_still_wakes_nobody(light: Light) -> None:
    async def scene(loop: ClockLoop) -> None:
        async with Ring(SIX, factory=SimFactory()) as ring:
            ring.show(light)
            await loop.until(1.5)
            wakes = loop.wakes
            await loop.until(100)
            assert loop.wakes - wakes == 1, "the test's own"

    run(scene)


@pytest.mark.parametrize("pattern", ["spin", "breathe", "swing", "chase", "heartbeat", "blink"])
def test_a_light_that_moves_wakes_the_loop_at_most_thirty_times_a_second(pattern: str) -> None:
    async def scene(loop: ClockLoop) -> None:
        async with Ring(SIX, factory=SimFactory()) as ring:
            ring.show(Light(pattern, "white"))
            await loop.until(20)
            assert 0 < loop.wakes <= 20 / FRAME_S + 1

    run(scene)


def test_a_new_light_begins_at_its_beginning_and_replaces_the_old() -> None:
    async def scene(loop: ClockLoop) -> None:
        factory = SimFactory()
        async with Ring(SIX, factory=factory) as ring:
            ring.show(Light("chase", "blue"))
            await loop.until(7.0)
            ring.show(Light("flash-long", "green"))
            await loop.until(7.9)
            assert levels(factory) == "######"
            await loop.until(8.1)
            assert levels(factory) == "......"
            ring.show(GREEN)
            await loop.until(30)
            assert levels(factory) == "######"

    run(scene)


def test_an_overlay_leaves_the_pattern_where_it_is() -> None:
    async def scene(loop: ClockLoop) -> None:
        factory = SimFactory()
        async with Ring(SIX, factory=factory) as ring:
            ring.show(Light("chase", "blue"))
            await loop.until(0.2)
            assert levels(factory) == ".#..#."
            ring.show(Light("chase", "blue", ("muted",)))
            assert levels(factory) == "#...#.", "the opposite in the quarter at the top"

    run(scene)


def test_leds_that_light_when_their_pin_is_low() -> None:
    async def scene(_: ClockLoop) -> None:
        factory = SimFactory()
        async with Ring(schema.Ring(kind="gpio", pins=PINS, active_high=False), factory=factory) as ring:
            assert levels(factory) == "######"
            ring.show(GREEN)
            assert levels(factory) == "......"

    run(scene)


def test_the_ring_is_dark_before_and_after() -> None:
    async def scene(loop: ClockLoop) -> None:
        factory = SimFactory()
        async with Ring(SIX, factory=factory) as ring:
            assert levels(factory) == "......"
            ring.show(Light("spin", "white"))
            outputs = [factory.pin(pin) for pin in PINS]
        assert [pin.state for pin in outputs] == [False] * 6
        wakes = loop.wakes
        await loop.until(loop.now + 10)
        assert loop.wakes - wakes == 1, "the test's own"

    run(scene)


@pytest.mark.parametrize("settings", [schema.Ring(), schema.Ring(kind="none", pins=PINS), schema.Ring(kind="gpio")])
def test_without_leds_it_shows_nothing_and_wakes_nobody(settings: schema.Ring) -> None:
    async def scene(loop: ClockLoop) -> None:
        async with Ring(settings, factory=SimFactory()) as ring:
            ring.show(Light("spin", "white"))
            await loop.until(10)
            assert loop.wakes == 1, "the test's own"

    run(scene)


def test_a_pin_in_use_is_refused_in_words() -> None:
    async def scene(_: ClockLoop) -> None:
        factory = SimFactory()
        with LED(12, pin_factory=factory), pytest.raises(PinError, match="GPIO12 is already in use"):
            await Ring(SIX, factory=factory).__aenter__()

    run(scene)


def test_gpiozero_never_looks_for_a_factory_of_its_own() -> None:
    async def scene(_: ClockLoop) -> None:
        async with Ring(SIX, factory=SimFactory()) as ring:
            ring.show(GREEN)
        assert Device.pin_factory is None

    run(scene)
