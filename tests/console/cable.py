"""A cable between a station's serial port and the tty of another machine: two pseudo-terminals, and what is between."""

import asyncio
import os
import tty
from pathlib import Path
from types import TracebackType
from typing import Self

PATIENCE_S = 10
OURS, THEIRS = "from the station", "from the other end"


class Cable:
    """The near end is at `device`, the far end a tty as the kernel makes them: it echoes, until somebody sets it raw.

    `seen` is all that went over it, each way.
    """

    def __init__(self, device: Path) -> None:
        self._ours, near = os.openpty()
        self._theirs, self.far = os.openpty()
        tty.setraw(near)
        self._near = near
        device.symlink_to(os.ttyname(near))
        self.seen = {OURS: b"", THEIRS: b""}
        self._news = asyncio.Event()

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        loop.add_reader(self._ours, self._carry, OURS, self._ours, self._theirs)
        loop.add_reader(self._theirs, self._carry, THEIRS, self._theirs, self._ours)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        loop = asyncio.get_running_loop()
        for end in (self._ours, self._theirs):
            loop.remove_reader(end)
        for end in (self._ours, self._near, self._theirs, self.far):
            os.close(end)

    async def until(self, words: str, *, way: str = OURS, after: int = 0) -> None:
        """Wait until these words have gone that way, behind the first `after` bytes."""
        async with asyncio.timeout(PATIENCE_S):
            while words.encode() not in self.seen[way][after:]:
                self._news.clear()
                await self._news.wait()

    async def silence(self, seconds: float) -> None:
        """Wait until nothing has gone over it for so long."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                self._news.clear()
                try:
                    async with asyncio.timeout(seconds):
                        await self._news.wait()
                except TimeoutError:
                    return

    def _carry(self, way: str, source: int, sink: int) -> None:
        data = os.read(source, 4096)
        self.seen[way] += data
        os.write(sink, data)
        self._news.set()
