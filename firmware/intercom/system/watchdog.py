"""What systemd is told (sd_notify(3)): that the station is there, that its loop goes round, that it ends."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


def notify(words: str) -> None:
    """Tell systemd, if it asks to be told; it never waits, and nothing comes of it when nobody hears."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as speaks, suppress(OSError):
        speaks.sendto(words.encode(), f"\0{address[1:]}" if address.startswith("@") else address)


@asynccontextmanager
async def watched() -> AsyncIterator[None]:
    """Tell systemd that the loop goes round, as often as the unit's WatchdogSec= needs, and then that this ends."""
    pings = asyncio.create_task(_ping())
    try:
        yield
    finally:
        notify("STOPPING=1")
        pings.cancel()
        await asyncio.gather(pings, return_exceptions=True)


async def _ping() -> None:
    limit_us = int(os.environ.get("WATCHDOG_USEC", "0"))
    while limit_us:
        notify("WATCHDOG=1")
        await asyncio.sleep(limit_us / 1e6 / 4)
