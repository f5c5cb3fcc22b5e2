"""Buttons: contacts on pins, each change posted as an Edge, too many of them as a Flood."""

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import Self

from gpiozero import Factory, InputDevice

from intercom.errors import PinError
from intercom.panel.events import Edge, Flood, PanelEvent
from intercom.panel.pins import refused_pins
from intercom.panel.sieve import Sieve, Verdict

logger = logging.getLogger(__name__)


class Buttons:
    """A context manager that posts the edges of `pins` (names to BCM numbers); entering raises PinError.

    `post` is called in the thread that reads the pins, so it must hop to the loop and nothing more.
    `debounce_s` goes to the kernel, which reports a contact once it was steady for so long.
    """

    def __init__(
        self,
        pins: Mapping[str, int],
        post: Callable[[PanelEvent], object],
        *,
        factory: Factory,
        active_low: bool,
        debounce_s: float,
    ) -> None:
        self._pins = pins
        self._post = post
        self._factory = factory
        self._active_low = active_low
        self._debounce_s = debounce_s
        self._contacts: dict[str, _Contact] = {}
        self._open = ExitStack()

    def __enter__(self) -> Self:
        with refused_pins(), ExitStack() as stack:
            for name, number in self._pins.items():
                device = stack.enter_context(InputDevice(number, pull_up=self._active_low, pin_factory=self._factory))
                # gpiozero keeps only a weak reference to the contact's method.
                self._contacts[name] = _Contact(name, device, self._post, debounce_s=self._debounce_s)
            self._open = stack.pop_all()
        return self

    def look(self, name: str) -> None:
        """Post how the contact of this button stands now, as one that is found so."""
        with suppress(PinError), refused_pins():  # one that can't be read tells nothing
            self._contacts[name].look()

    def is_down(self, name: str) -> bool:
        """Whether the contact of this button is closed now; one that is not there, or can't be read, is not."""
        with suppress(PinError), refused_pins():
            return name in self._contacts and self._contacts[name].is_down
        return False

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()
        self._contacts.clear()


class _Contact:
    """One button's contact: posts that it is closed at start, and each change after that that a finger can make."""

    def __init__(
        self, name: str, device: InputDevice, post: Callable[[PanelEvent], object], *, debounce_s: float
    ) -> None:
        self._name, self._device, self._post = name, device, post
        self._active_low = device.pull_up
        self._sieve = Sieve()
        device.pin.bounce = debounce_s or None
        device.pin.edges = "both"
        device.pin.when_changed = self.changed
        if device.is_active:
            logger.warning("button %s is down at start: it acts once it has been released", name)
            self.look()

    @property
    def is_down(self) -> bool:
        """Whether it is closed now."""
        return bool(self._device.is_active)

    def look(self) -> None:
        """Post how the contact stands now."""
        self._post(Edge(self._name, self._device.is_active, time.monotonic(), is_found=True))

    def changed(self, ticks: float, state: int) -> None:
        """Post the edge; `ticks` are seconds of the monotonic clock, `state` is the pin's level."""
        with suppress(RuntimeError):  # the loop that the edge should go to has closed
            is_down = bool(state) is not self._active_low
            match self._sieve.feed(ticks, is_down=is_down):
                case Verdict.PASS:
                    self._post(Edge(self._name, is_down, ticks))
                case Verdict.TELL:
                    self._post(Flood(self._name, ticks, self._sieve.since))
