"""Calls in a row between the same two, and what was measured of them."""

import time
from dataclasses import dataclass, field
from statistics import median

from tests.net.talk import Talk
from tests.soak.footprint import memory_kib


@dataclass
class Record:
    """How long each call took from the first word to the sound at both ends, and the station's memory after it."""

    talk: Talk
    took_s: list[float] = field(default_factory=list)
    memory_kib: list[int] = field(default_factory=list)

    async def calls(self, times: int) -> None:
        """Call to and fro; the two hear each other each time."""
        for number in range(times):
            began = time.monotonic()
            await self.talk.begin(is_called=bool(number % 2))
            self.took_s.append(time.monotonic() - began)
            await self.talk.end()
            self.memory_kib.append(memory_kib(self.talk.station.program.pid))

    @property
    def grown_kib(self) -> int:
        """How much more memory the station has at the end than after a third of the calls."""
        return self.memory_kib[-1] - self.memory_kib[len(self.memory_kib) // 3]

    def __str__(self) -> str:
        return (
            f"{len(self.took_s)} calls with {self.talk.title}: heard at both ends after {median(self.took_s):.2f} s "
            f"({max(self.took_s):.2f} s at most); the station's memory {self.memory_kib[-1] / 1024:.1f} MiB, "
            f"{self.grown_kib / 1024:+.1f} MiB since a third of them"
        )
