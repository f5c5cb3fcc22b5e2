"""One end of a line on the event loop: bytes in, bytes out, and never a wait for a far end that doesn't read."""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress

STALL_S = 1.0
AT_ONCE = 1024  # bytes: a call's packets wait no longer than these take


class Wire:
    """A non-blocking file; what the other end doesn't take within a second is dropped, until it reads again."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._loop = asyncio.get_running_loop()
        self._is_stalled = False
        self._turn = asyncio.Lock()

    async def read(self) -> bytes:
        """What has arrived; empty at the end.  Raises OSError where the device is gone."""
        while True:
            await self._ready(self._loop.add_reader, self._loop.remove_reader)
            with suppress(BlockingIOError):
                return os.read(self._file, AT_ONCE)

    async def write(self, data: bytes) -> None:
        """Send it; those who write at the same time take turns."""
        if data:
            async with self._turn:
                await self._write(data)

    async def _write(self, data: bytes) -> None:
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
