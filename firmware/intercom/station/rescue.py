"""What a station runs with when its service button is held down while it starts: it can be reached, and set up."""

from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from intercom.settings.schema import Settings

BUTTON = "service"
WHY = "The service button was held at the start: the file's settings are edited as ever, and used after a commit."
PORTS = (Path("/dev/ttyGS0"), Path("/dev/serial0"), Path("/dev/ttyAMA0"))


def of(settings: Settings, *, usual: Sequence[Path] = PORTS) -> Settings:
    """Defaults, but for who the station is, its key, its wiring, its door and its serial line.

    Where no serial port is set, it is the first of the `usual` ones; at a door it is none: the service button is
    within a visitor's reach, who may have brought a cable.
    """
    found = (str(port) for port in usual if port.exists() and settings.door.pin is None)
    port = settings.console.port or next(found, "")
    return Settings(
        station=settings.station,
        signaling=settings.signaling,
        panel=replace(settings.panel, rules={}, hold_ms_of={}),
        door=replace(settings.door, inband=False),
        console=replace(settings.console, port=port),
    )
