"""The words of one cell of the rules: `"open.answer.press" = "mute"` as typed values, or what is wrong with them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from intercom.audio.tones import CADENCES, CLICKS
from intercom.panel.gestures import Kind
from intercom.panel.patterns import COLOURS, OFF, PATTERNS, Light
from intercom.settings.paths import nearest
from intercom.settings.schema import Buttons
from intercom.station.actions import Action
from intercom.station.rules import RULES, Row
from intercom.station.view import Shows

BUTTON_NAMES = Buttons.__struct_fields__
GESTURES = (Kind.PRESS, Kind.HOLD, Kind.DOUBLE, Kind.TALK)
PARTS = ("light", "tone")


@dataclass(frozen=True, slots=True)
class Looks:
    """What a state looks like."""

    shows: Shows
    light: Light


@dataclass(frozen=True, slots=True)
class Sounds:
    """What a state sounds like."""

    shows: Shows
    tone: str | None


@dataclass(frozen=True, slots=True)
class Cell:
    """What a button does in a state; None: nothing."""

    shows: Shows
    button: str
    kind: Kind
    action: Action | None


class CellError(Exception):
    """Words that make no cell; the message follows the cell's path."""


def read(place: str, value: str) -> Looks | Sounds | Cell:
    """Read `STATE.light`, `STATE.tone` or `STATE.BUTTON.GESTURE` and its value; raises CellError."""
    state, *rest = place.replace("-", "_").split(".")
    shows = Shows(_one_of(state, Shows, "state"))
    match rest:
        case ["light"]:
            return Looks(shows, _light(value))
        case ["tone"]:
            return Sounds(shows, _named(value, [*CADENCES, *CLICKS], "tone") if value else None)
        case [button, gesture]:
            kind = Kind(_one_of(gesture, GESTURES, "gesture"))
            return Cell(shows, _one_of(button, BUTTON_NAMES, "button"), kind, _action(value))
        case [part]:
            _one_of(part, PARTS, "part of a state")
    raise CellError("is no cell: write STATE.light, STATE.tone or STATE.BUTTON.press, .hold, .double or .talk.")


def rows(changed: Iterable[Looks | Sounds | Cell]) -> dict[Shows, Row]:
    """The rows of all states, with these changes."""
    rows = dict(RULES)
    for each in changed:
        match each:
            case Looks(shows=shows, light=light):
                rows[shows] = replace(rows[shows], light=light)
            case Sounds(shows=shows, tone=tone):
                rows[shows] = replace(rows[shows], tone=tone)
    return rows


def spoken(name: str) -> str:
    """The name of a state or an action as people write it."""
    return name.replace("_", "-")


def _light(value: str) -> Light:
    if value in ("", "off"):
        return OFF
    words = value.split()
    patterns, colours = [word for word in words if word in PATTERNS], [word for word in words if word in COLOURS]
    if len(words) == 2 and len(patterns) == len(colours) == 1:
        return Light(patterns[0], colours[0])
    for word in words:
        _named(word, [*PATTERNS, *COLOURS], "pattern or colour")
    raise CellError(f"must be a pattern and a colour, such as {_quoted('steady white')}, or {_quoted('off')}.")


def _action(value: str) -> Action | None:
    return Action(_one_of(value.replace("-", "_"), Action, "action")) if value else None


def _one_of(name: str, names: Iterable[str], what: str) -> str:
    """The name, which people may write with hyphens."""
    known = [str(each) for each in names]
    if name in known:
        return name
    raise CellError(_unknown(name, known, what))


def _named(name: str, names: list[str], what: str) -> str:
    if name in names:
        return name
    raise CellError(_unknown(name, names, what))


def _unknown(name: str, names: list[str], what: str) -> str:
    meant = nearest(name, names)
    words = ", ".join(map(spoken, names))
    return f"names no {what}; did you mean {spoken(meant)}?" if meant else f"names no {what}; there are {words}."


def _quoted(words: str) -> str:
    return f'"{words}"'
