"""The files of the stories: bounded, added to only, whole after a power cut at any byte."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intercom.story import file
from intercom.story.record import CUT, Story


def story(n: int, how: str = "hung_up", peer: str = "anna") -> Story:
    return Story(n=n, at=1e9 + n, direction="incoming", peer=peer, how=how)


def test_a_station_without_a_history_has_none(tmp_path: Path) -> None:
    assert file.read(tmp_path) == []


def test_what_is_known_last_of_a_call_counts(tmp_path: Path) -> None:
    file.add(tmp_path, [story(1, ""), story(2)])
    file.add(tmp_path, [story(1)])
    assert file.read(tmp_path) == [story(1), story(2)]


def test_a_call_without_an_end_was_cut(tmp_path: Path) -> None:
    file.add(tmp_path, [story(1, "")])
    assert [one.how for one in file.read(tmp_path)] == [CUT]


@settings(deadline=None)
@given(st.data())
def test_a_power_cut_at_any_byte_costs_only_the_line_that_was_being_written(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    file.add(folder, [story(1)])
    whole = (folder / file.NEWER).read_bytes()
    file.add(folder, [story(2)])
    both = (folder / file.NEWER).read_bytes()
    (folder / file.NEWER).write_bytes(both[: data.draw(st.integers(len(whole), len(both) - 2))])
    assert file.read(folder) == [story(1)]
    file.add(folder, [story(3)])
    assert file.read(folder) == [story(1), story(3)]


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_what_is_no_story_is_passed_over(tmp_path_factory: pytest.TempPathFactory, noise: bytes) -> None:
    folder = tmp_path_factory.mktemp("noise")
    (folder / file.NEWER).write_bytes(noise)
    file.add(folder, [story(1)])
    assert file.read(folder) == [story(1)]


def test_however_many_calls_there_are_the_files_stay_small_and_the_latest_are_kept(tmp_path: Path) -> None:
    for n in range(1, 3000, 50):
        file.add(tmp_path, [story(n + more, peer="p" * 100) for more in range(50)])
    sizes = [path.stat().st_size for path in tmp_path.iterdir()]
    assert len(sizes) == 2
    assert max(sizes) <= file.FULL_BYTES + 10_000
    assert [one.n for one in file.read(tmp_path)] == list(range(3001 - file.KEPT, 3001))


def test_the_files_are_nobody_else_s_to_read_and_no_link_is_followed(tmp_path: Path) -> None:
    file.add(tmp_path, [story(1)])
    assert (tmp_path / file.NEWER).stat().st_mode & 0o777 == 0o600
    (tmp_path / file.NEWER).rename(tmp_path / "other")
    (tmp_path / file.NEWER).symlink_to(tmp_path / "other")
    with pytest.raises(OSError, match="symbolic"):
        file.read(tmp_path)
