"""What a program tells, each line with the moment at which it came."""

import asyncio
import re
import time

WITHIN_S = 30.0
NOTED_LINES = 20


class Journal:
    """Lines and their moments (ns of CLOCK_MONOTONIC), in order."""

    def __init__(self) -> None:
        self._lines: list[tuple[int, str]] = []
        self._new = asyncio.Event()

    def write(self, line: str) -> None:
        """Take a line that came just now."""
        self._lines.append((time.monotonic_ns(), line))
        self._new.set()

    async def moment_ns(self, pattern: str, *, since_ns: int) -> int:
        """Return when the first line that matches came, at or after `since_ns`; waits for it, raises TimeoutError."""
        return (await self._first(pattern, since_ns))[0]

    async def line(self, pattern: str, *, since_ns: int) -> str:
        """Return that line itself."""
        return (await self._first(pattern, since_ns))[1]

    async def _first(self, pattern: str, since_ns: int) -> tuple[int, str]:
        try:
            async with asyncio.timeout(WITHIN_S):
                while (found := self._find(pattern, since_ns)) is None:
                    self._new.clear()
                    await self._new.wait()
        except TimeoutError as error:
            latest = "\n".join(line for _, line in self._lines[-NOTED_LINES:])
            error.add_note(f"{pattern!r} did not come within {WITHIN_S:.0f} s; the latest lines:\n{latest}")
            raise
        return found

    def _find(self, pattern: str, since_ns: int) -> tuple[int, str] | None:
        return next((each for each in self._lines if each[0] >= since_ns and re.search(pattern, each[1])), None)
