"""The LED ring: shows a light, frame by frame, and writes a frame only where it differs from the last."""

import asyncio
from types import TracebackType
from typing import Self

from gpiozero import Factory

from intercom.panel import patterns
from intercom.panel.lamps import Frame, Lamps, OpenBus, open_lamps
from intercom.panel.patterns import FRAME_S, OFF, PATTERNS, Light
from intercom.panel.spi import open_bus
from intercom.settings import schema


class Ring:
    """An async context manager; dark before `show` and after its end.

    A light that moves wakes the loop at its own frames, 30 a second at most; one that doesn't costs nothing.
    Entering raises PinError.
    """

    def __init__(self, settings: schema.Ring, *, factory: Factory, open_bus: OpenBus = open_bus) -> None:
        self._settings, self._factory, self._open_bus = settings, factory, open_bus
        self._lamps: Lamps | None = None
        self._frame: Frame = ()
        self._light = OFF
        self._level = 0.0
        self._since = self._drawn_at = 0.0
        self._timer: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        self._lamps = open_lamps(self._settings, self._factory, self._open_bus)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.show(OFF)
        if self._lamps:
            self._lamps.close()
            self._lamps = None

    def show(self, light: Light) -> None:
        """Show it from its beginning; where only the overlays changed, the pattern goes on."""
        if (light.pattern, light.colour) != (self._light.pattern, self._light.colour):
            self._since = asyncio.get_running_loop().time()
        self._light = light
        self._draw()

    def hear(self, level: float) -> None:
        """Take how loud it is, 0 to 1, which a light may show."""
        self._level = level
        is_due = asyncio.get_running_loop().time() >= self._drawn_at + FRAME_S
        if PATTERNS[self._light.pattern].is_level and is_due:
            self._draw()

    def _draw(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if not self._lamps:
            return
        loop, count = asyncio.get_running_loop(), self._settings.leds
        self._drawn_at = loop.time()
        t = self._drawn_at - self._since
        frame = self._lamps.draw(self._light, t=t, count=count, level=self._level)
        if frame != self._frame:
            self._lamps.write(frame)
            self._frame = frame
        change = patterns.next_change(self._light, t=t, count=count)
        if change is not None:
            self._timer = loop.call_at(self._since + change, self._draw)
