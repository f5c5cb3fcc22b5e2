"""`intercom doctor`: one check after the other."""

from collections.abc import Callable
from pathlib import Path

import pytest

from intercom.audio import board
from intercom.cli import main
from tests.rig.simcard import SimCard


def test_a_check_that_cant_be_made_is_told_and_the_next_one_is_made(
    card: SimCard, plug_in: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plug_in(other=card)
    settings = tmp_path / "intercom.toml"
    settings.write_text("")
    assert main(["doctor", "--config", str(settings), "--state", str(tmp_path)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[1].startswith("wrong  There is no PCM default, or no sound card behind it. Run `arecord -L`")
    assert "of one core by the profile" in said[3]
    assert board.read(tmp_path)
