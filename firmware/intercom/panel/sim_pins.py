"""Simulated pins: gpiozero's mock, pressed and read from outside by BCM number."""

from gpiozero.pins.mock import MockFactory, MockPin

from intercom.errors import PinError


class SimFactory(MockFactory):  # type: ignore[misc]
    """Pins without hardware; their edges are posted in the thread that presses."""

    def press(self, number: int) -> None:
        """Close the contact on this pin; raises PinError where there is none."""
        pin = self._contact(number)
        (pin.drive_low if pin.pull == "up" else pin.drive_high)()

    def release(self, number: int) -> None:
        """Open it again."""
        pin = self._contact(number)
        (pin.drive_high if pin.pull == "up" else pin.drive_low)()

    def level(self, number: int) -> bool:
        """Whether this pin is high."""
        return bool(self.pin(number).state)

    def _contact(self, number: int) -> MockPin:
        pin = self.pin(number)
        if pin.function != "input" or pin.pull == "floating":
            raise PinError(f"GPIO {number} has no button.", "`intercom status` names the buttons.")
        return pin
