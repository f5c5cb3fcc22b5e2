"""Settings by dotted path: reading values from words, getting and changing one, masking secrets."""

from typing import Any

import pytest
from hypothesis import given, settings

from intercom.errors import UsageError
from intercom.settings.paths import find, get, leaves, read, replace, shown, under
from intercom.settings.schema import Settings
from intercom.settings.words import written
from tests.settings.strategies import valid_settings

READINGS = [
    ("audio.volume", "60", 60),
    ("audio.volume", 60, 60),
    ("call.to", "kitchen", "kitchen"),
    ("call.to", "17", "17"),
    ("call.to", "true", "true"),
    ("call.to", '"two  words"', "two  words"),
    ("call.to", "", ""),
    ("station.name", "Anna's front door", "Anna's front door"),
    ("station.name", "[a]", "[a]"),
    ("panel.active_low", "on", True),
    ("panel.active_low", "no", False),
    ("panel.active_low", "false", False),
    ("panel.buttons.answer", "17", 17),
    ("panel.ring.pins", "5, 6 12", (5, 6, 12)),
    ("panel.ring.pins", "[5, 6]", (5, 6)),
    ("panel.ring.pins", [5, 6], (5, 6)),
    ("panel.ring.pins", "", ()),
    ("rtc.codecs", "pcmu,opus", ("pcmu", "opus")),
    ("rtc.codecs", '["pcmu"]', ("pcmu",)),
    ("console.baud", "9600", 9600),
    ("exchange.groups.house", "kitchen, hall", ("kitchen", "hall")),
    ("panel.rules", {"open": {"answer": {"press": "mute"}}}, {"open.answer.press": "mute"}),
    ("panel.rules.open.answer.press", "mute", "mute"),
    ("panel.rules.pending.tone", '""', ""),
    ("panel.hold_ms_of.door", "300", 300),
    ("exchange.groups", '{ house = ["kitchen", "hall"] }', {"house": ("kitchen", "hall")}),
]

REFUSALS = [
    ("audio.volume", "140", "audio.volume must be a whole number from 0 to 100."),
    ("audio.volume", "loud", "audio.volume must be a whole number from 0 to 100."),
    ("audio.volume", "1\nb = 2", "audio.volume must be a whole number from 0 to 100."),
    ("audio.volume", None, "audio.volume must be a whole number from 0 to 100."),
    ("panel.ring.pins", "5 99", "panel.ring.pins must be a list of 0 to 24 items, each "),
    ("rtc.codecs", "", "rtc.codecs must be a list of 1 to 2 items, each "),
    ("station.name", "a\x1b[2J", "station.name must be one line of text of 1 to 64 characters."),
    ("signaling.api_secret", "<set>", "signaling.api_secret must be the secret itself"),
    ("audio.volum", "1", "There is no such setting. Did you mean audio.volume?"),
    ("volume", "1", "There is no such setting. Did you mean audio.volume?"),
    ("audio", "1", "There is no such setting. It is a section; its settings are audio.capture, "),
    ("panel.hold_ms_of.dor", "300", "There is no such setting. Did you mean "),
    ("panel.hold_ms_of.door", "3", "panel.hold_ms_of.door must be a whole number from 300 to 5000."),
    ("xyzzy", "1", "There is no such setting. `show` names them all."),
]


@pytest.mark.parametrize(("path", "words", "value"), READINGS)
def test_a_value_is_read_from_words_or_from_json(path: str, words: Any, value: Any) -> None:
    assert read(path, words) == value


@pytest.mark.parametrize(("path", "words", "problem"), REFUSALS)
def test_a_value_that_is_not_allowed_is_refused_with_the_bound(path: str, words: Any, problem: str) -> None:
    with pytest.raises(UsageError) as raised:
        read(path, words)
    assert str(raised.value).startswith(problem)


@given(valid_settings())
@settings(max_examples=50, deadline=None)
def test_what_is_written_as_toml_is_read_back(chosen: Settings) -> None:
    for path in leaves():
        value = get(chosen, path)
        if value is not None and not (find(path).is_secret and value == "<set>"):
            assert read(path, written(value)) == value


def test_replacing_changes_one_setting_of_a_copy() -> None:
    changed = replace(Settings(), "panel.ring.pins", (5,))
    assert changed.panel.ring.pins == (5,)
    assert replace(changed, "panel.ring.pins", ()) == Settings()


def test_a_section_holds_its_leaves_and_the_empty_path_all() -> None:
    assert [leaf.path for leaf in under("station")] == ["station.name", "station.identity"]
    assert [leaf.path for leaf in under("rtc.codecs")] == ["rtc.codecs"]
    assert len(under("")) == len(leaves())


def test_a_secret_is_shown_only_as_set_or_empty() -> None:
    secret = find("signaling.api_secret")
    assert (shown(secret, "hunter2"), shown(secret, "")) == ("<set>", "")
    assert shown(find("audio.volume"), 60) == 60


def test_a_key_of_a_table_is_changed_and_taken_out_by_itself() -> None:
    rules = {"idle.light": "off", "open.answer.press": "mute"}
    changed = replace(Settings(), "panel.rules", rules)
    assert get(changed, "panel.rules.idle.light") == "off"
    assert get(changed, "panel.rules.idle.tone") is None
    assert replace(Settings(), "panel.rules.idle.light", "off").panel.rules == {"idle.light": "off"}
    assert replace(changed, "panel.rules.idle.light", "steady white").panel.rules["idle.light"] == "steady white"
    assert replace(changed, "panel.rules.idle.light", None).panel.rules == {"open.answer.press": "mute"}
