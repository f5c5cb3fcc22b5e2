"""The snapshot: what a station is and does now, as `intercom status --json`, the console and the page show it."""

from typing import Any, Protocol

from msgspec import to_builtins

from intercom.call.connection import Connection
from intercom.call.device import Device
from intercom.settings import schema
from intercom.station.station import Station
from intercom.station.view import Sign


class Reports(Protocol):
    """A part that can tell of itself; `status` is JSON."""

    def status(self) -> dict[str, Any]: ...


def snapshot(settings: schema.Station, station: Station, device: Device, parts: dict[str, Reports]) -> dict[str, Any]:
    """Return the snapshot; each of `parts` stands in it under its name.  The light follows from `shows` and `signs`."""
    view = station.view
    light = station.rulebook.light(view)
    quality = station.connection.quality if station.connection else None
    pending = [connection for connection in device.connections if connection is not station.connection]
    return {
        "identity": settings.identity,
        "name": settings.name,
        "registration": "ready" if device.is_registered else "offline",
        "call": _call(station.connection, is_private=Sign.PRIVATE in view.signs),
        "pending": [_call(connection) for connection in pending],
        "shows": view.shows,
        "signs": sorted(view.signs),
        "light": {"pattern": light.pattern, "colour": light.colour, "overlays": list(light.overlays)},
        "sample": to_builtins(quality.sample) if quality else None,
        "figures": to_builtins(quality.figures) if quality else None,
        "warnings": list(quality.warnings) if quality else [],
        "faults": device.faults,
        **{name: part.status() for name, part in parts.items()},
    }


def _call(connection: Connection | None, *, is_private: bool = False) -> dict[str, Any] | None:
    if connection is None:
        return None
    given, end = connection.parameters, connection.ended
    return {
        "status": connection.status(),
        "sid": connection.sid,
        "direction": connection.direction.lower(),
        "from": given.get("From", ""),
        "to": given.get("To") or connection.custom_parameters.get("To", ""),
        "duration_s": int(connection.duration_s),
        "reconnecting_s": None if connection.reconnecting_s is None else int(connection.reconnecting_s),
        "muted": connection.is_muted() or is_private,
        "codec": connection.codec,
        "ended": {"how": end.how, "code": end.code, "message": end.message} if end else None,
    }
