"""The contacts of a door and of a case: closed, to ground, while all is well, so that a cut wire tells too."""

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import Self

from gpiozero import Factory, InputDevice

from intercom.panel.events import Contact
from intercom.panel.pins import refused_pins
from intercom.panel.sim_pins import SimFactory

DEBOUNCE_S = 0.05  # a door that falls shut bounces longer than a button


class Contacts:
    """A context manager that posts what the contacts on `pins` (names to BCM numbers) do, beginning with how they are.

    Entering raises PinError.  `post` is called in the thread that reads the pins.
    """

    def __init__(self, pins: Mapping[str, int], post: Callable[[Contact], object], *, factory: Factory) -> None:
        self._pins, self._post, self._factory = pins, post, factory
        self._sensors: list[_Sensor] = []
        self._open = ExitStack()

    def __enter__(self) -> Self:
        with refused_pins(), ExitStack() as stack:
            for name, number in self._pins.items():
                device = stack.enter_context(InputDevice(number, pull_up=True, pin_factory=self._factory))
                if isinstance(self._factory, SimFactory):
                    self._factory.press(number)  # a simulated door is shut
                # gpiozero keeps only a weak reference to the sensor's method.
                self._sensors.append(_Sensor(name, device, self._post))
            self._open = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()
        self._sensors.clear()


class _Sensor:
    """One contact: posts how it is, then each change."""

    def __init__(self, name: str, device: InputDevice, post: Callable[[Contact], object]) -> None:
        self._name, self._post = name, post
        device.pin.bounce = DEBOUNCE_S
        device.pin.edges = "both"
        device.pin.when_changed = self.changed
        post(Contact(name, device.is_active, time.monotonic(), is_at_start=True))

    def changed(self, ticks: float, state: int) -> None:
        """Post it; `ticks` are seconds of the monotonic clock, `state` is the pin's level."""
        with suppress(RuntimeError):  # the loop that it should go to has closed
            self._post(Contact(self._name, not state, ticks))
