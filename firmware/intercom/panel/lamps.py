"""What a ring's LEDs hang on: pins, an SPI bus, or nothing; each takes whole frames and writes what changed."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Protocol

from gpiozero import Factory, LEDBoard

from intercom.panel import patterns, spi_light
from intercom.panel.pins import refused_pins
from intercom.panel.sim_pins import SimFactory
from intercom.panel.spi import Bus, open_bus
from intercom.settings import schema

Frame = tuple[Any, ...]
OpenBus = Callable[[str, int], int]


class Lamps(Protocol):
    """LEDs that are there and dark; `draw` is the function of `patterns` whose frames `write` takes."""

    draw: Callable[..., Frame]

    def write(self, frame: Frame) -> None:
        """Show a frame."""

    def close(self) -> None:
        """Let them go, as they are lit."""


def open_lamps(settings: schema.Ring, factory: Factory, open_bus: OpenBus = open_bus) -> Lamps | None:
    """Open the LEDs of a ring, dark; None: there are none.  Raises PinError."""
    if not settings.leds:
        return None
    if settings.kind == "gpio":
        return PinLamps(settings, factory)
    return UnseenLamps() if isinstance(factory, SimFactory) else BusLamps(settings, open_bus)


class PinLamps:
    """LEDs of one colour, or one of three, each on a pin of its own."""

    def __init__(self, settings: schema.Ring, factory: Factory) -> None:
        self.draw = patterns.mixed if settings.wiring == "rgb" else patterns.lit
        self._levels: Frame = (False,) * len(settings.pins)
        with refused_pins():
            self._board = LEDBoard(*settings.pins, active_high=settings.active_high, pin_factory=factory)

    def write(self, frame: Frame) -> None:
        """Set the pins that change."""
        for led, is_lit, was_lit in zip(self._board, frame, self._levels, strict=True):
            if is_lit is not was_lit:
                led.value = is_lit
        self._levels = frame

    def close(self) -> None:
        """Free the pins."""
        self._board.close()


class BusLamps:
    """LEDs in a chain on an SPI bus."""

    draw = staticmethod(patterns.colours)

    def __init__(self, settings: schema.Ring, open_bus: OpenBus) -> None:
        hz, encode = spi_light.coding(settings)
        self._bus = Bus(open_bus(settings.spi, hz))
        self._encode = lru_cache(maxsize=256)(encode)  # a pattern comes round to the same frames again and again
        self.write(((0, 0, 0),) * settings.count)

    def write(self, frame: Frame) -> None:
        """Send it."""
        self._bus.send(self._encode(frame))

    def close(self) -> None:
        """End when all is sent."""
        self._bus.close()


class UnseenLamps:
    """The chain of a simulated panel: only its page shows it."""

    draw = staticmethod(patterns.colours)

    def write(self, frame: Frame) -> None:
        """Show it to nobody."""

    def close(self) -> None:
        """There is nothing to let go."""
