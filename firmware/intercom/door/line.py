"""The relay's line, as the guard takes it: at its safe level from the first moment."""

from typing import Protocol

from gpiod import LineSettings
from gpiod.line import Direction, Value

from intercom.door.relay import Relay
from intercom.panel.chips import Chip, open_chip, take_line

CONSUMER = "intercom-door"  # as `gpioinfo` names it


class Line(Protocol):
    """What a relay hangs on; `drive` raises OSError where the line is lost."""

    def drive(self, *, is_open: bool) -> None: ...


class GpioLine:
    """A line of the kernel's: direction and level are one request, so that it never blips.  Raises PinError."""

    def __init__(self, relay: Relay, chip: Chip) -> None:
        self._line = relay.line
        self._levels = (Value(relay.is_safe_high), Value(not relay.is_safe_high))
        safe = LineSettings(direction=Direction.OUTPUT, output_value=self._levels[False])
        self._request = take_line(chip, relay.line, safe, consumer=CONSUMER)

    def drive(self, *, is_open: bool) -> None:
        """Drive the level that opens, or the safe one."""
        self._request.set_value(self._line, self._levels[is_open])


class SimulatedLine:
    """No line at all: what the guard tells of it is all there is."""

    def drive(self, *, is_open: bool) -> None:
        """Do nothing."""


def take(relay: Relay) -> Line:
    """Take the line, at its safe level; raises PinError."""
    if relay.is_simulated:
        return SimulatedLine()
    chip = open_chip()
    try:
        return GpioLine(relay, chip)
    finally:
        chip.close()
