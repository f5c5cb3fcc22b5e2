"""A small station that serves one end of a cable, in a thread of its own; the other end is the test's."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from intercom.console.port import SerialPort
from intercom.settings.schema import Console
from tests.console.gates import locked
from tests.console.station import SmallStation
from tests.remote.wires import Wires

PATIENCE_S = 20

ResultT = TypeVar("ResultT")


class Served:
    """A station at a cable."""

    def __init__(self, wires: Wires, station: SmallStation, loop: asyncio.AbstractEventLoop) -> None:
        self.wires, self.station, self._loop = wires, station, loop

    @property
    def port(self) -> str:
        """The test's end."""
        return str(self.wires.far)

    def do(self, act: Callable[[], ResultT]) -> ResultT:
        """Act on the station, in its own thread."""

        async def once() -> ResultT:
            return act()

        return asyncio.run_coroutine_threadsafe(once(), self._loop).result(PATIENCE_S)


def guarded(folder: Path) -> SmallStation:
    """A station that has its passwords."""
    station = SmallStation()
    station.gate = locked(folder)
    return station


@contextmanager
def served(folder: Path, name: str = "ttyUSB0", make: Callable[[], SmallStation] = SmallStation) -> Iterator[Served]:
    """Serve until left."""
    made: list[Served] = []
    is_made, is_over = threading.Event(), threading.Event()

    async def serve(wires: Wires) -> None:
        station = make()
        async with station.gate, SerialPort(Console(port=str(wires.near))).serving(station):
            made.append(Served(wires, station, asyncio.get_running_loop()))
            is_made.set()
            await asyncio.to_thread(is_over.wait)

    with Wires(folder, name) as wires:
        thread = threading.Thread(target=lambda: asyncio.run(serve(wires)))
        thread.start()
        try:
            assert is_made.wait(PATIENCE_S)
            yield made[0]
        finally:
            is_over.set()
            thread.join()
