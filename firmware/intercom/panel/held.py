"""Whether a button is held down before there is a panel."""

import logging
from collections.abc import Callable

from gpiozero import Factory, InputDevice

from intercom.errors import PinError
from intercom.panel.gpiod_pins import GpiodFactory
from intercom.panel.pins import button_pins, is_simulated, refused_pins
from intercom.settings import schema

logger = logging.getLogger(__name__)


def is_held(panel: schema.Panel, button: str, *, opened: Callable[[], Factory] = GpiodFactory) -> bool:
    """Whether it is down now; one without a pin, a simulated one, and one that can't be read are not.

    No other pin is touched, as those that the settings name may be wrong.
    """
    number = button_pins(panel).get(button)
    if number is None or is_simulated(panel):
        return False
    try:
        with refused_pins(), opened() as pins, InputDevice(number, pull_up=panel.active_low, pin_factory=pins) as pin:
            return bool(pin.is_active)
    except PinError as error:
        logger.warning("the %s button can't be read: %s", button, error)
        return False
