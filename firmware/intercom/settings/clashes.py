"""What two settings may not say together."""

from collections.abc import Iterator

import msgspec

from intercom.settings.paths import get
from intercom.settings.schema import Door, Settings

PAIRS = (
    ("signaling.api_key", "signaling.api_secret"),
    ("signaling.account_sid", "signaling.application_sid"),
    ("exchange.certificate", "exchange.certificate_key"),
    ("rtc.ice_username", "rtc.ice_credential"),
)
# At most one of each.
RIVALS = (
    ("signaling.api_key", "signaling.token_url", "signaling.token_file"),
    ("signaling.edge", "signaling.region"),
)

# High from power-on until somebody drives them, where all others are low.
PULLED_UP = range(9)

# The console's, where a Pi may write while it starts.
UART_PINS = (14, 15)

# What a bus takes of the header: data, clock, both selects.
SPI_PINS = {"0": {7, 8, 9, 10, 11}, "1": {16, 17, 18, 19, 20, 21}}


def clashes(settings: Settings) -> list[tuple[str, str]]:
    """Path and problem, in words that follow the path, of each setting that another one contradicts."""
    return [
        *_shared_pins(settings),
        *_ring(settings),
        *_halves(settings),
        *_rivals(settings),
        *_lost_at_twilio(settings),
        *_door(settings.door),
    ]


def _rivals(settings: Settings) -> Iterator[tuple[str, str]]:
    for paths in RIVALS:
        chosen = [path for path in paths if get(settings, path)]
        for path in chosen[1:]:
            yield path, f"and {chosen[0]} exclude each other: leave one empty."


def _lost_at_twilio(settings: Settings) -> Iterator[tuple[str, str]]:
    signaling = settings.signaling
    if signaling.account_sid and not signaling.api_key:
        yield "signaling.account_sid", "needs signaling.api_key and signaling.api_secret, an API key of that account."
    if signaling.is_at_twilio and signaling.ca_pin:
        yield "signaling.ca_pin", "must be empty at Twilio: it pins an exchange of your own."
    for name in ("edge", "region"):
        if getattr(signaling, name) and not signaling.is_at_twilio:
            yield (
                f"signaling.{name}",
                'is for Twilio: set signaling.url to "", and account_sid, token_url or token_file.',
            )


def _ring(settings: Settings) -> Iterator[tuple[str, str]]:
    ring = settings.panel.ring
    if ring.kind == "gpio" and not ring.pins:
        yield "panel.ring.pins", 'must name the pins of the LEDs when panel.ring.kind is "gpio".'
    if ring.kind == "gpio" and ring.wiring == "rgb" and len(ring.pins) not in {0, 3}:
        yield "panel.ring.pins", 'must name three pins, red, green and blue, when panel.ring.wiring is "rgb".'
    if ring.is_spi and ring.top >= ring.count:
        yield "panel.ring.top", "must be below panel.ring.count: the first LED is 0."
    if ring.white and ring.kind != "sk6812":
        yield "panel.ring.white", 'must be false unless panel.ring.kind is "sk6812".'
    for path, pin in _pins(settings) if ring.is_spi else ():
        if pin in SPI_PINS.get(ring.spi.removeprefix("/dev/spidev").partition(".")[0], ()):
            yield path, f"must have a pin of its own: the ring on {ring.spi} needs pin {pin} for its bus."


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
    yield from (("panel.ring.pins", pin) for pin in settings.panel.ring.pins)
    for name in ("pin", "contact", "tamper"):
        if (pin := getattr(settings.door, name)) is not None:
            yield f"door.{name}", pin


def _halves(settings: Settings) -> Iterator[tuple[str, str]]:
    if settings.rtc.ice_policy == "relay" and not any(uri.startswith("turn") for uri in settings.rtc.ice_servers):
        yield "rtc.ice_policy", 'needs a TURN server in rtc.ice_servers to be "relay".'
    for first, second in PAIRS:
        if bool(get(settings, first)) != bool(get(settings, second)):
            yield first, f"and {second} must be set both or neither."


def _door(door: Door) -> Iterator[tuple[str, str]]:
    if door.longest_s < door.pulse_s:
        yield "door.longest_s", "must be at least door.pulse_s."
    if door.pin in PULLED_UP and (door.lock == "fail-secure") is door.active_high:
        yield "door.pin", "must be 9 to 27: 0 to 8 are high from power-on until the station runs, and high opens."
    if door.pin in UART_PINS:
        yield "door.pin", "must be none of 14 and 15: a Pi may have its console there, which moves them as it starts."
    for name in ("contact", "tamper"):
        if door.pin is None and getattr(door, name) is not None:
            yield f"door.{name}", "needs door.pin, the relay of the lock that it is there for."
