"""The door's log, read by the command line while no station runs."""

from pathlib import Path

import pytest

from intercom import places
from intercom.cli import main
from intercom.console import address
from intercom.door.verdict import How
from tests.door.wardens import World


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The state folder of a station that was asked once and doesn't run; no socket of this machine is met."""
    for name in ("RUNTIME_DIRECTORY", "XDG_RUNTIME_DIR", "STATE_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(address, "SYSTEM", Path("/nowhere"))
    monkeypatch.setattr(places, "INSTALLED_STATION", tmp_path / "nowhere")
    World().judge(tmp_path).grant("uid 0", how=How.SOCKET)
    return tmp_path


def test_the_log_is_shown_and_verified(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["door", "log", "--state", str(state)]) == 0
    assert capsys.readouterr().out == "2026-11-23 12:00:00  uid 0, socket, asked, allowed\n"
    assert main(["door", "log", "--verify", "--state", str(state)]) == 0
    assert capsys.readouterr().out.startswith("1 record, as written; the last is number 1, ")
    assert main(["door", "log", "--json", "--state", str(state)]) == 0
    assert '"who": "uid 0"' in capsys.readouterr().out


def test_a_log_that_was_changed_ends_with_1(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (log,) = (state / "door").glob("audit.*.jsonl")
    log.write_bytes(log.read_bytes().replace(b"uid 0", b"uid 1"))
    assert main(["door", "log", "--verify", "--state", str(state)]) == 1
    assert "The door's log is not as it was written: Record 1 was changed." in capsys.readouterr().err
    assert main(["door", "log", "--state", str(state)]) == 0


def test_where_no_log_is_either_no_station_answers(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["door", "log", "--state", str(state / "other")]) == 5
    assert main(["door", "lockouts", "--state", str(state)]) == 5
    assert capsys.readouterr().err.count("No station answers at") == 2


def test_wrong_words_are_told_before_anything_is_asked(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["door", "log", "many", "--state", str(state)]) == 2
    assert main(["door", "quux", "--state", str(state)]) == 2
    assert main(["door", "--state", str(state)]) == 2
    told = capsys.readouterr().err.splitlines()
    assert told[0].startswith("It is used as `door log [COUNT] [--verify]`.")
    assert told[1:] == ["There is no such command. `help door` lists those that there are."] * 2
