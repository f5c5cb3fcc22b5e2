"""What was measured before."""

from pathlib import Path

import pytest

from intercom.audio import history
from intercom.audio.history import FILE, MOST, Measured


def measured(at: str = "2026-01-01T00:00:00Z", **figures: float) -> Measured:
    return Measured(at=at, capture="a", playback="b", noise_dbfs=-60.0, **figures)


def test_what_is_written_is_read_in_order(tmp_path: Path) -> None:
    all_of_them = [measured("1", loop_ms=12.5), measured("2", echo_loss_db=20.0), measured("3")]
    for each in all_of_them:
        history.add(tmp_path, each)
    assert history.read(tmp_path) == all_of_them


def test_there_is_no_history_at_first(tmp_path: Path) -> None:
    assert history.read(tmp_path / "nowhere") == []


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b'{"at": 3}', b"\xff\xfe", b'{"at": "x", "loop_ms": 1e9}'])
def test_a_line_that_cant_be_read_is_passed_over(tmp_path: Path, line: bytes) -> None:
    history.add(tmp_path, measured("1"))
    with (tmp_path / FILE).open("ab") as file:
        file.write(line + b"\n")
    history.add(tmp_path, measured("2"))
    assert [each.at for each in history.read(tmp_path)] == ["1", "2"]


def test_the_oldest_go(tmp_path: Path) -> None:
    lines = b"".join(b'{"at":"%d","capture":"a","playback":"b","noise_dbfs":-60}\n' % at for at in range(MOST))
    (tmp_path / FILE).write_bytes(lines)
    history.add(tmp_path, measured("new"))
    known = history.read(tmp_path)
    assert (len(known), known[0].at, known[-1].at) == (MOST, "1", "new")
