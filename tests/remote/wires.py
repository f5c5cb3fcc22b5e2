"""A serial cable between two programs: two real pseudo-terminals, and a thread that carries bytes between them."""

import os
import select
import threading
import tty
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self


class Wires:
    """Its ends are `near`, the station's, and `far`: names that stay when it is unplugged and plugged in again.

    `carries` may change what goes over it: called with each piece and whether it comes from the station.  One that
    `returns` brings everything back to where it came from.
    """

    def __init__(self, folder: Path, name: str = "tty") -> None:
        self.near, self.far = folder / f"{name}-station", folder / name
        self.carries: Callable[[bytes, bool], bytes] = lambda data, _: data
        self.returns = False
        self._stop, self._stopped = os.pipe()
        self._thread: threading.Thread | None = None
        self._near = self._far = -1

    def __enter__(self) -> Self:
        self.plug_in()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.unplug()
        os.close(self._stop)
        os.close(self._stopped)

    def plug_in(self) -> None:
        """Let both ends be there."""
        (near, self._near), (far, self._far) = (_end(link) for link in (self.near, self.far))
        self._thread = threading.Thread(target=self._carry, args=(near, far))
        self._thread.start()

    def unplug(self) -> None:
        """Be gone; whoever has an end open sees it end."""
        if self._thread:
            os.write(self._stopped, b"!")
            self._thread.join()
            os.read(self._stop, 1)
            self._thread = None
            self.near.unlink()
            self.far.unlink()

    def _carry(self, near: int, far: int) -> None:
        other = {near: far, far: near}
        while self._stop not in (ready := select.select([near, far, self._stop], [], [])[0]):
            for end in ready:
                with suppress(OSError):
                    data = self.carries(os.read(end, 4096), end == near)
                    os.write(end if self.returns else other[end], data)
        for end in (near, far, self._near, self._far):
            os.close(end)


def _end(link: Path) -> tuple[int, int]:
    """A new pseudo-terminal whose slave the link names; both are open, so that its end is not that of who uses it."""
    master, slave = os.openpty()
    tty.setraw(slave)
    link.symlink_to(os.ttyname(slave))
    return master, slave
