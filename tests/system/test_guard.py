"""A whole station whose lock is open when it comes to its end: the lock is locked, by whoever is left."""

import asyncio
import os
import select
import signal
from pathlib import Path

import pytest

from tests.system.house import House

LOCKED = "The lock is safe, its line low. The station is gone."
WITHIN_S = 20.0


def guards_of(station: int) -> list[int]:
    """Return the processes that a station has started: its guard, or none while that is lost."""
    return [int(child) for child in Path(f"/proc/{station}/task/{station}/children").read_text().split()]


async def gone(process: int) -> None:
    """Wait until a process that is not ours has ended."""
    try:
        fd = os.pidfd_open(process)
    except ProcessLookupError:
        return
    assert await asyncio.to_thread(select.select, [fd], [], [], WITHIN_S) == ([fd], [], [])
    os.close(fd)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGABRT])
async def test_however_a_station_ends_its_lock_is_locked(house: House, number: signal.Signals) -> None:
    await house.ask("door", "open")
    (guard,) = guards_of(house.station.pid)
    os.kill(house.station.pid, number)
    await asyncio.gather(gone(guard), house.station.ends())
    assert house.station.log.splitlines()[-1] == LOCKED
    assert ("Fatal Python error: Aborted" in house.station.log) is (number is signal.SIGABRT)


async def test_a_guard_that_is_killed_has_a_successor_that_opens(house: House) -> None:
    (guard,) = guards_of(house.station.pid)
    os.kill(guard, signal.SIGKILL)
    await gone(guard)
    await house.tells(
        lambda status: status["door"]["lock"] == "locked" and guards_of(house.station.pid) not in ([], [guard])
    )
    await house.ask("door", "open")
    await house.tells(lambda status: status["door"]["lock"] == "open")
