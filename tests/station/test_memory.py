"""What comfort remembers over a restart."""

import stat
from pathlib import Path

import pytest

from intercom.station.memory import NAME, Memory, MemoryFile
from intercom.station.missed import MissedCalls
from intercom.station.quiet import Switch

SOMETHING = Memory(True, Switch(True, 1_800_000_000.0), MissedCalls().with_one("gate", 1_800_000_001.0))


async def test_what_is_kept_is_there_at_the_next_start_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    async with MemoryFile(tmp_path) as file:
        assert (file.memory, file.why) == (Memory(), "")
        file.keep(SOMETHING)
    async with MemoryFile(tmp_path) as file:
        assert (file.memory, file.why) == (SOMETHING, "")
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"\xff", b"{", b'{"is_private": "yes"}', b"[]"])
async def test_a_file_that_cant_be_read_is_taken_for_privacy(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    async with MemoryFile(tmp_path) as file:
        assert file.memory.is_private
        assert "can't be read" in file.why


async def test_a_folder_that_cant_be_written_is_told_and_forgotten_once_it_can(tmp_path: Path) -> None:
    state = tmp_path / "state"
    async with MemoryFile(state) as file:
        file.keep(SOMETHING)
        await file.written()
        assert "can't be written" in file.why
        state.mkdir()
        file.keep(SOMETHING)
        await file.written()
        assert file.why == ""
