"""How the machine fares: temperature, supply, disk and memory, as the kernel tells."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

from intercom.vital import vital

LOOK_S = 30.0
MB = 1_000_000
HOT_C = 80.0  # a Raspberry Pi slows down from here on
LEAST_DISK_MB, LEAST_MEMORY_MB = 100, 50
SUPPLY = "rpi_volt"  # the kernel's driver of a Raspberry Pi's supply
VERSION = version("intercom")

TOO_LITTLE = {
    "temperature_c": "It is {:.0f} °C hot in there, so that the board slows down: give it air.",
    "undervoltage": "The supply is too weak: use the board's own, and a short cable.",
    "disk_free_mb": "Only {} MB are left on the disk of the state folder.",
    "memory_free_mb": "Only {} MB of memory are left.",
}


class Health:
    """An async context manager that looks every LOOK_S, in a thread; `root` is where /sys and /proc are."""

    def __init__(self, state: Path, *, root: Path = Path("/")) -> None:
        self._state, self._root = state, root
        self._began = time.monotonic()
        self._seen: dict[str, Any] = {}

    async def __aenter__(self) -> Self:
        await self._look()
        self._looking = vital(self._keep_looking(), name="the look at the machine")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._looking.cancel()
        await asyncio.gather(self._looking, return_exceptions=True)

    def status(self) -> dict[str, Any]:
        """Return what stands under `machine` in the snapshot; None: nobody knows.  It changes every LOOK_S at most."""
        return self._seen

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            await self._look()

    async def _look(self) -> None:
        figures = await asyncio.to_thread(look, self._root, self._state)
        uptime_s = int(time.monotonic() - self._began)
        self._seen = {"version": VERSION, "uptime_s": uptime_s, **figures, "warnings": list(_warnings(figures))}


def look(root: Path, state: Path) -> dict[str, Any]:
    """Return the figures of this moment.  Blocks."""
    return {
        "boot_s": _boot_s(root),
        "temperature_c": _temperature_c(root),
        "undervoltage": _undervoltage(root),
        "disk_free_mb": _disk_free_mb(state),
        "memory_free_mb": _memory_free_mb(root),
    }


def _warnings(figures: dict[str, Any]) -> Iterator[str]:
    bounds: dict[str, Callable[[Any], bool]] = {
        "temperature_c": lambda value: value >= HOT_C,
        "undervoltage": bool,
        "disk_free_mb": lambda value: value < LEAST_DISK_MB,
        "memory_free_mb": lambda value: value < LEAST_MEMORY_MB,
    }
    for name, is_bad in bounds.items():
        if figures[name] is not None and is_bad(figures[name]):
            yield TOO_LITTLE[name].format(figures[name])


def _boot_s(root: Path) -> int | None:
    """Return for how long the machine runs."""
    with suppress(OSError, ValueError, IndexError):
        return int(float((root / "proc/uptime").read_text().split()[0]))
    return None


def _temperature_c(root: Path) -> float | None:
    """Return the hottest zone's."""
    found = [number for path in root.glob("sys/class/thermal/thermal_zone*/temp") if (number := _number(path))]
    return round(max(found) / 1000) if found else None


def _undervoltage(root: Path) -> bool | None:
    """Return whether the supply is too weak now; None on a board that doesn't tell."""
    for name in root.glob("sys/class/hwmon/hwmon*/name"):
        with suppress(OSError):
            if name.read_text().strip() == SUPPLY:
                alarm = _number(name.with_name("in0_lcrit_alarm"))
                return None if alarm is None else alarm != 0
    return None


def _disk_free_mb(state: Path) -> int | None:
    with suppress(OSError):
        disk = os.statvfs(state)
        return disk.f_bavail * disk.f_frsize // MB
    return None


def _memory_free_mb(root: Path) -> int | None:
    with suppress(OSError, ValueError, IndexError):
        for line in (root / "proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024 // MB
    return None


def _number(path: Path) -> int | None:
    with suppress(OSError, ValueError):
        return int(path.read_text())
    return None
