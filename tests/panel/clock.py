"""An event loop whose clock jumps to the next timer: minutes of light in milliseconds, and every wake-up counted."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any


class ClockLoop(asyncio.SelectorEventLoop):
    """Its time begins at 0 and stands still while something runs."""

    def __init__(self) -> None:
        self.now = 0.0
        self.wakes = 0
        super().__init__(_Jumping(self))

    def time(self) -> float:
        return self.now

    async def until(self, at: float) -> None:
        """Return at this time."""
        reached = self.create_future()
        self.call_at(at, reached.set_result, None)
        await reached


class _Jumping(selectors.DefaultSelector):
    def __init__(self, loop: ClockLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout:
            self._loop.now += timeout
            self._loop.wakes += 1
        return super().select(0 if timeout else timeout)


def run(scene: Callable[[ClockLoop], Coroutine[Any, Any, None]]) -> None:
    """Run a scene on a loop of its own."""
    loop = ClockLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(scene(loop))
