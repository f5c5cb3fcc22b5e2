"""The lights of `intercom test ring`: of every state, of patterns that no state has, and every sign over a call's."""

import asyncio
from collections.abc import Callable, Mapping

from intercom.errors import ConflictError
from intercom.panel.panel import Panel
from intercom.panel.patterns import PATTERNS, Light
from intercom.settings.schema import Settings
from intercom.station.cells import spoken
from intercom.station.rulebook import Rulebook
from intercom.station.rules import SIGNS, Row
from intercom.station.view import Shows

SHOWN_S = 3.0


def lights(rows: Mapping[Shows, Row]) -> dict[str, Light]:
    """Return each light once, under the name of what it tells."""
    told: dict[Light, str] = {}
    for shows, row in rows.items():
        told.setdefault(row.light, spoken(shows))
    used = {"off", *(light.pattern for light in told)}
    told |= {Light(pattern, "white"): pattern for pattern in PATTERNS if pattern not in used}
    call = rows[Shows.OPEN].light
    told |= {Light(call.pattern, call.colour, (str(sign),)): str(sign) for sign in SIGNS}
    return {name: light for light, name in told.items()}


def words(light: Light) -> str:
    """Return a light in words: the pattern, its colour, what lies over it."""
    return " ".join([light.pattern, light.colour, *(f"with {name}" for name in light.overlays)])


async def alone(settings: Settings, say: Callable[[str], object]) -> None:
    """Show them all where no station runs; raises ConflictError without a ring that somebody could see."""
    async with Panel(settings.panel, lambda _: None) as panel:
        if panel.is_simulated:
            raise ConflictError(
                "No station runs, and the panel is simulated, so nobody would see its ring.",
                "Start it with `make run`.",
            )
        for name, light in lights(Rulebook.of(settings).rows).items():
            panel.try_light(light, SHOWN_S)
            say(f"{name}: {words(light)}")
            await asyncio.sleep(SHOWN_S)
