"""A person's terminal: the far end of a real pseudo-terminal."""

import asyncio
import os
import termios
import tty
from pathlib import Path
from types import TracebackType
from typing import Self

PATIENCE_S = 10


class Terminal:
    """Plugged in at `device`, a link to the near end, until it is left."""

    def __init__(self, device: Path) -> None:
        self.device = device
        self._far, self._near = os.openpty()
        tty.setraw(self._near)
        device.unlink(missing_ok=True)
        device.symlink_to(os.ttyname(self._near))
        self._seen = b""
        self._is_plugged_in = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.unplug()

    def unplug(self) -> None:
        """Be gone, as a cable that is pulled."""
        if self._is_plugged_in:
            self._is_plugged_in = False
            termios.tcflush(self._near, termios.TCIFLUSH)  # a thread that still types into a full line comes to its end
            os.close(self._far)
            os.close(self._near)

    async def type(self, data: bytes) -> None:
        """Send bytes, waiting where the line is full."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(PATIENCE_S):
            for start in range(0, len(data), 256):
                await loop.run_in_executor(None, os.write, self._far, data[start : start + 256])

    async def shown(self, end: str) -> str:
        """What the terminal shows since the last time, up to that text."""
        async with asyncio.timeout(PATIENCE_S):
            while end.encode() not in self._seen:
                self._seen += await self._read()
        shown, mark, self._seen = self._seen.partition(end.encode())
        return (shown + mark).decode(errors="replace").replace("\r\n", "\n")

    async def _read(self) -> bytes:
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        loop.add_reader(self._far, ready.set)
        try:
            await ready.wait()
            return os.read(self._far, 4096)
        finally:
            loop.remove_reader(self._far)
