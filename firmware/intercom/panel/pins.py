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


def button_pins(panel: schema.Panel) -> dict[str, int]:
    """The buttons that are there, with their BCM numbers."""
    return {name: pin for name, pin in msgspec.structs.asdict(panel.buttons).items() if pin is not None}


def is_simulated(panel: schema.Panel) -> bool:
    """Whether the panel's pins can be pressed from outside."""
    return panel.factory == "sim" or (panel.factory == "auto" and not _named(panel))


def simulated(panel: schema.Panel) -> schema.Panel:
    """The panel as it is built: a simulated one that names no pin gets the suggested buttons and LEDs."""
    if not is_simulated(panel) or _named(panel):
        return panel
    return msgspec.structs.replace(panel, factory="sim", buttons=SIMULATED_BUTTONS, ring=SIMULATED_RING)


def open_factory(panel: schema.Panel) -> Factory:
    """Open the panel's pins: a GpiodFactory or a SimFactory, to be closed; raises PinError."""
    parts: dict[int, str] = {}
    for part, pin in _named(panel):
        if pin in parts:
            raise PinError(
                f"GPIO {pin} is named twice, by {parts[pin]} and by {part}.", "Wire one of them to another pin."
            )
        parts[pin] = part
    return SimFactory() if is_simulated(panel) else GpiodFactory()


@contextmanager
def refused_pins() -> Iterator[None]:
    """Raise what gpiozero refuses as PinError."""
    try:
        yield
    except GPIOZeroError as error:
        raise PinError(f"The pins can't be used so: {error}.", "Correct the pins in [panel].") from error


def _named(panel: schema.Panel) -> list[tuple[str, int]]:
    """Every pin that the settings name, with the path that names it."""
    buttons = [(f"panel.buttons.{name}", pin) for name, pin in button_pins(panel).items()]
    return buttons + [("panel.ring.pins", pin) for pin in panel.ring.pins]
