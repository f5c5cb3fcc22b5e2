"""The serial console: a person's session on a serial device that may come and go."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

from intercom.console.alongside import alongside
from intercom.console.desk import Desk
from intercom.console.device import Device
from intercom.console.operator import Operator
from intercom.console.session import HumanSession
from intercom.console.wire import Wire
from intercom.errors import SerialError
from intercom.settings import schema

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 2.0
CLOSED_WITHIN_S = 1.0

logger = logging.getLogger(__name__)


class SerialPort:
    """The serial device of the settings, opened again whenever it is back; off where none is named."""

    def __init__(self, settings: schema.Console) -> None:
        self._settings = settings
        self._state, self._why = "off", ""
        self._is_new = asyncio.Event()

    def status(self) -> dict[str, Any]:
        """`port`, `state` (off, open or closed) and `why` it is closed."""
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
        while True:
            self._is_new.clear()
            async with AsyncExitStack() as parts:
                if self._settings.port:
                    await parts.enter_async_context(alongside(self._run(operator)))
                else:
                    self._note("off", "")
                await self._is_new.wait()

    async def _run(self, operator: Operator) -> None:
        pause_s = FIRST_PAUSE_S
        while True:
            was_heard = False
            try:
                async with _opened(self._settings) as device:
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
        session = HumanSession(Desk(operator, f"serial {self._settings.port}"))
        try:
            await wire.write(session.prompt)
            async with alongside(session.stream(wire.write)):
                while received := await wire.read():
                    was_heard = True
                    await session.feed(received, wire.write)
        except OSError as error:
            logger.debug("serial %s: %s", self._settings.port, error)
        return was_heard

    def _note(self, state: str, why: str) -> None:
        if (state, why) != (self._state, self._why):
            logger.info("serial %s: %s %s", self._settings.port, state, why)
            self._state, self._why = state, why


@asynccontextmanager
async def _opened(settings: schema.Console) -> AsyncIterator[Device]:
    """The device; opened and closed in a thread, as a driver may take seconds for either.  Raises SerialError."""
    loop = asyncio.get_running_loop()
    opening = loop.run_in_executor(None, Device, settings.port, settings.baud)
    try:
        device = await asyncio.shield(opening)
    except asyncio.CancelledError:
        opening.add_done_callback(_close_unused)
        raise
    try:
        yield device
    finally:
        closing = loop.run_in_executor(None, device.close)
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSED_WITHIN_S):
                await asyncio.shield(closing)


def _close_unused(opening: asyncio.Future[Device]) -> None:
    with suppress(SerialError):
        opening.result().close()
