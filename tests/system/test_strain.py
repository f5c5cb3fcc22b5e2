"""A call goes on, whatever comes by the serial line and whatever is written meanwhile: nothing of it is heard."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.console.terminal import Terminal
from tests.figures import Figures
from tests.rig.ear import until_heard
from tests.system.estate import MICROPHONE_HZ, Estate
from tests.system.strain import Clog, Heard, Person, heard

QUIET_S, TRIES = 3.0, 4
STILL = Heard(xruns=0, gap_ms=20, seconds=0)
HALL = '[panel.buttons]\nanswer = 17\n[console]\nport = "{port}"\n'
ATTIC = "[panel.buttons]\nanswer = 17\n"


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    with Terminal(tmp_path / "port") as made:
        yield made


@pytest.fixture
async def estate(tmp_path: Path, cards: Path, terminal: Terminal) -> AsyncIterator[Estate]:
    """A hall with a serial line, in a call with the attic; each hears the other's tone."""
    stations = {"hall": HALL.format(port=terminal.device), "attic": ATTIC}
    async with Estate(tmp_path, cards, stations).living() as made:
        hall, attic = made.stations["hall"], made.stations["attic"]
        await hall.ask("call", "attic")
        await attic.is_in("pending")
        await attic.ask("answer")
        for end in (hall, attic):
            await until_heard(end.card, MICROPHONE_HZ)
        yield made


# What else this machine does is heard now and then; what the console did would be each time.
@pytest.mark.parametrize(("least", "most"), [(1, TRIES), pytest.param(12, 12, marks=pytest.mark.soak)])
async def test_noise_floods_and_commits_are_not_heard(
    estate: Estate, terminal: Terminal, figures: Figures, least: int, most: int
) -> None:
    cards, person = (estate.stations["hall"].card, estate.stations["attic"].card), Person(terminal)
    await person.logs_in()
    quiet: list[Heard] = []
    strained: list[Heard] = []
    while len(strained) < least or (not is_as_still(strained, quiet) and len(strained) < most):
        quiet.append(await heard(cards, asyncio.sleep(QUIET_S)))
        strained.append(await heard(cards, person.does_all(len(strained))))
    assert (await estate.stations["hall"].ask("status"))["call"]["status"] == "open"
    figures.note(f"a call beside a quiet console: {'; '.join(map(str, quiet))}")
    figures.note(f"the same call beside noise, floods and commits: {'; '.join(map(str, strained))}")
    assert is_as_still(strained, quiet)


def is_as_still(strained: list[Heard], quiet: list[Heard]) -> bool:
    """Whether the best quarter of the one is no worse than that of the other."""
    first, other = (sorted(each)[(len(each) - 1) // 4] for each in (strained, quiet))
    return first <= max(other, STILL)


async def test_while_settings_can_not_be_written_and_the_console_waits_for_them_the_sound_goes_on(
    estate: Estate, terminal: Terminal, tmp_path: Path
) -> None:
    hall, attic = estate.stations["hall"], estate.stations["attic"]
    person = Person(terminal)
    await person.logs_in()
    clog = Clog(tmp_path / "hall.toml")
    await person.says("set audio.ring_volume 7", until="> ")
    await person.says("commit", until="commit")
    await clog.is_awaited()
    await person.sends_what_is_not_read()
    for _ in range(TRIES):  # as this machine does other things too
        found = await heard((hall.card, attic.card), asyncio.sleep(QUIET_S))
        if found <= STILL:
            break
    assert found <= STILL
    assert (await hall.ask("status"))["settings"]["revision"] == 1
    clog.clear()
    await person.says("", until="Written to")
    assert (await hall.ask("status"))["settings"]["revision"] == 2
