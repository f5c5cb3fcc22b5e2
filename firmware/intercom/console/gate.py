"""The gate to the serial console: logins are judged in a thread of its own, so that nothing waits for a hash.

Nor does a login wait for a name server or the settings' worker: who comes with a cable comes because something is ill.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from intercom.console.accounts import Name
from intercom.console.porter import Porter
from intercom.console.scram import Exchange
from intercom.console.seat import Entry, Seat
from intercom.errors import RefusedError

P = ParamSpec("P")
T = TypeVar("T")

logger = logging.getLogger(__name__)


class Gate:
    """An async context manager; it outlasts a station's restart, and so do the logins at its seats.

    Its methods raise IntercomError where the files fail; what of that reaches people never tells a right name.
    """

    def __init__(self, state: Path, *, running_s: Callable[[], float] = time.monotonic) -> None:
        self._porter = Porter(state, running_s=running_s)
        self._seats: dict[str, Seat] = {}
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="login")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown()

    def seat(self, port: str) -> Seat:
        """The seat at that serial port, always the same."""
        return self._seats.setdefault(port, Seat(port))

    def place(self, who: str) -> Seat:
        """The seat at the control socket of whom the kernel calls so, always the same."""
        return self._seats.setdefault(who, Seat())

    async def is_fresh(self) -> bool:
        """Whether nobody has chosen a password yet."""
        return await self._do(self._porter.is_fresh)

    async def admit(self, port: str) -> None:
        """Whether somebody may try to log in there; raises RefusedError while it is locked out."""
        await self._do(self._porter.admit, port)

    async def check(self, port: str, name: str, password: str) -> Entry:
        """Judge a typed password; raises RefusedError."""
        return await self._told(port, self._porter.check, port, name, password)

    async def begin(self, port: str, message: str) -> Exchange:
        """Take a program's first message; raises UsageError, RefusedError, ConflictError without any password."""
        return await self._do(self._porter.begin, port, message)

    async def end(self, port: str, exchange: Exchange, message: str) -> tuple[Entry, str]:
        """Take its last message; who it is, and our last one.  Raises UsageError, RefusedError."""
        return await self._told(port, self._porter.end, port, exchange, message)

    async def choose(self, port: str, name: Name, password: str, *, is_very_first: bool = False) -> Entry:
        """Keep a password, and log out who came by the old one elsewhere; raises UsageError, ConflictError."""
        entry = await self._do(self._porter.choose, name, password, is_very_first=is_very_first)
        logger.info("serial %s: the password of %s is changed", port, name)
        for seat in self._seats.values():
            if seat.account == name and seat.port != port:
                seat.leave()
        return entry

    async def _told(self, port: str, judge: Callable[P, T], *args: P.args, **more: P.kwargs) -> T:
        try:
            return await self._do(judge, *args, **more)
        except RefusedError as error:
            logger.info("serial %s: a login was refused: %s", port, error.message)
            raise

    async def _do(self, act: Callable[P, T], *args: P.args, **more: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(act, *args, **more))
