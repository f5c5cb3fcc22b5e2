"""The panel as one part: opens pins, buttons and ring, and goes without what can't be used."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self

import msgspec

from intercom.errors import ConflictError, PinError, RefusedError, UsageError
from intercom.panel.buttons import Buttons
from intercom.panel.contacts import Contacts
from intercom.panel.events import Contact, PanelEvent
from intercom.panel.patterns import OFF, Light
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
        self._why_dark = ""
        self._light = OFF
        self._tried = OFF
        self._trial: asyncio.TimerHandle | None = None
        self._sim: SimFactory | None = None
        self._buttons: Buttons | None = None
        self._parts = AsyncExitStack()

    async def __aenter__(self) -> Self:
        try:
            async with AsyncExitStack() as parts:
                await self._open(parts)
                self._parts = parts.pop_all()
        except PinError as error:
            logger.error("the panel is dark: %s", error)  # noqa: TRY400  (an operator's matter, not a bug's)
            self._why = str(error)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end_trial()
        await self._parts.aclose()

    def show(self, light: Light) -> None:
        """Show a light on the ring; one that is tried there goes on only as long as this is as it was."""
        if self._trial and light == self._light:
            return
        self._end_trial()
        self._light = light
        if self._ring:
            self._ring.show(light)

    def try_light(self, light: Light, for_s: float) -> None:
        """Show another light until `show` has a new one, `for_s` at most; raises ConflictError without a ring."""
        if not self._ring or not self._settings.ring.leds:
            raise ConflictError(self._why_dark or self._why or "This panel has no ring.", "See `help panel.ring`.")
        self._end_trial()
        self._tried = light
        self._ring.show(light)
        self._trial = asyncio.get_running_loop().call_later(for_s, self._show_again)

    def hear(self, level: float) -> None:
        """Take how loud it is, 0 to 1, which a light may show."""
        if self._ring:
            self._ring.hear(level)

    def look(self, button: str) -> None:
        """Post how the contact of a button stands now."""
        if self._buttons:
            self._buttons.look(button)

    def is_down(self, button: str) -> bool:
        """Whether a button is down now; one that is not there is not."""
        return self._buttons is not None and self._buttons.is_down(button)

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
            "leds": self._settings.ring.leds,
            "ring": self._ring_status(),
            "state": "failed" if self._why else "open",
            "why": self._why,
        }

    async def _open(self, parts: AsyncExitStack) -> None:
        settings = self._settings
        factory = open_factory(settings, self._door)
        parts.callback(factory.close)
        debounce_s = settings.debounce_ms / 1000
        buttons = Buttons(
            self._pins, self._post, factory=factory, active_low=settings.active_low, debounce_s=debounce_s
        )
        self._buttons = parts.enter_context(buttons)
        parts.enter_context(Contacts(self._contacts, self._feel, factory=factory))
        self._sim = factory if isinstance(factory, SimFactory) else None
        try:
            self._ring = await parts.enter_async_context(Ring(settings.ring, factory=factory))
        except PinError as error:
            logger.error("the ring is dark: %s", error)  # noqa: TRY400  (an operator's matter; the buttons live on)
            self._why_dark = str(error)

    def _ring_status(self) -> dict[str, Any]:
        kind = self._settings.ring.kind
        state = "failed" if self._why_dark else "off" if kind == "none" or not self._ring else "open"
        tried = {"trial": msgspec.to_builtins(self._tried)} if self._trial else {}
        return {"state": state, "kind": kind, "why": self._why_dark, **tried}

    def _show_again(self) -> None:
        self._end_trial()
        self.show(self._light)

    def _end_trial(self) -> None:
        if self._trial:
            self._trial.cancel()
        self._trial = None

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
