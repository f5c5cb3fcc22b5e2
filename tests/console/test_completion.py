"""What Tab offers: a line begun, and what may come next."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.console.commands import COMMANDS, read_line
from intercom.console.completion import added, choices
from intercom.errors import UsageError

OFFERED = [
    # begun                  offered
    ("hang", ["hangup"]),
    ("un", ["unset"]),
    ("door co", ["code"]),
    ("door code ", ["add", "remove", "list"]),
    ("commit c", ["confirm"]),
    ("mute ", ["off", "on"]),
    ("dnd o", ["off", "on"]),
    ("door log --", ["--verify"]),
    ("door log --verify --", []),
    ("press answer --for ", []),
    ("press answer --", ["--for", "--down"]),
    ("set audio.vol", ["audio.volume"]),
    ("set consol", ["console."]),
    ("show consol", ["console"]),
    ("show console.", ["console.port", "console.baud"]),
    ("set door.lo", ["door.lock"]),
    ("set door.contact t", []),
    ("help hang", ["hangup"]),
    ("help audio.vol", ["audio.volume"]),
    ("set no.such ", []),
    ("quux ", []),
    ("hangup ", []),
]


def words(line: str) -> list[str]:
    return [choice.word for choice in choices(line, COMMANDS)]


@pytest.mark.parametrize(("begun", "offered"), OFFERED)
def test_a_line_begun_is_offered_what_may_come_next(begun: str, offered: list[str]) -> None:
    assert words(begun)[: len(offered) or None] == offered


def test_a_setting_that_has_few_values_offers_them() -> None:
    assert words("set log.level ") == ["debug", "error", "info", "warning"]
    assert words("set rtc.dtx ") == ["on", "off"]
    assert words("set audio.volume ") == []


def test_a_choice_tells_what_it_means() -> None:
    assert [choice.help for choice in choices("hangu", COMMANDS)] == ["End the call, or cancel it."]
    assert choices("set audio.volum", COMMANDS)[0].help


@pytest.mark.parametrize(
    ("begun", "sure"),
    [("hangu", "p "), ("set consol", "e."), ("show consol", "e "), ("un", "set "), ("mute ", "o"), ("", ""), ("z", "")],
)
def test_what_is_sure_is_added(begun: str, sure: str) -> None:
    assert added(begun, choices(begun, COMMANDS)) == sure


@given(st.text(alphabet="abcdeghilmnoprstuvw.- ", max_size=12) | st.sampled_from([f"{name} " for name in COMMANDS]))
def test_whatever_is_chosen_continues_the_line(begun: str) -> None:
    for choice in choices(begun, COMMANDS):
        assert choice.word.startswith(begun.rpartition(" ")[2])


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_can_be_completed_from_its_first_letter(name: str) -> None:
    line = ""
    for word in name.split():
        assert word in words(line + word[:1]), line
        line += f"{word} "
    try:
        command = read_line(line)[0]
    except UsageError:
        return
    assert command.name == name
