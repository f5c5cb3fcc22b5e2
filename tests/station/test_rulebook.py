"""The rules as settings change them: what each cell may say, and what is refused of the whole."""

from pathlib import Path

import pytest

from intercom.errors import SettingsError
from intercom.panel.gestures import Kind
from intercom.panel.patterns import OFF, Light
from intercom.settings import file, last_good
from intercom.settings.schema import Buttons, Panel, Settings
from intercom.station import rulecheck
from intercom.station.actions import Action
from intercom.station.rulebook import Rulebook
from intercom.station.view import Shows, View

WIRED = Buttons(answer=17, mute=22, door=23, service=24)


def settings(rules: dict[str, str], **panel: object) -> Settings:
    return Settings(panel=Panel(factory="sim", buttons=WIRED, rules=rules, **panel))  # type: ignore[arg-type]


def book(**rules: str) -> Rulebook:
    return Rulebook.of(settings({place.replace("__", "."): words for place, words in rules.items()}))


def problems(rules: dict[str, str], **panel: object) -> list[str]:
    return [f"{path} {words}" for path, words in rulecheck.problems(settings(rules, **panel))]


def test_a_cell_says_what_is_shown_and_heard() -> None:
    changed = book(connecting__light="blue spin", pending__tone="", ended__light="off", ended__tone="busy")
    assert changed.light(View(Shows.CONNECTING)) == Light("spin", "blue")
    assert changed.tone(View(Shows.PENDING)) is None
    assert (changed.light(View(Shows.ENDED)), changed.tone(View(Shows.ENDED))) == (OFF, "busy")
    assert changed.light(View(Shows.OPEN)) == Light("steady", "green")


def test_a_cell_says_what_a_button_does() -> None:
    changed = book(
        open__answer__press="mute", idle__service__press="open-door", idle__mute__hold="", idle__door__double="call"
    )
    assert changed.action("answer", Shows.OPEN) is Action.TOGGLE_MUTE
    assert changed.action("answer", Shows.OPEN, Kind.HOLD) is Action.HANG_UP
    assert changed.action("service", Shows.IDLE) is Action.OPEN_DOOR
    assert changed.action("mute", Shows.IDLE, Kind.HOLD) is None
    assert changed.reach("door", Shows.IDLE).double_s == 0.3


def test_states_and_actions_may_be_written_with_hyphens_or_underscores() -> None:
    assert book(ended_quietly__tone="end").tone(View(Shows.ENDED_QUIETLY)) == "end"
    assert book(**{"ended-quietly__tone": "end"}).tone(View(Shows.ENDED_QUIETLY)) == "end"
    assert book(open__mute__press="hang_up").action("mute", Shows.OPEN) is Action.HANG_UP


def test_a_button_that_is_talked_by_does_nothing_else() -> None:
    changed = book(open__answer__talk="talk")
    assert changed.action("answer", Shows.OPEN, Kind.TALK) is Action.TALK
    assert changed.action("answer", Shows.OPEN) is None
    assert changed.reach("answer", Shows.OPEN).is_talk


def test_what_lets_somebody_in_takes_a_steady_press() -> None:
    assert book(idle__service__press="open-door").reach("service", Shows.IDLE).steady_s == 0.06
    assert book().reach("answer", Shows.IDLE).steady_s is None


def test_times_are_told_for_single_buttons() -> None:
    changed = Rulebook.of(settings({}, hold_ms_of={"answer": 400}, double_ms=500))
    assert changed.reach("answer", Shows.PENDING).hold_s == 0.4
    assert changed.reach("mute", Shows.IDLE).hold_s == 1.0


@pytest.mark.parametrize(
    ("place", "words", "problem"),
    [
        ("opne.light", "off", "names no state; did you mean open?"),
        ("open", "off", "is no cell: write STATE.light, STATE.tone or STATE.BUTTON.press, .hold, .double or .talk."),
        ("open.ligth", "off", "names no part of a state; did you mean light?"),
        ("open.answer.pres", "mute", "names no gesture; did you mean press?"),
        ("open.answr.press", "mute", "names no button; did you mean answer?"),
        ("open.answer.press", "hangup", "names no action; did you mean hang-up?"),
        ("idle.answer.press", "xyzzy", "names no action; there are call, accept, "),
        ("idle.tone", "ringbak", "names no tone; did you mean ringback?"),
        ("idle.light", "stedy white", "names no pattern or colour; did you mean steady?"),
        ("idle.light", "steady", 'must be a pattern and a colour, such as "steady white", or "off".'),
        ("idle.light", "steady white red", 'must be a pattern and a colour, such as "steady white", or "off".'),
        ("idle.call.press", "call", "can't be reached: the button call has no pin; set panel.buttons.call."),
        ("idle.answer.press", "accept", "makes no sense: accept does nothing while the station is idle."),
        ("open.answer.press", "call", "makes no sense: call does nothing while the station is open."),
        ("idle.answer.press", "say-not-connected", "makes no sense: say-not-connected does nothing while"),
        ("open.answer.press", "talk", "is wrong: talk lasts as long as the button is down, so it belongs to"),
        ("open.answer.talk", "mute", "is wrong: talk lasts as long as the button is down, so it belongs to"),
        ("ended.answer.hold", "call", "can't be reached: ended is shown for 1.0 s, and this takes 1.0 s."),
        ("idle.light", "steady red", "makes idle and open look (on a ring of one colour) and sound alike."),
    ],
)
def test_a_cell_that_is_wrong_is_refused_with_the_reason(place: str, words: str, problem: str) -> None:
    (found, *_) = problems({place: words})
    assert found.startswith(f"panel.rules.{place} {problem}")


@pytest.mark.parametrize(
    ("rules", "panel", "problem"),
    [
        (
            {"open.mute.talk": "talk", "open.mute.press": "mute"},
            {},
            "panel.rules.open.mute.press can't be reached: this button is talked by in this state.",
        ),
        (
            {"open.mute.press": "mute", "open.mute.hold": "mute"},
            {},
            "panel.rules.open.mute.hold can't be reached: a press does the same, at once.",
        ),
        (
            {"open.answer.press": "hang-up"},
            {"open_press": "mute"},
            "panel.rules.open.answer.press and panel.open_press both say what a press does in a call: "
            "leave panel.open_press out.",
        ),
        (
            {"ended-quietly.tone": "end", "ended_quietly.tone": ""},
            {},
            "panel.rules.ended_quietly.tone is the same cell as ended-quietly.tone: leave one out.",
        ),
        (
            {},
            {"hold_ms_of": {"call": 300}},
            "panel.hold_ms_of.call can't be reached: the button call has no pin; set panel.buttons.call.",
        ),
    ],
)
def test_cells_that_do_not_go_together_are_refused(
    rules: dict[str, str], panel: dict[str, object], problem: str
) -> None:
    assert problems(rules, **panel) == [problem]


def test_states_that_sound_different_may_look_alike() -> None:
    assert problems({"connecting.light": "breathe white", "connecting.tone": "tick"}) == []
    assert len(problems({"connecting.light": "breathe blue", "connecting.tone": "ringback"})) == 1


def test_all_mistakes_are_told_at_once_with_their_lines_when_a_file_is_checked() -> None:
    text = (
        '[panel.buttons]\nanswer = 17\n[panel.rules]\nopne.light = "off"\nidle.mute.press = "call"\n'
        '[log]\nlevel = "x"\n'
    )
    with pytest.raises(SettingsError) as refused:
        file.parse(text, source="hall.toml", also=rulecheck.problems)
    assert [line.split(": ")[0] for line in str(refused.value).splitlines()] == [
        "hall.toml:4", "hall.toml:5", "hall.toml:7",
    ]  # fmt: skip


def test_a_station_whose_rules_are_wrong_starts_with_those_that_worked_last(tmp_path: Path) -> None:
    path = tmp_path / "intercom.toml"
    path.write_text("[audio]\nvolume = 30\n")
    last_good.start(path, tmp_path, also=rulecheck.problems)
    path.write_text('[panel.rules]\nopne.light = "off"\n')
    started, origin = last_good.start(path, tmp_path, also=rulecheck.problems)
    assert (started.audio.volume, origin.state) == (30, "last good")
    assert "names no state" in origin.why


def test_rules_that_are_wrong_make_no_rulebook() -> None:
    with pytest.raises(SettingsError, match=r"^panel\.rules\.opne\.light names no state"):
        book(opne__light="off")
