"""`intercom doctor board`."""

import json
from pathlib import Path

import pytest

from intercom.audio import board
from intercom.audio.board import FILE, Board
from intercom.cli import main
from intercom.doctor.board import examine
from intercom.rtc.strength import MEASURED, Cost


def costs(times: float) -> list[Cost]:
    """What coding takes on a board that is so many times slower than a desktop."""
    return [Cost(how, (60.0 + 40.0 * how.complexity) * times, 40.0 * times) for how in MEASURED]


@pytest.mark.parametrize(
    ("times", "profile", "complexity", "beginning"),
    [
        (1, "normal", 9, "fine   A call will use about 8% of one core by the profile normal"),
        (6, "normal", 5, "fine   A call will use about 45% of one core by the profile normal"),
        (12, "light", 0, "fine   A call will use about 60% of one core by the profile light"),
        (30, "light", 0, "look   A call will use about 150% of one core by the profile light"),
    ],
)
def test_a_slower_board_gets_less_to_do(
    tmp_path: Path, times: float, profile: str, complexity: int, beginning: str
) -> None:
    noted, (finding,) = examine(tmp_path, measure=lambda: costs(times))
    assert (noted.profile, noted.complexity) == (profile, complexity)
    assert str(finding).startswith(beginning)
    assert board.read(tmp_path) == noted


def test_it_is_measured_on_this_board(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "board", "--json", "--state", str(tmp_path)]) == 0
    told = json.loads(capsys.readouterr().out)["measured"]
    assert board.read(tmp_path) == Board(**told)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"profile": "huge", "complexity": 3, "share": 1, "at": ""}'])
def test_a_note_that_cant_be_read_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    assert board.read(tmp_path) is None
