"""The serial console: a person's session on a serial device that may come and go."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from intercom.console.alongside import alongside
from intercom.console.desk import Desk
from intercom.console.opening import Opener
from intercom.console.operator import Operator
from intercom.console.session import HumanSession
from intercom.console.wire import Wire
from intercom.errors import SerialError
from intercom.settings import schema

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 2.0

logger = logging.getLogger(__name__)


class SerialPort:
    """The serial device of the settings, opened again whenever it is back; off where none is named."""

    def __init__(self, settings: schema.Console) -> None:
        self._settings = settings
        self._state, self._why = "off", ""
        self._is_new = asyncio.Event()

    def status(self) -> dict[str, Any]:
        """`port`, `state` (off, open or closed) and `why` it is closed, or what is wrong at the other end."""
        return {"port": self._settings.port, "state": self._state, "why": self._why}

    @asynccontextmanager
    async def serving(self, operator: Operator) -> AsyncIterator[None]:
        """Serve whoever is at the other end; a device that can't be opened never raises."""
        async with alongside(self._serve(operator)):
            yield

    def take(self, settings: schema.Console) -> None:
        """Serve on the port of these settings from now on; who sits at the old one has left."""
        self._settings = settings
        self._is_new.set()

    async def _serve(self, operator: Operator) -> None:
        async with Opener() as opener:
            while True:
                self._is_new.clear()
                async with AsyncExitStack() as parts:
                    if self._settings.port:
                        await parts.enter_async_context(alongside(self._run(operator, opener)))
                    else:
                        self._note("off", "")
                    await self._is_new.wait()

    async def _run(self, operator: Operator, opener: Opener) -> None:
        pause_s = FIRST_PAUSE_S
        while True:
            was_heard = False
            try:
                async with opener.opened(self._settings.port, self._settings.baud) as device:
                    self._note("open", "")
                    was_heard = await self._converse(device.file, operator)
                self._note("closed", "the other end is gone")
            except SerialError as error:
                self._note("closed", str(error))
            pause_s = FIRST_PAUSE_S if was_heard else pause_s
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _converse(self, file: int, operator: Operator) -> bool:
        """Serve until the other end is gone; whether anything was heard from it."""
        was_heard = False
        wire = Wire(file)
        desk = Desk(operator, f"serial {self._settings.port}", operator.gate.seat(self._settings.port))
        session = HumanSession(desk)
        try:
            await wire.write(session.prompt)
            async with alongside(session.stream(wire.write)):
                while received := await _heard(wire, session):
                    was_heard = True
                    await session.feed(received, wire.write)
                    self._note("open", session.why)
        except OSError as error:
            logger.debug("serial %s: %s", self._settings.port, error)
        desk.logout()  # but who sits there when the station starts anew stays
        return was_heard

    def _note(self, state: str, why: str) -> None:
        if (state, why) != (self._state, self._why):
            logger.info("serial %s: %s %s", self._settings.port, state, why)
            self._state, self._why = state, why


async def _heard(wire: Wire, session: HumanSession) -> bytes:
    """What arrives next, and whatever is due at the session meanwhile."""
    while True:
        try:
            async with asyncio.timeout_at(session.due):
                return await wire.read()
        except TimeoutError:
            await session.tick(wire.write)
