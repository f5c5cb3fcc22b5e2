"""The rules as this station has them: the product's tables with the cells that its settings change.  Frozen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from intercom.errors import SettingsError
from intercom.panel.gestures import Kind, Reach
from intercom.panel.patterns import Light
from intercom.settings import schema
from intercom.station import cells, rulecheck
from intercom.station.actions import CAREFUL, Action
from intercom.station.cells import BUTTON_NAMES, GESTURES, Cell
from intercom.station.rules import BUTTONS, HEARD, HOLDS, RULES, SIGNS, Row
from intercom.station.view import Shows, View

STEADY_S = 0.06  # how long a press that lets somebody in must be without a break
Place = tuple[Shows, str, Kind]


@dataclass(frozen=True)
class Rulebook:
    """What every state looks and sounds like, and what each button does in it."""

    rows: Mapping[Shows, Row]
    actions: Mapping[Place, Action]
    panel: schema.Panel

    @classmethod
    def of(cls, settings: schema.Settings) -> "Rulebook":
        """The rules of these settings; raises SettingsError, one line per problem."""
        if problems := rulecheck.problems(settings):
            raise SettingsError("\n".join(f"{path} {words}" for path, words in problems))
        return _build(settings.panel)

    def light(self, view: View) -> Light:
        """The ring's light."""
        base = self.rows[view.shows].light
        shown = [str(sign) for sign, states in SIGNS.items() if sign in view.signs and view.shows in states]
        return replace(base, overlays=tuple(shown))

    def tone(self, view: View) -> str | None:
        """The tone the speaker plays; a far end that sends its own ringing is heard instead of ours."""
        if view.shows is Shows.RINGING and view.has_early_media:
            return None
        for (shows, sign), tone in HEARD.items():
            if shows is view.shows and sign in view.signs:
                return tone
        return self.rows[view.shows].tone

    def lasts_s(self, shows: Shows) -> float:
        """How long a state is shown that ends by itself."""
        return self.rows[shows].lasts_s or 0.0

    def action(self, button: str, shows: Shows, kind: Kind = Kind.PRESS) -> Action | None:
        """What that gesture does; None: nothing."""
        return self.actions.get((shows, button, kind))

    def reach(self, button: str, shows: Shows) -> Reach:
        """What a press of this button can become; where press and hold do the same, the press need not wait."""
        press, hold, double, talk = (self.action(button, shows, kind) for kind in GESTURES)
        return Reach(
            within=shows,
            hold_s=self.panel.hold_s(button) if hold and (hold is not press or double) else None,
            double_s=self.panel.double_ms / 1000 if double else None,
            steady_s=STEADY_S if {press, hold, double} & CAREFUL else None,
            is_talk=talk is not None,
        )


def _build(panel: schema.Panel) -> Rulebook:
    """The rules of settings in which `rulecheck` finds nothing wrong."""
    changed = [cells.read(place, value) for place, value in panel.rules.items()]
    actions = dict(_defaults(panel))
    for cell in changed:
        if isinstance(cell, Cell):
            actions = _with(actions, cell)
    return Rulebook(cells.rows(changed), actions, panel)


def _with(actions: dict[Place, Action], cell: Cell) -> dict[Place, Action]:
    """These with one changed; a button that is talked by does nothing else."""
    is_talk = cell.kind is Kind.TALK and cell.action is not None
    replaced = GESTURES if is_talk else (cell.kind,)
    kept = {
        place: each
        for place, each in actions.items()
        if place not in {(cell.shows, cell.button, kind) for kind in replaced}
    }
    return kept | ({(cell.shows, cell.button, cell.kind): cell.action} if cell.action else {})


def _defaults(panel: schema.Panel) -> Iterator[tuple[Place, Action]]:
    for shows, row in RULES.items():
        for kind, action in ((Kind.PRESS, row.press), (Kind.HOLD, row.hold)):
            if action:
                yield (shows, "answer", kind), action
        for button in BUTTON_NAMES:
            for kind, table in ((Kind.PRESS, BUTTONS), (Kind.HOLD, HOLDS)):
                if action := next((action for states, action in table.get(button, []) if shows in states), None):
                    yield (shows, button, kind), action
    if panel.open_press == "mute":
        yield (Shows.OPEN, "answer", Kind.PRESS), Action.TOGGLE_MUTE
