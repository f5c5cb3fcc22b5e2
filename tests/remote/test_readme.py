"""What the README shows of the far side is true."""

import re
from functools import partial
from pathlib import Path

import pytest

from tests.console.gates import PASSWORDS
from tests.remote.fixtures import guarded, served

README = Path("README.md").read_text()
CONVERSATION = Path("tests/console/conversation.txt").read_text()


def test_the_conversation_is_one_that_is_held() -> None:
    lines = re.sub("«.*»", "", CONVERSATION).splitlines()
    assert "".join(f"    {line}".rstrip() + "\n" for line in lines) in README


def test_the_script_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    _, _, section = README.partition("### From a script\n\n")
    script = "\n".join(line.removeprefix("    ") for line in section.partition("\n\nEach method")[0].splitlines())
    monkeypatch.chdir(tmp_path)
    Path("key").write_text(f"{PASSWORDS['admin']}\n")
    with served(tmp_path, make=partial(guarded, tmp_path)) as station:
        exec(compile(script.replace("/dev/ttyUSB0", station.port), "README.md", "exec"), {})
        assert station.do(lambda: (station.station.revision, station.station.is_unconfirmed)) == (2, False)
        assert station.do(lambda: station.station.settings.audio.volume) == 60
    assert "volume = 60" in (tmp_path / "hall.toml").read_text()
    assert capsys.readouterr().out.splitlines()[0] == "audio.volume = 60  # was 100"
