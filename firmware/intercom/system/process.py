"""A program's life: from its first log line to the signal that ends it."""

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from intercom.system.journal import journal


def live(life: Coroutine[Any, Any, None], *, log_level: str) -> None:
    """Run until it ends, or until SIGTERM or SIGINT cancels it; log meanwhile."""
    with journal(log_level):
        asyncio.run(_until_told(life))


async def _until_told(life: Coroutine[Any, Any, None]) -> None:
    task = asyncio.ensure_future(life)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    with suppress(asyncio.CancelledError):
        await task
