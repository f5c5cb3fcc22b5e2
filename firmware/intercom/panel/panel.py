"""The panel as one part: opens pins, buttons and ring, and stays dark where the pins can't be used."""

import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self

from intercom.errors import ConflictError, PinError, RefusedError, UsageError
from intercom.panel.buttons import Buttons
from intercom.panel.contacts import Contacts
from intercom.panel.events import Contact, PanelEvent
from intercom.panel.patterns import Light
from intercom.panel.pins import (
    NO_DOOR,
    button_pins,
    contact_pins,
    is_simulated,
    open_factory,
    simulated,
    simulated_door,
)
from intercom.panel.ring import Ring
from intercom.panel.sim_pins import SimFactory
from intercom.settings import schema

logger = logging.getLogger(__name__)


class Panel:
    """An async context manager; entering never raises, `status` tells what is wrong.

    The contacts of `door` are read here too, as one thread reads all inputs; its relay is not touched.  `post` and
    `feel` are called in that thread.
    """

    def __init__(
        self,
        settings: schema.Panel,
        post: Callable[[PanelEvent], None],
        *,
        door: schema.Door = NO_DOOR,
        feel: Callable[[Contact], object] = lambda _: None,
    ) -> None:
        self.is_simulated = is_simulated(settings, door)
        self._settings, self._door = simulated(settings, door), simulated_door(settings, door)
        self._pins, self._contacts = button_pins(self._settings), contact_pins(self._door)
        self._post, self._feel = post, feel
        self._why = ""
        self._ring: Ring | None = None
        self._sim: SimFactory | None = None
        self._parts = AsyncExitStack()

    async def __aenter__(self) -> Self:
        try:
            async with AsyncExitStack() as parts:
                await self._open(parts)
                self._parts = parts.pop_all()
        except PinError as error:
            logger.error("the panel is dark: %s", error)  # noqa: TRY400  (an operator's matter, not a bug's)
            self._why = str(error)
            self._ring = None
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._parts.aclose()

    def show(self, light: Light) -> None:
        """Show a light on the ring."""
        if self._ring:
            self._ring.show(light)

    def press(self, button: str) -> None:
        """Press a simulated button, or open the door's contact or the case's.

        Raises UsageError for an unknown button, RefusedError on real pins, ConflictError where the panel is dark.
        """
        self.set(button, is_down=True)

    def release(self, button: str) -> None:
        """Let go of it again; raises as `press`."""
        self.set(button, is_down=False)

    def set(self, button: str, is_down: bool) -> None:
        """Press or release; raises as `press`."""
        pins, number = self._simulated(), self._number(button)
        is_closed = is_down is not (button in self._contacts)  # a door's contact is closed while nothing is up
        (pins.press if is_closed else pins.release)(number)

    def status(self) -> dict[str, Any]:
        """Return what `intercom status` tells of the panel."""
        return {
            "pins": "simulated" if self.is_simulated else "gpio",
            "buttons": list(self._pins),
            "contacts": list(self._contacts),
            "leds": len(self._settings.ring.pins),
            "state": "failed" if self._why else "open",
            "why": self._why,
        }

    async def _open(self, parts: AsyncExitStack) -> None:
        settings = self._settings
        factory = open_factory(settings, self._door)
        parts.callback(factory.close)
        self._ring = await parts.enter_async_context(Ring(settings.ring, factory=factory))
        debounce_s = settings.debounce_ms / 1000
        buttons = Buttons(
            self._pins, self._post, factory=factory, active_low=settings.active_low, debounce_s=debounce_s
        )
        parts.enter_context(buttons)
        parts.enter_context(Contacts(self._contacts, self._feel, factory=factory))
        self._sim = factory if isinstance(factory, SimFactory) else None

    def _simulated(self) -> SimFactory:
        if not self.is_simulated:
            raise RefusedError("The buttons are real, so they are pressed by hand.")
        if self._sim is None:
            raise ConflictError(self._why or "The panel is not open.")
        return self._sim

    def _number(self, button: str) -> int:
        pins = self._pins | self._contacts
        if button not in pins:
            raise UsageError(f"There is no button of that name; there are {', '.join(pins)}.")
        return pins[button]
