"""What a station runs with when its service button is held down while it starts: it can be reached, and set up."""

from pathlib import Path

from msgspec.structs import replace

from intercom.settings.schema import Settings

BUTTON = "service"
WHY = "The service button was held at the start: the file's settings are edited as ever, and used after a commit."
PORTS = (Path("/dev/ttyGS0"), Path("/dev/serial0"), Path("/dev/ttyAMA0"))


def of(settings: Settings) -> Settings:
    """Defaults, but for who the station is, its key, its wiring and its serial line; nobody opens its door from afar.

    Where no serial port is set, it is the first of the usual ones.
    """
    port = settings.console.port or next((str(port) for port in PORTS if port.exists()), "")
    return Settings(
        station=settings.station,
        signaling=settings.signaling,
        panel=replace(settings.panel, rules={}, hold_ms_of={}),
        door=replace(settings.door, allow=(), inband=False),
        console=replace(settings.console, port=port),
    )
