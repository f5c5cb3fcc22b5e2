"""Opening and closing a serial device beside the event loop: a driver may take seconds for either."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress

from intercom.console.device import Device
from intercom.errors import SerialError

CLOSED_WITHIN_S = 1.0


class Opener:
    """An async context manager with a thread, in which a device that is still being closed comes before the next."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="serial")

    async def __aenter__(self) -> "Opener":
        return self

    async def __aexit__(self, *_: object) -> None:
        self._thread.shutdown(wait=False)

    @asynccontextmanager
    async def opened(self, path: str, baud: int) -> AsyncIterator[Device]:
        """The device, as long as this lasts; raises SerialError."""
        loop = asyncio.get_running_loop()
        opening = loop.run_in_executor(self._thread, Device, path, baud)
        try:
            device = await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(_close)
            raise
        try:
            yield device
        finally:
            closing = loop.run_in_executor(self._thread, device.close)
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSED_WITHIN_S):
                    await asyncio.shield(closing)


def _close(opening: asyncio.Future[Device]) -> None:
    """Close a device that nobody waits for any more."""
    with suppress(SerialError):
        opening.result().close()
