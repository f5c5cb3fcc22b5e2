"""Whether a button is held down before there is a panel."""

import logging
import time
from collections.abc import Callable

from gpiozero import Factory, InputDevice

from intercom.errors import PinError
from intercom.panel.gpiod_pins import GpiodFactory
from intercom.panel.pins import button_pins, is_simulated, refused_pins
from intercom.settings import schema

# The weak resistor that pulls the line away from its contact first charges the cable: it takes a while to be believed.
LOOKS, EVERY_S = 5, 0.03

logger = logging.getLogger(__name__)


def is_held(
    panel: schema.Panel,
    button: str,
    *,
    opened: Callable[[], Factory] = GpiodFactory,
    wait: Callable[[float], None] = time.sleep,
) -> bool:
    """Whether it is down, and stays so for 150 ms; one without a pin, a simulated and an unreadable one are not.

    No other pin is touched, as those that the settings name may be wrong.  Blocks.
    """
    number = button_pins(panel).get(button)
    if number is None or is_simulated(panel):
        return False
    try:
        with refused_pins(), opened() as pins, InputDevice(number, pull_up=panel.active_low, pin_factory=pins) as pin:
            return all(_is_down(pin, wait) for _ in range(LOOKS))
    except PinError as error:
        logger.warning("the %s button can't be read: %s", button, error)
        return False


def _is_down(pin: InputDevice, wait: Callable[[float], None]) -> bool:
    wait(EVERY_S)
    return bool(pin.is_active)
