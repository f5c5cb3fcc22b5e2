"""What a process holds."""

import asyncio
import ctypes
import gc
import re
import threading
from dataclasses import dataclass
from pathlib import Path

LOOKS, EVERY_S = 20, 0.05


@dataclass(frozen=True)
class Footprint:
    """After so many calls: anonymous memory in KiB, the collector's objects, threads, open files, tasks."""

    calls: int
    memory_kib: int
    objects: int
    threads: int
    files: int
    tasks: int

    def __str__(self) -> str:
        return (
            f"after {self.calls:3} calls: {self.memory_kib / 1024:.1f} MiB, {self.objects} objects, "
            f"{self.threads} threads, {self.files} files, {self.tasks} tasks"
        )


def memory_kib(pid: int | str) -> int:
    """Return how much memory a process has for itself alone; the pages of its simulated card are not counted."""
    found = re.search(r"RssAnon:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1])


async def footprint(calls: int) -> Footprint:
    """Return the least of each figure within a second: chores come and go; what malloc keeps unused does not count."""
    ctypes.CDLL(None).malloc_trim(0)
    looks = []
    for _ in range(LOOKS):
        looks.append(_look())
        await asyncio.sleep(EVERY_S)
    return Footprint(calls, *map(min, zip(*looks, strict=True)))


def _look() -> tuple[int, ...]:
    gc.collect()
    return memory_kib("self"), len(gc.get_objects()), threading.active_count(), _files(), len(asyncio.all_tasks())


def _files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))
