"""Places at the console: two writers who meet, and what each of them goes on editing."""

import asyncio
from collections.abc import Callable

import pytest

from intercom.console import frames
from intercom.console.commands import find
from intercom.console.desk import Desk, Desks
from intercom.console.machine import MachineSession
from intercom.errors import ConflictError, UsageError
from intercom.settings.schema import Settings
from intercom.settings.transaction import Commit
from tests.console.gates import Attended
from tests.console.station import SmallStation


def two() -> tuple[SmallStation, Desk, Desk]:
    """A station, and two places: at a serial port and at the socket."""
    station = SmallStation()
    return station, Desk(station, "serial /dev/ttyUSB0"), Desk(station, "uid 1000")


def serial(station: SmallStation) -> Desk:
    """Sit down at its serial line."""
    return Desk(station, "serial", station.gate.seat("/dev/ttyUSB0"))


def socket(station: SmallStation) -> Desk:
    """Come by its socket."""
    return Desks(station).of("uid 1000")


def edits(desk: Desk) -> list[str]:
    return [str(change) for change in desk.candidate.diff()]


async def run(desk: Desk, verb: str, **given: object) -> dict[str, object]:
    return await find(verb).run(desk, given)


async def test_the_slower_of_two_writers_is_told_and_keeps_its_edits_on_top_of_the_others() -> None:
    station, mine, theirs = two()
    await run(mine, "set", path="audio.volume", value=60)
    await run(theirs, "set", path="call.to", value="anna")
    await run(theirs, "commit")
    with pytest.raises(ConflictError, match="Somebody else has changed the settings meanwhile"):
        await run(mine, "commit")
    assert (station.revision, edits(mine)) == (2, ["audio.volume = 60  # was 100"])
    await run(mine, "commit")
    assert (station.settings.audio.volume, station.settings.call.to) == (60, "anna")


async def test_who_was_told_that_the_other_did_the_same_begins_afresh() -> None:
    station, mine, theirs = two()
    for desk in (mine, theirs):
        await run(desk, "set", path="call.to", value="anna")
    await run(theirs, "commit")
    with pytest.raises(ConflictError):
        await run(mine, "commit")
    assert (await run(mine, "commit"))["changes"] == []
    await run(theirs, "set", path="call.to", value="bob")
    await run(theirs, "commit")
    await run(mine, "set", path="audio.volume", value=60)
    await run(mine, "commit")
    assert station.settings.call.to == "bob"


async def test_between_any_two_of_many_commands_that_came_at_once_others_have_their_turn() -> None:
    desk = two()[1]
    turns, done = 0, asyncio.create_task(MachineSession(desk).feed(b"".join(map(asking, range(100))), ignore))
    while not done.done():
        turns += 1
        await asyncio.sleep(0)
    assert turns >= 100


def asking(number: int) -> bytes:
    return frames.encode(frames.Request(str(number), "status", {})).encode() + b"\r"


async def ignore(_: bytes) -> None:
    """Take an answer."""


@pytest.mark.parametrize("sit", [serial, socket])
async def test_what_is_edited_outlasts_a_restart_by_anothers_commit_which_is_told(sit: Callable[..., Desk]) -> None:
    before, after, gate = SmallStation(), SmallStation(), Attended()
    before.gate = after.gate = gate
    await run(sit(before), "set", path="audio.volume", value=60)
    after.keep(after.settings, Commit("somebody else"))
    with pytest.raises(ConflictError, match="Somebody else has changed the settings meanwhile"):
        await run(sit(after), "commit")
    assert edits(sit(after)) == ["audio.volume = 60  # was 100"]
    sit(after).logout()
    assert edits(sit(after)) == []


class SlowStation(SmallStation):
    """Writes when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.is_writing, self.may_write = asyncio.Event(), asyncio.Event()

    async def commit(self, settings: Settings, commit: Commit | None = None) -> list[str]:
        self.is_writing.set()
        await self.may_write.wait()
        return await super().commit(settings, commit)


async def test_what_is_set_while_a_commit_is_written_is_edited_on() -> None:
    station = SlowStation()
    desk = Desk(station, "uid 1000")  # of two programs
    await run(desk, "set", path="call.to", value="anna")
    async with asyncio.timeout(5):
        writing = asyncio.create_task(run(desk, "commit"))
        await station.is_writing.wait()
        await run(desk, "set", path="audio.volume", value=60)
        station.may_write.set()
        await writing
        assert edits(desk) == ["audio.volume = 60  # was 100"]
        await run(desk, "commit")
    assert (station.settings.call.to, station.settings.audio.volume) == ("anna", 60)


@pytest.mark.parametrize(
    "comment", ["\x1b[2J", "one\n  2  another line of the history", "\x9b1m", "a\u202eb", "x" * 201]
)
async def test_a_comment_that_would_forge_what_is_shown_is_refused(comment: str) -> None:
    station, desk, _ = two()
    await run(desk, "set", path="call.to", value="anna")
    for verb, given in (("commit", {}), ("commit-confirm", {"seconds": 60})):
        with pytest.raises(UsageError):
            await run(desk, verb, comment=comment, **given)
    assert station.revision == 1
    await run(desk, "commit", comment="für die neue Tür ☎")
    assert station.revisions[-1].comment == "für die neue Tür ☎"
