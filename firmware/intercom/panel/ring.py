"""The LED ring, one LED to a pin: shows a light, writes only what changes."""

import asyncio
from types import TracebackType
from typing import Self

from gpiozero import Factory, LEDBoard

from intercom.panel import patterns
from intercom.panel.patterns import OFF, Light
from intercom.panel.pins import refused_pins
from intercom.settings import schema


class Ring:
    """An async context manager; dark before `show` and after its end.

    A light that moves wakes the loop at its own frames, 30 a second at most; one that doesn't costs nothing.
    Entering raises PinError.
    """

    def __init__(self, settings: schema.Ring, *, factory: Factory) -> None:
        self._pins = settings.pins if settings.kind == "gpio" else ()
        self._active_high = settings.active_high
        self._factory = factory
        self._board: LEDBoard | None = None
        self._levels: tuple[bool, ...] = ()
        self._light = OFF
        self._since = 0.0
        self._timer: asyncio.TimerHandle | None = None

    @property
    def levels(self) -> tuple[bool, ...]:
        """Which LEDs are lit, clockwise from the top."""
        return self._levels

    async def __aenter__(self) -> Self:
        if self._pins:
            with refused_pins():
                self._board = LEDBoard(*self._pins, active_high=self._active_high, pin_factory=self._factory)
            self._levels = (False,) * len(self._pins)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.show(OFF)
        if self._board:
            self._board.close()
            self._board = None

    def show(self, light: Light) -> None:
        """Show it from its beginning; where only the overlays changed, the pattern goes on."""
        if (light.pattern, light.colour) != (self._light.pattern, self._light.colour):
            self._since = asyncio.get_running_loop().time()
        self._light = light
        self._draw()

    def _draw(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if not self._board:
            return
        loop, count = asyncio.get_running_loop(), len(self._board)
        t = loop.time() - self._since
        self._write(self._board, patterns.lit(self._light, t=t, count=count))
        change = patterns.next_change(self._light, t=t, count=count)
        if change is not None:
            self._timer = loop.call_at(self._since + change, self._draw)

    def _write(self, board: LEDBoard, levels: tuple[bool, ...]) -> None:
        for led, is_lit, was_lit in zip(board, levels, self._levels, strict=True):
            if is_lit is not was_lit:
                led.value = is_lit
        self._levels = levels
