"""A program's life: from its first log line to the signal that ends it."""

import asyncio
import faulthandler
import signal
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from intercom.system.journal import journal


def live(life: Coroutine[Any, Any, None], *, log_level: str) -> None:
    """Run until it ends, or until SIGTERM or SIGINT cancels it; log meanwhile."""
    faulthandler.enable()  # systemd's watchdog ends a blocked loop by SIGABRT: this writes where it stood
    with journal(log_level):
        asyncio.run(_until_told(life))


async def _until_told(life: Coroutine[Any, Any, None]) -> None:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(max_workers=1, thread_name_prefix="worker"))
    task = loop.create_task(life)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    with suppress(asyncio.CancelledError):
        await task
