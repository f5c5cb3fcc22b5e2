"""The rules as they are told: the whole table, and what one button would do now.  Pure; JSON."""

from collections.abc import Collection
from typing import Any

from intercom.panel.gestures import Kind
from intercom.panel.patterns import OFF, Light
from intercom.station.cells import BUTTON_NAMES, GESTURES, spoken
from intercom.station.rulebook import Rulebook
from intercom.station.view import Shows


def sheet(book: Rulebook, buttons: Collection[str]) -> dict[str, Any]:
    """Every state with its light, its sound, and what these buttons do in it."""
    return {
        "states": {
            spoken(shows): {
                "light": _light(row.light),
                "tone": row.tone or "",
                "lasts_s": row.lasts_s,
                "buttons": {button: means(book, button, shows) for button in BUTTON_NAMES if button in buttons},
            }
            for shows, row in book.rows.items()
        },
        "changed": [spoken(place) for place in book.panel.rules],
    }


def means(book: Rulebook, button: str, shows: Shows) -> dict[str, str]:
    """What the gestures with a button do, as people write it; those that do nothing are left out."""
    found = {kind: book.action(button, shows, kind) for kind in GESTURES}
    if book.reach(button, shows).hold_s is None:
        found[Kind.HOLD] = None  # it does what the press has done already
    return {str(kind): spoken(action) for kind, action in found.items() if action}


def what_if(book: Rulebook, button: str, shows: Shows, *, why_not: str) -> dict[str, Any]:
    """What a button would do now; `why_not` tells why it is not believed, if it isn't."""
    return {
        "button": button,
        "state": spoken(shows),
        "does": {} if why_not else means(book, button, shows),
        "hold_s": book.panel.hold_s(button),
        "why_not": why_not,
    }


def _light(light: Light) -> str:
    return "off" if light == OFF else f"{light.pattern} {light.colour}"
