"""The contacts of door and case: read where they stand, told when they move; on a simulated panel they are pressed."""

import queue
from datetime import timedelta

import pytest
from gpiod.line import Bias, Value
from msgspec.structs import replace

from intercom.errors import PinError, UsageError
from intercom.panel import pins
from intercom.panel.contacts import Contacts
from intercom.panel.events import Contact
from intercom.panel.gpiod_pins import GpiodFactory
from intercom.panel.panel import Panel
from intercom.panel.sim_pins import SimFactory
from intercom.settings import schema
from tests.panel.fake_chip import FakeChip

PINS = {"contact": 4, "tamper": 7}
PANEL, BUTTON = schema.Panel(), schema.Panel(buttons=schema.Buttons(answer=17))
DOOR = schema.Door(pin=26, contact=4)


@pytest.mark.parametrize(
    ("panel", "door", "is_simulated", "pin"),
    [
        (PANEL, schema.Door(), True, 26),  # where nothing is wired there is a whole door to be tried
        (PANEL, DOOR, False, 26),
        (BUTTON, schema.Door(), False, None),
        (replace(PANEL, factory="sim"), schema.Door(), True, 26),
        (replace(PANEL, factory="sim"), schema.Door(pin=9), True, 9),
        (replace(BUTTON, factory="sim"), schema.Door(), True, None),
        (replace(PANEL, factory="gpiod"), schema.Door(), False, None),
    ],
)
def test_a_relay_is_real_as_soon_as_any_pin_is_named(
    panel: schema.Panel, door: schema.Door, is_simulated: bool, pin: int | None
) -> None:
    assert pins.is_simulated(panel, door) is is_simulated
    assert pins.simulated_door(panel, door).pin == pin


@pytest.mark.parametrize("door", [schema.Door(pin=17), schema.Door(pin=26, contact=17), schema.Door(pin=26, tamper=17)])
def test_a_door_on_a_button_s_pin_is_refused(door: schema.Door) -> None:
    with pytest.raises(PinError, match=r"GPIO 17 is named twice, by panel\.buttons\.answer and by door\."):
        pins.open_factory(BUTTON, door)


def test_a_contact_tells_how_it_stands_and_each_change_with_its_time() -> None:
    chip, told = FakeChip(), queue.Queue[Contact]()
    with GpiodFactory(lambda: chip) as factory, Contacts(PINS, told.put, factory=factory):
        for name in PINS:  # a wire that is cut, or leads nowhere, is an open contact
            first = told.get(timeout=5)
            assert (first.name, first.is_closed, first.is_at_start) == (name, False, True)
        settings = chip.lines[4].settings
        assert (settings.bias, settings.debounce_period) == (Bias.PULL_UP, timedelta(milliseconds=50))
        chip.lines[4].change(Value.INACTIVE, at=7.5)
        assert told.get(timeout=5) == Contact("contact", is_closed=True, at=7.5)
        chip.lines[7].change(Value.ACTIVE, at=8.5)
        assert told.get(timeout=5) == Contact("tamper", is_closed=False, at=8.5)
    assert chip.lines[4].is_released


def test_a_simulated_door_is_shut_at_first() -> None:
    told = list[Contact]()
    with SimFactory() as factory, Contacts(PINS, told.append, factory=factory):
        assert [(contact.name, contact.is_closed, contact.is_at_start) for contact in told] == [
            ("contact", True, True),
            ("tamper", True, True),
        ]


async def test_to_press_a_contact_is_to_open_the_door() -> None:
    told = list[Contact]()
    async with Panel(schema.Panel(), lambda _: None, door=schema.Door(), feel=told.append) as panel:
        assert panel.status()["contacts"] == ["contact", "tamper"]
        told.clear()
        panel.press("contact")
        panel.press("tamper")
        panel.release("contact")
    assert [(contact.name, contact.is_closed) for contact in told] == [
        ("contact", False),
        ("tamper", False),
        ("contact", True),
    ]


async def test_a_panel_whose_door_has_no_contact_has_none_to_press() -> None:
    panel = schema.Panel(factory="sim", buttons=schema.Buttons(answer=17))
    async with Panel(panel, lambda _: None, door=schema.Door(pin=26)) as made:
        assert made.status()["contacts"] == []
        with pytest.raises(UsageError, match="there are answer"):
            made.press("contact")
