"""`python -m bench`: what people hear and what it costs, beside the same between two baresip, in the same run.

Both sides' calls run at the same time, each over a link of its own that is bad in the same way.  No thresholds.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Awaitable, Sequence
from contextlib import AsyncExitStack
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from bench import figures, line, measure, press, report
from bench.baresip import baresips
from bench.browser import browser
from bench.cells import CELLS, SETTINGS, Cell, Kind
from bench.figures import Outcome
from bench.kept import Results
from bench.machine import commit, machine
from bench.side import Side
from bench.stations import stations
from bench.table import BROWSER, OURS, SIDES, THEIRS
from bench.wire import wire
from tests.net.netns import Namespaces, NoNamespacesError

Found = TypeVar("Found")

SHARED_MEMORY = Path("/dev/shm")
MEMORY = SHARED_MEMORY if SHARED_MEMORY.is_dir() else None


def main() -> None:
    """Measure, print, write the report."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="What people hear, beside baresip.")
    parser.add_argument("--full", action="store_true", help="fill the whole table: what is missing of this commit's")
    parser.add_argument("--only", nargs="+", metavar="CELL", help="measure these cells alone")
    given = parser.parse_args()
    results, began = Results(commit(), machine()), time.monotonic()
    sides = SIDES[:2] if shutil.which("baresip") else SIDES[:1]
    cells = [cell for cell in CELLS if (cell.name in given.only if given.only else cell.is_quick or given.full)]
    if given.full:
        cells = [cell for cell in cells if not results.has(cell, _sides_of(cell, sides))]
    if THEIRS not in sides:
        print("baresip is not installed here (Debian: baresip-core), so nothing stands beside our figures.")
    heard = [cell for cell in CELLS if given.full and cell.is_for_browser and not results.has(cell, [BROWSER])]
    try:
        asyncio.run(_measure_all([cell for cell in cells if not cell.kind.is_ours_alone], results))
        asyncio.run(_measure_ours([cell for cell in cells if cell.kind.is_ours_alone], results))
        asyncio.run(_came_through(_measure_browser(heard, results), what=BROWSER))
    except NoNamespacesError as error:
        sys.exit(f"This machine makes no network namespaces for us, so there is no link between the stations: {error}")
    results.facts["took"] = f"{time.monotonic() - began:.0f} s for {len(cells) + len(heard)} cells"
    command = "make bench FULL=1" if given.full else "make bench"
    report.publish(results, command=None if given.only else command)


def _sides_of(cell: Cell, sides: Sequence[str]) -> Sequence[str]:
    return [OURS] if cell.kind.is_ours_alone else sides


async def _measure_all(cells: list[Cell], results: Results) -> None:
    if not cells:
        return
    with Namespaces("probe"):  # or there is no use in going on
        pass
    for settings, group in groupby(cells, key=lambda cell: cell.settings):
        await _came_through(_measure_group(list(group), SETTINGS[settings], results), what=f"with settings {settings}")


async def _measure_ours(cells: list[Cell], results: Results) -> None:
    for cell in cells:
        print(f"{cell.name} ({cell.seconds:.0f} s)", flush=True)
        measuring = press.measure(cell) if cell.kind is Kind.PRESS else line.measure(cell)
        if outcome := await _came_through(measuring, what=OURS):
            results.put(cell, {OURS: outcome})


async def _measure_group(cells: list[Cell], settings: str, results: Results) -> None:
    while cells:  # with fresh programs after a failure
        with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
            async with AsyncExitStack() as programs:
                sides = await _sides(programs, Path(folder), settings)
                while cells and await _measure(cells.pop(0), sides, results):
                    pass


async def _sides(programs: AsyncExitStack, folder: Path, settings: str) -> list[Side]:
    ours = await programs.enter_async_context(wire(folder))
    sides: list[Side] = [await programs.enter_async_context(stations(folder / "intercom", ours, more=settings))]
    if shutil.which("baresip"):
        theirs = await programs.enter_async_context(wire(folder))
        sides.append(await programs.enter_async_context(baresips(folder / "baresip", theirs)))
    return sides


async def _measure(cell: Cell, sides: list[Side], results: Results) -> bool:
    """Measure a cell on both sides at once; return whether both came through."""
    print(f"{cell.name} ({cell.seconds:.0f} s)", flush=True)
    took = await asyncio.gather(*(_came_through(_taken(cell, side), what=side.name) for side in sides))
    outcomes = {side.name: _outcome(cell, taken) for side, taken in zip(sides, took, strict=True) if taken is not None}
    results.put(cell, outcomes)
    return len(outcomes) == len(sides)


async def _measure_browser(cells: list[Cell], results: Results) -> None:
    if not cells or not shutil.which("chromium"):
        return
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        async with browser(Path(folder), settings=SETTINGS["normal"]) as page:
            for cell in cells:
                print(f"{cell.name}, {BROWSER} ({cell.seconds:.0f} s)", flush=True)
                results.put(cell, {BROWSER: figures.of_browser(cell, await page.listen(cell))})


async def _came_through(measuring: Awaitable[Found], *, what: str) -> Found | None:
    """Return what was measured; what fails is told and is None, and the rest goes on."""
    (found,) = await asyncio.gather(measuring, return_exceptions=True)
    if isinstance(found, Exception):
        print(f"  failed: {what}:", *traceback.format_exception_only(found), flush=True)
        return None
    if isinstance(found, BaseException):
        raise found
    return found


def _taken(cell: Cell, side: Side) -> Awaitable[measure.Taken]:
    match cell.kind:
        case Kind.IDLE:
            return measure.idle(cell, side)
        case Kind.TALK | Kind.DRIFT:
            return measure.talk(cell, side)
        case Kind.ECHO:
            return measure.echo(cell, side)
        case Kind.PRESS | Kind.LINE:
            raise ValueError("it is measured without the other side")


def _outcome(cell: Cell, taken: measure.Taken) -> Outcome:
    match taken:
        case measure.Echo():
            return figures.of_echo(taken)
        case measure.Talk():
            return figures.of_drift(taken) if cell.kind is Kind.DRIFT else figures.of_talk(cell, taken)
        case _:
            return Outcome(taken)


if __name__ == "__main__":
    main()
