"""What is wrong with the rules that the settings make, as a whole: words, cells nobody can reach, states alike."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

from intercom.panel.gestures import Kind
from intercom.panel.patterns import Light, lit
from intercom.panel.pins import button_pins, simulated
from intercom.settings import schema
from intercom.station import cells
from intercom.station.actions import Action
from intercom.station.cells import Cell, CellError, Looks, Sounds, spoken
from intercom.station.rules import MEANT_IN, RULES
from intercom.station.view import Shows

Words = Looks | Sounds | Cell
Problem = tuple[str, str]  # a setting's path, and words that follow it

ALWAYS = {Shows.LAST_MINUTE: ("last-minute",)}  # overlays without which a state is not shown
FRAMES, FRAMES_PER_S, SMALL_RING = 120, 30, 6


def problems(settings: schema.Settings) -> list[Problem]:
    """Everything that is wrong with the rules of these settings; empty where they can be used."""
    panel, wired = settings.panel, button_pins(simulated(settings.panel, settings.door))
    found = [(f"panel.hold_ms_of.{name}", _no_pin(name)) for name in panel.hold_ms_of if name not in wired]
    read: dict[str, Words] = {}
    for place, value in panel.rules.items():
        try:
            read[place] = cells.read(place, value)
        except CellError as error:
            found.append((_path(place), str(error)))
    found += [(_path(place), words) for place, words in _twice(read)]
    found += [(_path(place), words) for place, words in _lost(read, panel, wired)]
    found += [(_path(place), words) for place, words in _alike(read)]
    return found


def _path(place: str) -> str:
    return f"panel.rules.{place}"


def _no_pin(button: str) -> str:
    return f"can't be reached: the button {button} has no pin; set panel.buttons.{button}."


def _twice(read: Mapping[str, Words]) -> Iterator[tuple[str, str]]:
    """Cells that are written in two ways."""
    first: dict[str, str] = {}
    for place in read:
        before = first.setdefault(place.replace("-", "_"), place)
        if before != place:
            yield place, f"is the same cell as {before}: leave one out."


@dataclass(frozen=True, slots=True)
class _Beside:
    """A cell, and what the same button's other gestures do in the same state as far as settings say so."""

    cell: Cell
    others: Mapping[Kind, Action | None]
    panel: schema.Panel


def _lost(read: Mapping[str, Words], panel: schema.Panel, wired: Container[str]) -> Iterator[tuple[str, str]]:
    """Cells that nobody ever gets to, or that say what can't be done there."""
    written = {place: cell for place, cell in read.items() if isinstance(cell, Cell)}
    for place, cell in written.items():
        others = {
            each.kind: each.action
            for each in written.values()
            if (each.shows, each.button) == (cell.shows, cell.button) and each.kind is not cell.kind
        }
        if cell.button not in wired:
            yield place, _no_pin(cell.button)
        if cell.action is not None:
            yield from ((place, words) for words in _why_lost(_Beside(cell, others, panel)))


def _why_lost(of: _Beside) -> Iterator[str]:
    cell, shows = of.cell, spoken(of.cell.shows)
    is_talk, is_hold = cell.kind is Kind.TALK, cell.kind is Kind.HOLD
    place = (cell.shows, cell.button, cell.kind)
    lasts_s, takes_s = RULES[cell.shows].lasts_s, _takes_s(cell.button, cell.kind, of.panel)
    mistakes = (
        (
            (cell.action is Action.TALK) is not is_talk,
            "is wrong: talk lasts as long as the button is down, so it belongs to STATE.BUTTON.talk, and only there.",
        ),
        (
            cell.action in MEANT_IN and cell.shows not in MEANT_IN[cell.action],
            f"makes no sense: {spoken(cell.action or '')} does nothing while the station is {shows}.",
        ),
        (
            not is_talk and of.others.get(Kind.TALK) is not None,
            "can't be reached: this button is talked by in this state.",
        ),
        (
            is_hold and of.others.get(Kind.PRESS) is cell.action and not of.others.get(Kind.DOUBLE),
            "can't be reached: a press does the same, at once.",
        ),
        (
            place == (Shows.OPEN, "answer", Kind.PRESS) and of.panel.open_press == "mute",
            "and panel.open_press both say what a press does in a call: leave panel.open_press out.",
        ),
        (
            lasts_s is not None and takes_s >= lasts_s,
            f"can't be reached: {shows} is shown for {lasts_s} s, and this takes {takes_s} s.",
        ),
    )
    yield from (words for is_wrong, words in mistakes if is_wrong)


def _takes_s(button: str, kind: Kind, panel: schema.Panel) -> float:
    match kind:
        case Kind.HOLD:
            return panel.hold_s(button)
        case Kind.DOUBLE:
            return panel.double_ms / 1000
        case _:
            return 0.0


def _alike(read: Mapping[str, Words]) -> Iterator[tuple[str, str]]:
    """Lasting states that can't be told from each other, by their light on a ring of one colour, and their sound."""
    changed = {cell.shows: place for place, cell in read.items() if not isinstance(cell, Cell)}
    lasting = {shows: row for shows, row in cells.rows(read.values()).items() if row.lasts_s is None}
    seen = {
        shows: (_film(replace(row.light, overlays=ALWAYS.get(shows, ()))), row.tone) for shows, row in lasting.items()
    }
    for one, other in combinations(seen, 2):
        if seen[one] == seen[other] and not changed.keys().isdisjoint((one, other)):
            place = changed.get(one) or changed[other]
            yield place, f"makes {spoken(one)} and {spoken(other)} look (on a ring of one colour) and sound alike."


def _film(light: Light) -> list[tuple[bool, ...]]:
    """Four seconds, in each of which the sound, where it moves the light, goes from silent to loud."""
    frames = ((frame / FRAMES_PER_S, frame % FRAMES_PER_S / FRAMES_PER_S) for frame in range(FRAMES))
    return [lit(light, t=t, count=SMALL_RING, level=level) for t, level in frames]
