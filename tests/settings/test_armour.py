"""Export and import: any settings come back as they were, in any file, with its comments; nothing else is taken."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from intercom.errors import SettingsError
from intercom.settings import armour
from intercom.settings.file import parse
from intercom.settings.paths import get, leaves, replace
from intercom.settings.positions import positions
from intercom.settings.schema import Settings
from intercom.settings.store import edited
from intercom.settings.template import template
from intercom.settings.words import written
from tests.settings.strategies import valid_settings

LINE_LIMIT = 1024
LONG = replace(replace(Settings(), "station.name", "a" * 64), "console.port", "/dev/" + '  "\\ é\u2028' * 99)


@given(valid_settings())
@example(LONG)
@example(replace(LONG, "exchange.names", ("x" * 500, " " * 300, "short")))
@settings(max_examples=120, deadline=None)
def test_any_settings_come_back_as_they_were_without_telling_a_secret(chosen: Settings) -> None:
    block = armour.export(chosen)
    assert parse(armour.opened(block), secrets=chosen) == chosen
    assert all(len(line.encode()) < LINE_LIMIT and not line.startswith(("@", "AT")) for line in block.split("\n"))
    canary = chosen
    for leaf in leaves().values():
        if leaf.is_secret and get(chosen, leaf.path):
            canary = replace(canary, leaf.path, "https://canary.example")
    assert "canary" not in armour.export(canary)


@given(valid_settings(), valid_settings())
@settings(max_examples=40, deadline=None)
def test_an_import_into_another_file_keeps_its_comments(chosen: Settings, before: Settings) -> None:
    file = template(before)
    imported = parse(armour.opened(armour.export(chosen)), secrets=chosen)
    written_file = edited(file, imported)
    assert parse(written_file) == chosen
    comments = [line for line in file.split("\n") if line.startswith("# ") and " = " not in line]
    assert [line for line in comments if line not in written_file] == []


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_block_that_was_changed_on_its_way_is_refused(data: st.DataObject) -> None:
    block = armour.export(LONG)
    at = data.draw(st.integers(0, len(block) - 1))
    other = data.draw(st.sampled_from("x@\n ").filter(lambda letter: letter != block[at]))
    changed = block[:at] + other * data.draw(st.integers(0, 2)) + block[at + 1 :]
    with suppress(SettingsError):
        assert parse(armour.opened(changed)) == LONG  # such as white space at a line's end


@pytest.mark.parametrize("line_end", ["\n", "\r\n", " \n"])
def test_white_space_at_the_ends_of_lines_is_no_change(line_end: str) -> None:
    assert parse(armour.opened(armour.export(LONG).replace("\n", line_end))) == LONG


def test_a_whole_block_is_known_by_its_last_line_however_it_arrives() -> None:
    block = armour.export(LONG)
    assert [armour.is_whole(block[:end]) for end in (0, 10, len(block) - 1, len(block))] == [False, False, False, True]
    assert armour.is_whole(f"{block}\n")
    assert not armour.is_whole(armour.bounded("x" * armour.LONGEST + "y"))
    with pytest.raises(SettingsError, match="doesn't begin"):
        armour.opened(armour.bounded("x" * armour.LONGEST + f"\n{block}"))


def test_a_secret_that_is_shown_as_set_is_todays_and_means_nothing_in_a_file() -> None:
    today = replace(replace(Settings(), "signaling.api_key", "SK" + "0" * 32), "signaling.api_secret", "hunter2")
    block = armour.opened(armour.export(today))
    assert parse(block, secrets=today) == today
    with pytest.raises(SettingsError, match=r"settings:4: signaling\.api_secret must be one line of text"):
        parse(block)


def _wrong_values() -> st.SearchStrategy[Any]:
    return st.sampled_from(
        [-(10**9), 10**9, 1e18, "\x07", "", "no such word ☎", [], [7], ["\x07"], {"a": "\x07"}, True]
    )


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(leaves())), _wrong_values()), min_size=1, max_size=4, unique_by=lambda e: e[0]
    )
)
@settings(max_examples=300, deadline=None)
def test_each_wrong_value_is_told_with_path_line_and_what_is_allowed(wrong: list[tuple[str, Any]]) -> None:
    text = "".join(f"{path} = {written(value)}\n" for path, value in wrong).replace("\x07", "\\u0007")
    try:
        parse(text)
    except SettingsError as error:
        told = error.message.split("\n")
        assert all(line.startswith("settings:") and (" must " in line or " is " in line) for line in told)
        placed = positions(text)
        for path, value in wrong:
            if _is_refused(path, value):
                begin = f"settings:{placed[tuple(path.split('.'))]}: {path}"
                assert any(line.startswith(begin) for line in told)
    else:
        assert not any(_is_refused(path, value) for path, value in wrong)


def _is_refused(path: str, value: Any) -> bool:
    """By itself, whatever else is set."""
    try:
        parse(f"{path} = {written(value)}\n".replace("\x07", "\\u0007"))
    except SettingsError as error:
        return f"{path} must be {leaves()[path].allowed}." in str(error)
    return False


def test_an_export_of_nothing_special_is_an_empty_block() -> None:
    assert armour.opened(armour.export(Settings())).strip() == ""
