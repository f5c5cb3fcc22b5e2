"""Who sees to the machine that a station runs on: its Wi-Fi, its end, and what only the service button allows."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from intercom.errors import ConflictError, RefusedError
from intercom.panel.panel import Panel
from intercom.station import factory
from intercom.station.rescue import BUTTON
from intercom.station.station import Station

WANTED_S = 60.0  # after a press of the service button
ANSWER_FIRST_S = 0.5


class Wifi(Protocol):
    """The machine's Wi-Fi, as `console.caretaker` has it."""

    async def state(self) -> dict[str, Any]: ...

    async def scan(self) -> list[dict[str, Any]]: ...

    async def join(self, ssid: str, password: str) -> dict[str, Any]: ...

    async def forget(self, ssid: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine: `reboot` starts it anew, `leave` ends the program; `is_lent` where it is somebody's own computer."""

    state: Path
    wifi: Wifi
    reboot: Callable[[], Awaitable[None]]
    leave: Callable[[], None]
    is_lent: bool = False


class Caretaker:
    """Fulfils `console.caretaker.Caretaker`."""

    def __init__(self, machine: Machine, station: Station, panel: Panel) -> None:
        self._machine, self._station, self._panel = machine, station, panel

    async def wifi(self) -> dict[str, Any]:
        """How the Wi-Fi stands."""
        return await self._machine.wifi.state()

    async def networks(self, *, is_now: bool) -> list[dict[str, Any]]:
        """The networks in reach."""
        self.check_call(is_now=is_now)
        return await self._machine.wifi.scan()

    def check_call(self, *, is_now: bool) -> None:
        """Raise ConflictError in a call, unless it may be cut."""
        if self._station.connection and not is_now:
            raise ConflictError("There is a call, which this may cut.", "Do it after the call, or with `--now`.")

    async def join(self, ssid: str, password: str, *, is_now: bool) -> dict[str, Any]:
        """Join a network for good, or be back in the old one."""
        self.check_call(is_now=is_now)
        return await self._machine.wifi.join(ssid, password)

    async def forget(self, ssid: str, *, is_now: bool) -> None:
        """Forget a network."""
        self.check_call(is_now=is_now)
        await self._machine.wifi.forget(ssid)

    async def reboot(self, *, is_now: bool) -> None:
        """Start the machine anew."""
        self._check_own()
        self.check_call(is_now=is_now)
        await self._machine.reboot()

    def check_reset(self, *, is_now: bool) -> None:
        """Raise RefusedError where nobody holds the service button, ConflictError in a call."""
        self._check_own()
        if self._is_faulty() or not self._panel.is_down(BUTTON):
            raise RefusedError(
                "This needs somebody at the station.", "Hold its service button (panel.buttons.service) down meanwhile."
            )
        self.check_call(is_now=is_now)

    async def reset(self, *, is_now: bool) -> None:
        """Have the next start forget all but the wiring, and bring it about."""
        self.check_reset(is_now=is_now)
        await asyncio.to_thread(factory.order, self._machine.state)
        asyncio.get_running_loop().call_later(ANSWER_FIRST_S, self._machine.leave)

    def is_service_wanted(self) -> bool:
        """Whether somebody at the station has pressed the service button just now."""
        pressed_s = self._station.presses.pressed_s.get(BUTTON, -math.inf)
        return not self._is_faulty() and asyncio.get_running_loop().time() - pressed_s < WANTED_S

    def _is_faulty(self) -> bool:
        return BUTTON in self._station.presses.status()["faults"]

    def _check_own(self) -> None:
        if self._machine.is_lent:
            raise RefusedError("A demo runs on somebody's own computer, which it leaves alone.")
