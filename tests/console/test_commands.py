"""The table of commands: words and JSON to arguments, errors to codes and back."""

import re
from typing import Any

import msgspec
import pytest

from intercom import errors
from intercom.console.access import Access
from intercom.console.codes import CODES, failure, raised
from intercom.console.commands import COMMANDS, find, read_line
from intercom.console.desk import Desk
from intercom.errors import IntercomError, UsageError
from intercom.settings.paths import get
from tests.console.station import SmallStation

LINES: list[tuple[str, dict[str, Any]]] = [
    ("status", {}),
    ("  call   kitchen ", {"to": "kitchen"}),
    ("call two words", {"to": "two words"}),
    ("digits 12w#", {"digits": "12w#"}),
    ("digits *", {"digits": "*"}),
    ("show", {}),
    ("show audio", {"path": "audio"}),
    ("set station.name Anna's  front door", {"path": "station.name", "value": "Anna's  front door"}),
    ("set call.to --down", {"path": "call.to", "value": "--down"}),
    ("volume", {}),
    ("volume 60", {"which": "60"}),
    ("volume mic -5.5", {"which": "mic", "level": "-5.5"}),
    ("press answer", {"button": "answer"}),
    ("press answer --for 2", {"button": "answer", "for": "2"}),
    ("press --down answer", {"button": "answer", "down": True}),
    ("press answer --for", {"button": "answer", "for": ""}),
    ("help door code", {"word": "door code"}),
    ("  door   log ", {}),
    ("door log 5 --verify", {"count": "5", "verify": True}),
    ("door code add anna", {"name": "anna"}),
    (
        "door code add anna 5550123 --once --from 08:00 --to 18:30 --days mon-fri,sun --until 2027-01-31",
        {
            "name": "anna",
            "code": "5550123",
            "once": True,
            "from": "08:00",
            "to": "18:30",
            "days": "mon-fri,sun",
            "until": "2027-01-31",
        },
    ),
]


@pytest.mark.parametrize(("line", "arguments"), LINES)
def test_a_line_gives_arguments_by_name(line: str, arguments: dict[str, Any]) -> None:
    assert read_line(line)[1] == arguments


def test_a_shells_words_give_the_same_and_may_be_empty() -> None:
    assert COMMANDS["set"].read_words(["call.to", ""]) == {"path": "call.to", "value": ""}
    assert COMMANDS["set"].read_words(["station.name", "front", "door"])["value"] == "front door"
    assert COMMANDS["press"].read_words(["answer", "--for", "2"]) == {"button": "answer", "for": "2"}
    with pytest.raises(UsageError, match="It is used as `hangup`"):
        COMMANDS["hangup"].read_words(["now"])


def test_an_unknown_command_names_the_nearest_and_never_quotes() -> None:
    with pytest.raises(UsageError, match=r"^There is no such command\. Did you mean `hangup`\?$"):
        find("hangpu")
    with pytest.raises(UsageError, match=r"^There is no such command\. `help door` lists those that there are\.$"):
        read_line("door log-in")
    with pytest.raises(UsageError) as secret:
        find("hunter2")
    assert "hunter2" not in str(secret.value)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=lambda command: command.name)
def test_each_argument_stands_in_the_words_that_people_see(command: Any) -> None:
    names = [field.encode_name for field in msgspec.structs.fields(command.arguments)]
    names = [name for name in names if name != command.secret]
    shown = re.findall(r"--[\w-]+|[A-Z]{2,}|on\|off", re.sub(r"(--[\w-]+) [A-Z]+", r"\1", command.words))
    assert len(shown) == len(names)
    assert all(f"--{name}" in shown or name.upper() in shown or name == "state" for name in names)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("call", {}),
        ("call", {"to": ""}),
        ("call", {"to": 5}),
        ("call", {"to": "a", "quux": 1}),
        ("mute", {"state": "loud"}),
        ("digits", {}),
        ("digits", {"digits": ""}),
        ("digits", {"digits": 5}),
        ("press", {"button": "answer", "for": 61}),
        ("press", {"button": "answer", "for": "nan"}),
        ("press", {"button": "answer", "for": -1}),
        ("set", {"path": "audio.volume"}),
        ("volume", {"which": ["mic"]}),
        ("volume", {"which": "mic", "level": True}),
    ],
)
async def test_wrong_arguments_are_refused_before_anything_is_done(name: str, given: dict[str, Any]) -> None:
    station = SmallStation()
    with pytest.raises(UsageError, match=f"It is used as `{name} "):
        await COMMANDS[name].run(Desk(station, "test"), given)
    assert station.log == []


async def test_json_and_words_do_the_same() -> None:
    for value in (60, "60"):
        desk = Desk(SmallStation(), "test")
        result = await COMMANDS["set"].run(desk, {"path": "audio.volume", "value": value})
        assert result["settings"] == {"audio.volume": 60}


@pytest.mark.parametrize(
    ("given", "path", "level"),
    [
        ({"which": "60"}, "audio.volume", 60),
        ({"which": 0}, "audio.volume", 0),
        ({"level": 60}, "audio.volume", 60),
        ({"which": "voice", "level": 60}, "audio.volume", 60),
        ({"which": "ring", "level": 0}, "audio.ring_volume", 0),
        ({"which": "mic", "level": -5.5}, "audio.mic_gain_db", -5.5),
    ],
)
async def test_a_volume_is_meant_by_name_or_is_that_of_the_voice(given: Any, path: str, level: float) -> None:
    desk = Desk(SmallStation(), "test")
    result = await COMMANDS["volume"].run(desk, given)
    assert result["settings"] == {path: level}
    assert [change.path for change in result["changes"]] == [path]
    assert get(desk.operator.settings, path) == level


async def test_a_volume_leaves_what_else_is_edited_here_alone() -> None:
    desk = Desk(SmallStation(), "test")
    await COMMANDS["set"].run(desk, {"path": "call.to", "value": "kitchen"})
    await COMMANDS["volume"].run(desk, {"which": 60})
    assert (desk.operator.settings.audio.volume, desk.operator.settings.call.to) == (60, "")
    assert desk.candidate.paths() == ["call.to"]
    await COMMANDS["commit"].run(desk, {})
    assert (desk.operator.settings.audio.volume, desk.operator.settings.call.to) == (60, "kitchen")


async def test_what_acts_is_logged_with_who_did_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    desk = Desk(SmallStation(), "uid 1000")
    await COMMANDS["set"].run(desk, {"path": "signaling.api_secret", "value": "hunter2"})
    await COMMANDS["status"].run(desk, {})
    assert [record.getMessage() for record in caplog.records] == ["uid 1000: set"]


def test_only_looking_needs_no_rights() -> None:
    assert {one.name for one in COMMANDS.values() if one.access is Access.ANYONE} == {
        *("status", "help"),
        *("login", "logout", "password"),  # which see to it themselves
    }


@pytest.mark.parametrize(("code", "kind"), CODES.items())
def test_an_error_crosses_the_wire_with_its_class_and_exit_code(code: str, kind: type[IntercomError]) -> None:
    sent = kind("What is wrong.", "What to do.")
    assert failure(sent)["code"] == code
    received = raised(failure(sent))
    assert (type(received), str(received)) == (kind, str(sent))


def test_an_error_without_code_of_its_own_and_an_unknown_code_are_failures() -> None:
    assert failure(errors.AudioError("It hums."))["code"] == "failed"
    assert type(raised({"code": "quux"})) is IntercomError


def test_each_exit_code_but_1_has_its_error_code() -> None:
    assert {kind.exit_code for kind in CODES.values()} == {1, 2, 3, 4, 5}
