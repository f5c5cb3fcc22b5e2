"""`intercom console`: one command by the machine grammar, whole files, many stations; exit codes as everywhere."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from intercom import Remote
from intercom.cli import main
from tests.console.gates import PASSWORDS
from tests.remote.fixtures import Served, guarded, served
from tests.remote.screen import Screen
from tests.remote.wires import Wires
from tests.system.programs import INTERCOM


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as made:
        yield made


@pytest.mark.parametrize(
    ("words", "code", "out", "err"),
    [
        ("status", 0, "station         hall, ready", ""),
        ("set audio.volume 60", 0, "audio.volume = 60  # was 100", ""),
        ("set audio.volume 140", 2, "", "audio.volume must be a whole number from 0 to 100."),
        ("stat", 2, "", "There is no such command. Did you mean `status`?"),
        ("release answer", 3, "", "The panel is real."),
        ("hangup", 4, "", "There is no call."),
        ("push", 2, "", "`push FILE"),
        ("push /nowhere.toml", 2, "", "/nowhere.toml can't be read"),
    ],
)
def test_one_command_is_run_and_ends_with_its_code(
    station: Served, capsys: pytest.CaptureFixture[str], words: str, code: int, out: str, err: str
) -> None:
    assert main(["console", "--port", station.port, *words.split()]) == code
    told = capsys.readouterr()
    assert out in told.out
    assert err in told.err


def test_json_is_for_programs_wherever_it_stands(station: Served, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--json", "status"], ["status", "--json"]):
        assert main(["console", "--port", station.port, *words]) == 0
        assert json.loads(capsys.readouterr().out)["identity"] == "hall"


def test_one_command_finds_what_the_one_before_edited(station: Served, capsys: pytest.CaptureFixture[str]) -> None:
    for words in ("set audio.volume 60", "commit quieter at night"):
        assert main(["console", "--port", station.port, *words.split()]) == 0
    assert "1 setting written." in capsys.readouterr().out
    assert station.do(lambda: station.station.settings.audio.volume) == 60


def test_a_file_is_pushed_compared_and_pulled(
    station: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, pulled = tmp_path / "hall.toml", tmp_path / "pulled.toml"
    file.write_text('# Front door\n[station]\nname = "porch"\n[exchange]\nmetrics_token = "hunter2-hunter2-hunter2"\n')
    at = ["console", "--port", station.port]
    assert main([*at, "diff", str(file)]) == 0
    assert capsys.readouterr().out.splitlines()[0] == 'station.name = "porch"  # was "hall"'
    assert main([*at, "push", str(file), "commit", "confirm", "60", "moved"]) == 0
    assert "written" in capsys.readouterr().out
    assert main([*at, "confirm"]) == 0
    assert main([*at, "pull", str(pulled)]) == 0
    assert "The settings of porch are in" in capsys.readouterr().out
    assert 'metrics_token = "<set>"' in pulled.read_text()
    assert main([*at, "diff", str(file)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Nothing is changed.",
        "exchange.metrics_token is secret, so it was not compared.",
    ]
    assert main([*at, "push", str(pulled)]) == 0
    assert capsys.readouterr().out == "Nothing is changed.\n"


def test_a_login_is_by_a_password_that_does_not_cross_the_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    password, wrong = tmp_path / "password", tmp_path / "wrong"
    password.write_text(f"{PASSWORDS['admin']}\n")
    wrong.write_text("hunter2\n")
    carried: list[bytes] = []

    def tapped(data: bytes, _: bool) -> bytes:
        carried.append(data)
        return data

    with served(tmp_path, make=partial(guarded, tmp_path)) as station:
        station.wires.carries = tapped
        at = ["console", "--port", station.port]
        assert main([*at, "history"]) == 3
        assert main([*at, "--password-file", str(wrong), "history"]) == 3
        assert "Name or password is wrong." in capsys.readouterr().err
        assert main([*at, "--password-file", str(password), "set", "audio.volume", "60"]) == 0
        assert main([*at, "commit"]) == 0
        assert main([*at, "logout"]) == 0
        assert main([*at, "history"]) == 3
        assert station.do(lambda: station.station.revisions[-1].who) == "serial"
    assert PASSWORDS["admin"].encode() not in b"".join(carried)


def test_many_stations_are_asked_side_by_side_and_one_that_is_silent_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with served(tmp_path, "ttyUSB0"), served(tmp_path, "ttyUSB1"), Wires(tmp_path, "ttyUSB2"):
        assert main(["console", "--all", str(tmp_path / "ttyUSB?"), "show", "audio.volume"]) == 5
        lines = capsys.readouterr().out.splitlines()
        assert [line.split()[1:2] for line in lines] == [["station"], ["hall"], ["hall"], ["-"]]
        assert lines[1].endswith("hall     audio.volume = 100")
        assert "!" in lines[3]
        assert main(["console", "--all", str(tmp_path / "ttyUSB[01]"), "pull", f"{tmp_path}/{{name}}-{{port}}"]) == 0
        assert "identity" in (tmp_path / "hall-ttyUSB1").read_text()
        capsys.readouterr()
        assert main(["console", "--all", str(tmp_path / "ttyUSB[01]"), "--json", "hangup"]) == 4
        rows = json.loads(capsys.readouterr().out)
        assert [(row["name"], row["exit_code"], row["error"]["code"]) for row in rows] == [("hall", 4, "conflict")] * 2


def test_the_lines_of_a_file_are_run_until_one_fails(
    station: Served, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("set audio.volume  60\n\ncommit\nhangup\nset audio.volume 3\n"))
    assert main(["console", "--port", station.port]) == 4
    told = capsys.readouterr()
    assert told.out.splitlines()[0] == "audio.volume = 60  # was 100"
    assert "There is no call." in told.err
    assert station.do(lambda: station.station.settings.audio.volume) == 60


def test_the_log_is_followed_until_it_is_stopped(station: Served) -> None:
    station.do(lambda: station.station.log_lines.handle(logging.makeLogRecord({"msg": "the first line"})))
    with Screen([INTERCOM, "console", "--port", station.port, "log", "follow"]) as person:
        person.has("the first line")
        line = {"number": 2, "at": "2026-11-23 07:51:12", "level": "warning", "text": "the second line"}
        station.do(lambda: station.station.news.tell("log", **line))
        person.has("07:51:12 warning: the second line")
        person.type("\x03")
        assert person.ends() == 1
    with Remote(station.port) as remote:
        assert remote.name == "hall"


def test_only_who_talks_pays_for_the_terminals_library() -> None:
    program = "import sys, intercom.remote.program\nprint({'prompt_toolkit', 'tomlkit'} & sys.modules.keys())"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30)
    assert ran.stdout == "set()\n"


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["status"], 2, "--port"),
        (["--port", "/dev/nowhere", "status"], 1, "there is no such device"),
        (["--all", "/dev/nowhere*", "status"], 1, "No device is named /dev/nowhere*."),
        (["--all", "/dev/tty*"], 2, "needs a command"),
        (["--all", "/dev/tty*", "pull", "all.toml"], 2, "Put {name} or {port} into its name"),
        (["--all", "/dev/ttyUSB0", "/dev/ttyUSB1", "status"], 2, "Put it into quotes"),
        (["--port", "/dev/null", "--password-file", "/nowhere", "status"], 2, "can't be read from /nowhere"),
        (["--port", "/dev/null", "--user", "admin", "status"], 2, "--password-file"),
    ],
)
def test_what_can_not_be_is_told_in_a_sentence(
    words: list[str], code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["console", *words]) == code
    assert told in capsys.readouterr().err
