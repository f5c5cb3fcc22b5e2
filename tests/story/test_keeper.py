"""The keeper of the stories: it writes seldom, and all at its end."""

from pathlib import Path

from intercom.story import file
from intercom.story.keeper import Keeper
from intercom.story.record import NEVER, Story


def story(n: int, how: str = "hung_up", message: str = "") -> Story:
    return Story(n=n, at=1e9, direction="outgoing", how=how, message=message)


async def test_a_thousand_presses_that_come_to_nothing_are_one_line_with_their_number(tmp_path: Path) -> None:
    async with Keeper(tmp_path) as keeper:
        await keeper.written()
        for _ in range(1000):
            keeper.keep(story(keeper.next_number, NEVER, "No network."))
        keeper.keep(story(keeper.next_number, NEVER, "Nobody is named."))
        assert [(one.n, one.times) for one in keeper.stories] == [(1, 1000), (2, 1)]
    assert (tmp_path / file.NEWER).read_bytes().count(b"\n") <= 4
    assert [(one.n, one.times) for one in file.read(tmp_path)] == [(1, 1000), (2, 1)]


async def test_numbers_go_on_after_a_restart(tmp_path: Path) -> None:
    async with Keeper(tmp_path) as keeper:
        keeper.keep(story(keeper.next_number))
    async with Keeper(tmp_path) as keeper:
        assert keeper.next_number == 2


async def test_what_could_not_be_written_is_written_later(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    async with Keeper(folder) as keeper:
        keeper.keep(story(1))
        await keeper.written()
        assert "can't be written: No such file or directory" in keeper.why
        folder.mkdir()
        keeper.keep(story(2))
        await keeper.written()
        assert keeper.why == ""
    assert [one.n for one in file.read(folder)] == [1, 2]


async def test_no_more_is_remembered_than_is_kept(tmp_path: Path) -> None:
    async with Keeper(tmp_path) as keeper:
        for _ in range(3 * file.KEPT):
            keeper.keep(story(keeper.next_number))
        assert len(keeper.stories) == file.KEPT
        assert keeper.next_number == 3 * file.KEPT + 1
