"""Which pins a panel uses, and the gpiozero factory that opens them: a Pi's own (gpiod) or simulated (sim).

Devices are given their factory, so gpiozero never looks for one itself, which would fall back silently.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
from gpiozero import Factory, GPIOZeroError

from intercom.errors import PinError
from intercom.panel.gpiod_pins import GpiodFactory
from intercom.panel.sim_pins import SimFactory
from intercom.settings import schema

SIMULATED_BUTTONS = schema.Buttons(answer=17, call=27, mute=22, door=23, service=24, reject=18, ignore=19)
SIMULATED_RING = schema.Ring(kind="gpio", pins=(5, 6, 12, 13, 16, 25))
SIMULATED_DOOR = {"pin": 26, "contact": 4, "tamper": 7}
NO_DOOR = schema.Door()


def button_pins(panel: schema.Panel) -> dict[str, int]:
    """The buttons that are there, with their BCM numbers."""
    return {name: pin for name, pin in msgspec.structs.asdict(panel.buttons).items() if pin is not None}


def contact_pins(door: schema.Door) -> dict[str, int]:
    """The contacts of door and case that are there, with their BCM numbers."""
    pins = {"contact": door.contact, "tamper": door.tamper}
    return {name: pin for name, pin in pins.items() if pin is not None}


def is_simulated(panel: schema.Panel, door: schema.Door = NO_DOOR) -> bool:
    """Whether panel and door have no real pins, and can be pressed from outside."""
    is_nothing_wired = not _named(panel, door) and not panel.ring.is_spi
    return panel.factory == "sim" or (panel.factory == "auto" and is_nothing_wired)


def simulated(panel: schema.Panel, door: schema.Door = NO_DOOR) -> schema.Panel:
    """The panel as it is built: a simulated one that names no pin gets the suggested buttons and LEDs."""
    if not is_simulated(panel, door) or _named(panel):
        return panel
    ring = panel.ring if panel.ring.is_spi else SIMULATED_RING
    return msgspec.structs.replace(panel, factory="sim", buttons=SIMULATED_BUTTONS, ring=ring)


def simulated_door(panel: schema.Panel, door: schema.Door) -> schema.Door:
    """The door as it is built: where neither panel nor door name a pin, and they are simulated, there is one too."""
    if not is_simulated(panel, door) or _named(panel, door):
        return door
    return msgspec.structs.replace(door, **SIMULATED_DOOR)


def open_factory(panel: schema.Panel, door: schema.Door = NO_DOOR) -> Factory:
    """Open the pins of panel and contacts: a GpiodFactory or a SimFactory, to be closed; raises PinError."""
    parts: dict[int, str] = {}
    for part, pin in _named(panel, door):
        if pin in parts:
            raise PinError(
                f"GPIO {pin} is named twice, by {parts[pin]} and by {part}.", "Wire one of them to another pin."
            )
        parts[pin] = part
    return SimFactory() if is_simulated(panel, door) else GpiodFactory()


@contextmanager
def refused_pins() -> Iterator[None]:
    """Raise what gpiozero refuses as PinError."""
    try:
        yield
    except GPIOZeroError as error:
        raise PinError(f"The pins can't be used so: {error}.", "Correct the pins in [panel].") from error


def _named(panel: schema.Panel, door: schema.Door = NO_DOOR) -> list[tuple[str, int]]:
    """Every pin that the settings name, with the path that names it."""
    named = [(f"panel.buttons.{name}", pin) for name, pin in button_pins(panel).items()]
    named += [("panel.ring.pins", pin) for pin in panel.ring.pins]
    named += [(f"door.{name}", pin) for name, pin in contact_pins(door).items()]
    return named if door.pin is None else [*named, ("door.pin", door.pin)]
