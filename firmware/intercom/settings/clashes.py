"""What two settings may not say together."""

from collections.abc import Iterator

import msgspec

from intercom.settings.paths import get
from intercom.settings.schema import Settings

PAIRS = (
    ("signaling.api_key", "signaling.api_secret"),
    ("exchange.certificate", "exchange.certificate_key"),
)


def clashes(settings: Settings) -> list[tuple[str, str]]:
    """Path and problem, in words that follow the path, of each setting that another one contradicts."""
    return [*_shared_pins(settings), *_halves(settings)]


def _shared_pins(settings: Settings) -> Iterator[tuple[str, str]]:
    taken: dict[int, str] = {}
    for path, pin in _pins(settings):
        if pin in taken:
            yield path, f"must have a pin of its own: {taken[pin]} is on pin {pin} too."
        taken.setdefault(pin, path)


def _pins(settings: Settings) -> Iterator[tuple[str, int]]:
    for button, pin in msgspec.structs.asdict(settings.panel.buttons).items():
        if pin is not None:
            yield f"panel.buttons.{button}", pin
    for pin in settings.panel.ring.pins:
        yield "panel.ring.pins", pin


def _halves(settings: Settings) -> Iterator[tuple[str, str]]:
    ring = settings.panel.ring
    if ring.kind == "gpio" and not ring.pins:
        yield "panel.ring.pins", 'must name the pins of the LEDs when panel.ring.kind is "gpio".'
    for first, second in PAIRS:
        if bool(get(settings, first)) != bool(get(settings, second)):
            yield first, f"and {second} must be set both or neither."
