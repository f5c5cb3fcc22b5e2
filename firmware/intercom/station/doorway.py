"""The door within the station: what opens it, what is shown and heard of it, and of the door at the other end."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from intercom.call.connection import Connection
from intercom.call.device import Device
from intercom.door.events import DoorEvent
from intercom.door.verdict import How
from intercom.errors import DoorError, RefusedError
from intercom.settings.schema import Settings
from intercom.station.actions import Action
from intercom.station.asking import Asking
from intercom.station.dialling import Dialling
from intercom.station.doormail import Result, Told
from intercom.station.gate import Gate
from intercom.station.opening import Lock, Opening, Warden, Wish
from intercom.station.porch import Porch
from intercom.station.view import Shows, Sign

BUTTON = "a button"


class Doorway:
    """A Companion of the station; `run` goes on beside the station's loop, `take` is to get each event of the door.

    `changed` is called when there is something new to be shown.
    """

    def __init__(
        self, settings: Settings, *, lock: Lock, warden: Warden, device: Device, changed: Callable[[], None]
    ) -> None:
        is_exchange_ours = not settings.signaling.is_at_twilio
        clock = asyncio.get_running_loop().time
        self._lock, self._warden, self._device = lock, warden, device
        self._opening = Opening(lock, warden)
        self._porch = Porch(warden, clock=clock)
        self._asking = Asking(changed, clock=clock, is_exchange_ours=is_exchange_ours)
        self._dialling = Dialling(warden, self._opening.wish, clock=clock, takes_inband=settings.door.inband)
        self._gate = Gate(
            warden,
            self._opening.wish,
            has_door=lock.has_lock,
            identity=settings.station.identity,
            is_exchange_ours=is_exchange_ours,
        )

    @property
    def acts(self) -> Mapping[Action, Callable[[], object]]:
        """What buttons can have it do."""
        return {Action.ASK_DOOR: self._ask, Action.OPEN_DOOR: self._open_by_button}

    @property
    def signs(self) -> frozenset[Sign]:
        """What is shown of this door, and of the one that was asked for."""
        facts = {
            Sign.DOOR_OPEN: self._lock.is_open,
            Sign.DOOR_HELD: self._porch.alarm,
            Sign.TAMPERED: self._warden.is_tampered or self._lock.is_case_open,
        }
        own = frozenset(sign for sign, is_true in facts.items() if is_true)
        return own | {self._asking.sign} if self._asking.sign else own

    def follow(self, connection: Connection) -> None:
        """Hear of doors in this call."""
        self._asking.follow(connection)
        self._gate.follow(connection)
        if self._lock.has_lock:
            self._dialling.follow(connection)

    def after(self, connection: Connection) -> Shows | None:
        """Nothing is heard of the end of a call that rang until the door was opened: that was heard."""
        return Shows.ENDED_QUIETLY if self._gate.has_let_in(connection) else None

    def due(self) -> float | None:
        """When `tick` has something to do."""
        return min((due for due in (self._asking.due(), self._dialling.due()) if due is not None), default=None)

    def tick(self, now: float) -> None:
        """Do what became due."""
        self._asking.tick(now)
        self._dialling.tick(now)

    def take(self, event: DoorEvent) -> None:
        """Learn what has befallen the door; it is to be shown after that."""
        self._opening.take(event)
        self._porch.take(event)

    async def run(self) -> None:
        """See to who wants the door opened and write down what befalls it, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._opening.run())
            group.create_task(self._porch.run())

    async def open(self, who: str, *, how: How) -> None:
        """Open for a person at the station's console; raises RefusedError or DoorError with the reason."""
        told = await self._opening.fulfil(Wish(partial(self._warden.grant, who, how=how)))
        match told.result:
            case Result.REFUSED:
                raise RefusedError(told.why)
            case Result.FAILED:
                raise DoorError(told.why)

    def status(self) -> dict[str, Any]:
        """Return what `intercom status` tells of it, never a code."""
        return {
            **self._lock.status(),
            **self._warden.status(),
            "alarm": self._porch.alarm,
            "asked": self._asking.status(),
        }

    def _ask(self) -> None:
        self._asking.ask(self._device.active_connection(), is_linked=self._device.is_registered)

    def _open_by_button(self) -> None:
        self._opening.wish(Wish(partial(self._warden.grant, BUTTON, how=How.BUTTON), tell=self._tell))

    def _tell(self, told: Told) -> None:
        """Show why the door stays shut; an open one is seen anyway."""
        if told.result is not Result.OPENED:
            self._asking.show(told)
