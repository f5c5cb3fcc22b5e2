"""The panel as one part: what goes on when something of it can't be used, and lights that are tried."""

import pytest
from msgspec.structs import replace

from intercom.errors import ConflictError
from intercom.panel import pins
from intercom.panel.panel import Panel
from intercom.panel.patterns import Light
from intercom.panel.pins import SIMULATED_RING
from intercom.panel.sim_pins import SimFactory
from intercom.settings import schema
from tests.panel.clock import ClockLoop, run

SIMULATED = schema.Panel(factory="sim", buttons=schema.Buttons(answer=17), ring=SIMULATED_RING)
GREEN, BLUE, RED = Light("steady", "green"), Light("chase", "blue"), Light("flash-three", "red")


def lit(panel: Panel) -> str:
    """Return which LEDs of the simulated panel are lit."""
    assert isinstance(panel._sim, SimFactory)
    return "".join("#" if panel._sim.level(pin) else "." for pin in SIMULATED_RING.pins)


async def test_buttons_live_on_when_the_ring_can_not_be_used() -> None:
    ring = schema.Ring(kind="gpio", pins=(5, 6, 99))  # no settings file may say so; no Pi has that pin
    edges: list[object] = []
    async with Panel(replace(SIMULATED, ring=ring), edges.append) as panel:
        panel.show(GREEN)
        panel.press("answer")
        status = panel.status()
        with pytest.raises(ConflictError, match="99"):
            panel.try_light(BLUE, 1)
    assert len(edges) == 1
    assert (status["state"], status["why"]) == ("open", "")
    assert (status["ring"]["state"], "99" in status["ring"]["why"]) == ("failed", True)


@pytest.mark.parametrize(
    ("ring", "leds", "state"),
    [
        (schema.Ring(), 0, "off"),
        (SIMULATED_RING, 6, "open"),
        (schema.Ring(kind="gpio", pins=(5, 6, 13), wiring="rgb"), 1, "open"),
        (schema.Ring(kind="apa102", count=60), 60, "open"),
    ],
)
async def test_the_status_tells_of_the_ring(ring: schema.Ring, leds: int, state: str) -> None:
    async with Panel(replace(SIMULATED, ring=ring), lambda _: None) as panel:
        told = panel.status()
    assert (told["leds"], told["ring"]) == (leds, {"state": state, "kind": ring.kind, "why": ""})


def test_a_light_is_tried_for_a_while_and_then_what_is_comes_back() -> None:
    async def scene(loop: ClockLoop) -> None:
        async with Panel(SIMULATED, lambda _: None) as panel:
            panel.show(GREEN)
            panel.try_light(BLUE, 3)
            panel.show(GREEN)
            assert lit(panel) == "#..#.."
            assert panel.status()["ring"]["trial"] == {"pattern": "chase", "colour": "blue", "overlays": ()}
            await loop.until(3.1)
            assert lit(panel) == "######"
            assert "trial" not in panel.status()["ring"]

    run(scene)


def test_what_the_station_shows_anew_takes_the_ring_at_once() -> None:
    async def scene(loop: ClockLoop) -> None:
        async with Panel(SIMULATED, lambda _: None) as panel:
            panel.show(GREEN)
            panel.try_light(RED, 3)
            panel.show(BLUE)
            assert lit(panel) == "#..#.."
            await loop.until(3.2)
            assert lit(panel) == "#..#..", "and nothing of the trial comes back later"

    run(scene)


async def test_without_a_ring_there_is_nothing_to_try() -> None:
    async with Panel(replace(SIMULATED, ring=schema.Ring()), lambda _: None) as panel:
        with pytest.raises(ConflictError, match="no ring"):
            panel.try_light(BLUE, 1)


def test_a_ring_of_a_simulated_panel_may_be_of_any_kind() -> None:
    panel = schema.Panel(ring=schema.Ring(kind="ws2812", count=60))
    assert not pins.is_simulated(panel), "a bus is as real as a pin"
    assert pins.simulated(replace(panel, factory="sim")).ring.leds == 60
