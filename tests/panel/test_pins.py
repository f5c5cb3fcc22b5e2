"""Which pins, and from where: real or simulated, and the words when they can't be had."""

from importlib.metadata import entry_points

import pytest
from gpiozero import Device
from msgspec.structs import replace

from intercom.errors import PinError
from intercom.panel import pins
from intercom.panel.buttons import Buttons
from intercom.panel.events import PanelEvent
from intercom.panel.ring import Ring
from intercom.panel.sim_pins import SimFactory
from intercom.settings.schema import Buttons as ButtonPins
from intercom.settings.schema import Panel
from intercom.settings.schema import Ring as RingPins

NOTHING = Panel()
BUTTON = Panel(buttons=ButtonPins(answer=17))
LED = Panel(ring=RingPins(kind="gpio", pins=(5,)))


@pytest.mark.parametrize(
    ("panel", "is_simulated"),
    [
        (NOTHING, True),
        (BUTTON, False),
        (LED, False),
        (replace(BUTTON, factory="sim"), True),
        (replace(NOTHING, factory="gpiod"), False),
    ],
)
def test_a_panel_is_simulated_when_it_says_so_or_names_no_pin(panel: Panel, is_simulated: bool) -> None:
    assert pins.is_simulated(panel) is is_simulated


def test_a_simulated_panel_that_names_no_pin_gets_all_buttons_and_a_ring() -> None:
    panel = pins.simulated(NOTHING)
    assert pins.button_pins(panel) == {
        "answer": 17, "call": 27, "mute": 22, "door": 23, "service": 24, "reject": 18, "ignore": 19
    }  # fmt: skip
    assert panel.ring.pins == (5, 6, 12, 13, 16, 25)
    assert pins.is_simulated(panel)


@pytest.mark.parametrize("panel", [BUTTON, LED, replace(BUTTON, factory="sim"), replace(NOTHING, factory="gpiod")])
def test_any_other_panel_is_built_as_it_is_named(panel: Panel) -> None:
    assert pins.simulated(panel) == panel


def test_buttons_that_are_left_out_are_not_there() -> None:
    assert pins.button_pins(BUTTON) == {"answer": 17}


@pytest.mark.parametrize(
    ("panel", "words"),
    [
        (
            Panel(factory="sim", buttons=ButtonPins(answer=17, mute=17)),
            "GPIO 17 is named twice, by panel.buttons.answer and by panel.buttons.mute.",
        ),
        (
            Panel(buttons=ButtonPins(answer=5), ring=RingPins(kind="gpio", pins=(5, 6))),
            "GPIO 5 is named twice, by panel.buttons.answer and by panel.ring.pins.",
        ),
        (
            Panel(ring=RingPins(kind="gpio", pins=(5, 5))),
            "GPIO 5 is named twice, by panel.ring.pins and by panel.ring.pins.",
        ),
    ],
)
def test_a_pin_named_twice_is_refused(panel: Panel, words: str) -> None:
    with pytest.raises(PinError) as refused:
        pins.open_factory(panel)
    assert refused.value.message == words


def test_named_pins_without_a_chip_are_refused_never_simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERCOM_GPIOCHIP", "/nonexistent/gpiochip0")
    with pytest.raises(PinError, match="/nonexistent/gpiochip0 can't be opened as a GPIO chip"):
        pins.open_factory(BUTTON)
    assert Device.pin_factory is None


@pytest.mark.parametrize("name", ["sim", "gpiod"])
def test_gpiozero_finds_both_factories_by_name(name: str) -> None:
    (entry,) = entry_points(group="gpiozero_pin_factories", name=name)
    assert entry.load().__module__ == f"intercom.panel.{name}_pins"


async def test_a_whole_simulated_panel() -> None:
    panel, edges = pins.simulated(NOTHING), list[PanelEvent]()
    with pins.open_factory(panel) as factory:
        async with Ring(panel.ring, factory=factory):
            with Buttons(
                pins.button_pins(panel), edges.append, factory=factory, active_low=panel.active_low, debounce_s=0.005
            ):
                for number in pins.button_pins(panel).values():
                    factory.press(number)
    assert [edge.button for edge in edges] == ["answer", "call", "mute", "door", "service", "reject", "ignore"]


def test_pressing_a_pin_without_a_button_is_refused() -> None:
    with pytest.raises(PinError, match="GPIO 4 has no button"):
        SimFactory().press(4)
