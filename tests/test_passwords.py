"""Passwords of the serial console that are set on the station's machine, by who may write its files."""

import io
import re
import sys
from pathlib import Path

import pytest

from intercom.cli import main
from intercom.console.accounts import ADMIN
from intercom.console.gate import Gate
from intercom.errors import RefusedError

PORT, PASSWORD = "/dev/ttyGS0", "three green bicycles"
INSTALL = Path(__file__).parents[1] / "config/install.sh"


async def test_the_first_password_is_printed_once_and_must_be_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["password", "--first", "--state", str(tmp_path)]) == 0
    large = re.search(r"│ +((?:[a-z0-9-] ){13}[a-z0-9]) +│", capsys.readouterr().out)
    assert large
    async with Gate(tmp_path) as gate:
        entry = await gate.check(PORT, ADMIN, large[1].replace(" ", ""))
    assert entry.is_first
    assert main(["password", "--first", "--state", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "The serial console keeps its password.\n"


@pytest.mark.parametrize("name", ["admin", "viewer"])
async def test_who_may_write_the_files_sets_a_password_that_a_running_station_takes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    async with Gate(tmp_path) as gate:
        main(["password", "--first", "--state", str(tmp_path)])
        with pytest.raises(RefusedError):
            await gate.check(PORT, name, PASSWORD)
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\n"))
        assert main(["password", name, "--state", str(tmp_path)]) == 0
        entry = await gate.check(PORT, name, PASSWORD)
    assert (entry.account, entry.is_first) == (name, False)
    assert PASSWORD not in "".join(capsys.readouterr())


@pytest.mark.parametrize(
    ("words", "typed", "code", "told"),
    [
        (["nobody"], PASSWORD, 2, "There is no such account. There are admin and viewer."),
        ([], "hunter2", 2, "A password has 10 to 128 characters."),
        ([], "qwertyuiop1", 2, "among the first that anybody would try"),
        (["--state", "/nowhere"], PASSWORD, 1, "There is no station in /nowhere."),
    ],
)
def test_what_is_wrong_is_told_without_the_password(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    typed: str,
    code: int,
    told: str,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{typed}\n"))
    assert main(["password", "--state", str(tmp_path), *words]) == code
    said = capsys.readouterr().err
    assert told in said
    assert typed not in said


def test_the_installation_makes_the_first_password_last_of_all_and_logs_it_nowhere() -> None:
    main_of_it = INSTALL.read_text().partition("main() {")[2].partition("}")[0].split()
    assert main_of_it[-1] == "first_password"
    body = INSTALL.read_text().partition("first_password() {")[2].partition("}")[0]
    assert "intercom password --first --state /var/lib/intercom" in body
    assert "step" not in body.split()
