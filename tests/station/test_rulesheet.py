"""The rules as they are told to an installer."""

import json

from intercom.console.buttons import WIDTH, told_rules
from intercom.panel.pins import button_pins, simulated
from intercom.settings.schema import Panel, Settings
from intercom.station import rulesheet
from intercom.station.cells import BUTTON_NAMES
from intercom.station.rulebook import Rulebook
from intercom.station.view import Shows

BOOK = Rulebook.of(Settings())


def test_the_table_has_a_row_for_every_state_and_each_cell_as_the_rules_have_it() -> None:
    told = rulesheet.sheet(BOOK, ["answer", "mute"])
    assert len(told["states"]) == len(Shows)
    assert told["states"]["pending"] == {
        "light": "chase blue",
        "tone": "ringtone",
        "lasts_s": None,
        "buttons": {"answer": {"press": "accept", "hold": "reject"}, "mute": {"hold": "privacy"}},
    }
    assert told["states"]["open"]["buttons"]["answer"] == {"press": "hang-up"}
    assert json.loads(json.dumps(told)) == told


def test_a_person_reads_it_within_a_terminal_however_many_buttons_there_are() -> None:
    changed = Rulebook.of(Settings(panel=Panel(rules={"open.answer.press": "mute", "idle.light": "off"})))
    told = told_rules(rulesheet.sheet(changed, BUTTON_NAMES))
    lines = told.split("\n")
    assert max(map(len, lines)) <= WIDTH
    assert "pending               chase blue          ringtone        accept; hold: reject" in lines
    assert "open                  steady green        –               mute; hold: hang-up" in lines
    assert "idle                  off                 –               call" in lines
    assert any(line.startswith("door                  ask-door – pending") for line in lines)
    assert lines[-1] == "Changed by panel.rules: open.answer.press, idle.light."


def test_without_more_buttons_there_is_no_more_than_the_table() -> None:
    assert len(told_rules(rulesheet.sheet(BOOK, [])).split("\n")) == 1 + len(Shows)


def test_what_a_button_would_do_now_is_told_in_a_sentence() -> None:
    def told(button: str, shows: Shows, why_not: str = "") -> str:
        return told_rules(rulesheet.what_if(BOOK, button, shows, why_not=why_not))

    assert told("answer", Shows.PENDING) == "Now (pending), answer does pressed: accept; held 1 s: reject."
    assert told("service", Shows.IDLE) == "Now (idle), service does nothing."
    assert told("answer", Shows.IDLE, "The button answer seems stuck.") == "The button answer seems stuck."


def test_every_button_that_a_simulated_panel_has_does_something_somewhere_but_service() -> None:
    panel = simulated(Panel(), Settings().door)
    told = rulesheet.sheet(BOOK, button_pins(panel))
    does = {button for state in told["states"].values() for button, means in state["buttons"].items() if means}
    assert button_pins(panel).keys() - does == {"service"}
