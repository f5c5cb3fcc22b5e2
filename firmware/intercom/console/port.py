"""The serial console: a person's session on a serial device that may come and go."""

import asyncio
import errno
import logging
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import serial

from intercom.console.alongside import alongside
from intercom.console.desk import Desk
from intercom.console.operator import Operator
from intercom.console.session import HumanSession
from intercom.errors import SerialError
from intercom.settings import schema

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 2.0
STALL_S = 1.0

REASONS = {
    errno.ENOENT: ("there is no such device", "Plug it in, or set console.port to a name from `ls /dev/serial/by-id`."),
    errno.EACCES: ("no permission", "Add the station's user to the group `dialout`."),
    errno.EAGAIN: ("another program holds it", "Close the program that `fuser -v` names, often a login prompt."),
}

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
                with _opened(self._settings) as port:
                    self._note("open", "")
                    was_heard = await self._converse(port.fileno(), operator)
                self._note("closed", "the other end is gone")
            except SerialError as error:
                self._note("closed", str(error))
            pause_s = FIRST_PAUSE_S if was_heard else min(2 * pause_s, LONGEST_PAUSE_S)
            await asyncio.sleep(pause_s)

    async def _converse(self, file: int, operator: Operator) -> bool:
        """Serve until the other end is gone; whether anything was heard from it."""
        was_heard = False
        wire = _Wire(file)
        session = HumanSession(Desk(operator, f"serial {self._settings.port}"))
        try:
            await wire.write(session.prompt)
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


class _Wire:
    """A non-blocking file; what the other end doesn't take within a second is dropped, until it reads again."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._loop = asyncio.get_running_loop()
        self._is_stalled = False

    async def read(self) -> bytes:
        """What has arrived; empty at the end.  Raises OSError where the device is gone."""
        await self._ready(self._loop.add_reader, self._loop.remove_reader)
        return os.read(self._file, 4096)

    async def write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self._file, rest) :]
                self._is_stalled = False
            except BlockingIOError:
                if self._is_stalled:
                    return
                try:
                    async with asyncio.timeout(STALL_S):
                        await self._ready(self._loop.add_writer, self._loop.remove_writer)
                except TimeoutError:
                    self._is_stalled = True

    async def _ready(self, add: Callable[..., None], remove: Callable[[int], bool]) -> None:
        ready = self._loop.create_future()
        add(self._file, _settle, ready)
        try:
            await ready
        finally:
            remove(self._file)


def _settle(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)


def _opened(settings: schema.Console) -> serial.Serial:
    try:
        return serial.Serial(settings.port, settings.baud, timeout=0, exclusive=True)
    except OSError as error:
        reason, hint = REASONS.get(error.errno or 0, ("it is not a serial device that can be set up", ""))
        raise SerialError(f"The serial port {settings.port} can't be opened: {reason}.", hint) from error
