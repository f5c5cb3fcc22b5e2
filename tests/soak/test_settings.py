"""Random settings: valid ones go from file to desk to export to another station's file; invalid ones go nowhere."""

import asyncio
from collections.abc import Callable, Coroutine
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from intercom.errors import IntercomError
from intercom.settings import armour
from intercom.settings.clashes import clashes
from intercom.settings.file import load
from intercom.settings.paths import find, get, leaves, replace
from intercom.settings.schema import Settings
from intercom.settings.template import template
from intercom.settings.words import written
from tests.settings.desks import FiledStation
from tests.settings.strategies import PATHS, valid_settings, wrong_value

Way = Callable[[FiledStation, dict[str, Any]], Coroutine[Any, Any, str]]

ANY_HEALTH = list(HealthCheck)
MINE, THEIRS = "# My hall, and nobody else's\n", "# A house that was there before  # twice\n"


def times(few: int, many: int) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("examples", [few, pytest.param(many, marks=pytest.mark.soak)])


def each(examples: int, *strategies: st.SearchStrategy[Any], do: Callable[..., Coroutine[Any, Any, None]]) -> None:
    """Do it with so many examples of them."""

    @settings(max_examples=examples, deadline=None, suppress_health_check=ANY_HEALTH, database=None)
    @given(st.tuples(*strategies))
    def with_each(drawn: tuple[Any, ...]) -> None:
        asyncio.run(do(*drawn))

    with_each()


@times(15, 1000)
def test_valid_settings_go_from_file_to_desk_to_export_to_another_file(tmp_path: Path, examples: int) -> None:
    number = count()

    async def around(before: Settings, wanted: Settings, others: Settings) -> None:
        folder = tmp_path / str(next(number))
        mine = FiledStation(folder.with_suffix(".mine") / "a.toml", MINE + template(before))
        await mine.edit(wanted)
        await mine.run("commit", comment="as drawn")
        theirs = FiledStation(folder.with_suffix(".theirs") / "b.toml", THEIRS + template(_keyed(others, wanted)))
        await theirs.paste(await mine.export())
        await theirs.run("commit")
        for station, first in ((mine, MINE), (theirs, THEIRS)):
            assert load(station.path) == station.settings == wanted
            kept = station.path.read_text()
            assert kept.startswith(first)
            assert [line for line in _comments(template()) if line not in kept] == []
        told = [sorted((await station.export())[:-1]) for station in (mine, theirs)]  # but for the order of tables
        assert told[0] == told[1]

    drawn = valid_settings() if examples < 100 else valid_settings() | valid_settings(least=25)
    each(examples, drawn, drawn, drawn, do=around)


@times(60, 10_000)
def test_invalid_settings_are_refused_with_path_and_bound_and_change_nothing(tmp_path: Path, examples: int) -> None:
    station = FiledStation(tmp_path / "hall" / "a.toml", MINE + template())
    asyncio.run(station.run("set", path="call.to", value="anna"))
    before, ways = station.trace(), (_set, _paste, _write)

    async def refused(wrong: dict[str, Any], way: int) -> None:
        told = await ways[way](station, wrong)
        for path in _judged(wrong, ways[way]):
            assert f"{path} must be {find(path).allowed}." in told, (wrong, told)
        assert station.trace() == before, wrong

    wrong = st.lists(st.sampled_from(PATHS), min_size=1, max_size=4, unique=True).flatmap(
        lambda paths: st.fixed_dictionaries({path: wrong_value(path) for path in paths})
    )
    each(examples, wrong, st.integers(0, len(ways) - 1), do=refused)


async def _set(station: FiledStation, wrong: dict[str, Any]) -> str:
    told = []
    for path in _judged(wrong, _set):
        try:
            await station.run("set", path=path, value=wrong[path])
        except IntercomError as error:
            told.append(str(error))
    return "\n".join(told)


def _judged(wrong: dict[str, Any], way: Way) -> list[str]:
    """The settings that are refused that way: a text is words to `set`, so that `60` is a number too."""
    return [path for path, value in wrong.items() if way is not _set or not isinstance(value, str)]


async def _paste(station: FiledStation, wrong: dict[str, Any]) -> str:
    try:
        await station.paste(armour.armoured(_toml(wrong)).split("\n"))
    except IntercomError as error:
        return str(error)
    return "nothing"


async def _write(station: FiledStation, wrong: dict[str, Any]) -> str:
    """As who edits a file and has it checked, which the station has not read yet."""
    file = station.path.parent.with_suffix(".toml")
    file.write_text(_toml(wrong))
    try:
        load(file)
    except IntercomError as error:
        return str(error)
    return "nothing"


def _toml(values: dict[str, Any]) -> str:
    return "".join(f"{path} = {written(value)}\n" for path, value in values.items()).replace("\x9b", "\\u009b")


def _keyed(settings: Settings, like: Settings) -> Settings:
    """The same with the secrets of others, which no export tells."""
    keyed = settings
    for leaf in leaves().values():
        if leaf.is_secret:
            keyed = replace(keyed, leaf.path, get(like, leaf.path))
    if not clashes(keyed):
        return keyed
    return structs.replace(settings, signaling=like.signaling, rtc=like.rtc, exchange=like.exchange)


def _comments(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.startswith("# ") and " = " not in line]
