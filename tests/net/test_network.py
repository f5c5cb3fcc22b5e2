"""Calls through a network, and through one that fails: with the SDKs v1 and v2 and between stations, side by side."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.browser.sdkphone import SdkPhone
from tests.figures import Figures
from tests.net.outage import MEDIA, RING_WITHIN_S, SIGNALLING, Outage
from tests.net.record import Record
from tests.net.street import ETHERNET
from tests.net.talk import End, Talk, ended, reconnected, registered, timed
from tests.net.town import Town

MAY_GROW_KIB = 4096
MOVED_WITHIN_S = {"SDK v1": 25.0, "SDK v2": 25.0, "station": 5.0}

pytestmark = pytest.mark.asyncio(loop_scope="module")
soak = pytest.mark.soak


@pytest_asyncio.fixture(loop_scope="module")
async def talking(town: Town) -> AsyncIterator[Town]:
    """Three calls have just begun."""
    await asyncio.gather(*(registered(end) for talk in town.talks for end in talk.ends))
    await asyncio.gather(*(talk.begin() for talk in town.talks))
    await asyncio.gather(*(end.forget() for talk in town.talks for end in talk.ends))
    yield town
    town.street.mend()
    await asyncio.gather(*[talk.end() for talk in town.talks if await talk.is_under_way()])


@pytest.mark.parametrize("rounds", [1, pytest.param(17, marks=soak)])
async def test_calls_in_a_row_are_heard_at_both_ends(town: Town, figures: Figures, rounds: int) -> None:
    """Thirty a round.  A page of either SDK takes a little more of the machine after each call, so each has its own."""
    records = [Record(talk) for talk in town.talks]
    for _ in range(rounds):
        await town.freshen()
        await asyncio.gather(*(record.calls(10) for record in records))
    for record in records:
        figures.note(str(record))
        assert record.grown_kib < MAY_GROW_KIB


async def test_a_cable_that_is_pulled_is_shown_and_once_it_is_plugged_in_again_the_station_is_there(
    town: Town, figures: Figures
) -> None:
    attic = next(each for each in town.stations if each.identity == "attic")
    await registered(attic)
    town.street.unplug("attic")
    shown_s = await timed(attic.shows(pattern="blink", within_s=RING_WITHIN_S))
    town.street.plug("attic")
    back_s = await timed(attic.shows(pattern="heartbeat"))
    figures.note(f"cable pulled: the ring showed it after {shown_s:.2f} s, and was back {back_s:.2f} s after the cable")


async def test_after_five_seconds_without_a_path_all_hear_each_other_again(talking: Town, figures: Figures) -> None:
    await Outage(talking, MEDIA, 5, figures.note).passes(within_s=5)
    await asyncio.gather(*map(reconnected, talking.stations))


@pytest.mark.parametrize("lasts_s", [12, pytest.param(25, marks=soak)])
async def test_after_more_the_sdks_have_been_reconnecting_too(talking: Town, figures: Figures, lasts_s: float) -> None:
    await Outage(talking, MEDIA, lasts_s, figures.note).passes(within_s=5)
    await asyncio.gather(*(reconnected(end) for talk in talking.talks for end in talk.ends))


@pytest.mark.parametrize("lasts_s", [12, pytest.param(5, marks=soak), pytest.param(24, marks=soak)])
async def test_a_call_outlives_a_cut_of_signalling_too(talking: Town, figures: Figures, lasts_s: float) -> None:
    await Outage(talking, MEDIA + SIGNALLING, lasts_s, figures.note).passes(within_s=20)


async def test_a_station_that_changes_its_network_is_heard_again(talking: Town, figures: Figures) -> None:
    for host in ("hall", "kitchen", "yard"):
        talking.street.move(host, ETHERNET)
    moved_at = time.monotonic()
    await asyncio.gather(*(heal_after_a_move(each, moved_at, figures) for each in talking.talks))


async def heal_after_a_move(talk: Talk, moved_at: float, figures: Figures) -> None:
    within_s = MOVED_WITHIN_S[talk.title]
    await reconnected(talk.station, within_s=within_s)
    back_s = time.monotonic() - moved_at
    heard = await talk.is_sound(within_s=within_s - back_s)
    figures.note(f"address changed: with {talk.title} heard again after {heard.later(back_s)}")


@soak
@pytest.mark.parametrize("pairs", [MEDIA, MEDIA + SIGNALLING], ids=["media", "media and signalling"])
async def test_after_a_minute_without_a_path_both_ends_have_given_up(
    talking: Town, figures: Figures, pairs: tuple[tuple[str, str], ...]
) -> None:
    talking.street.cut(*pairs)
    await asyncio.gather(*(give_up(talk, figures) for talk in talking.talks))


async def give_up(talk: Talk, figures: Figures) -> None:
    station_s, far_s = await asyncio.gather(*(timed(ended(end, within_s=60)) for end in talk.ends))
    errors = [await own_errors(end) for end in talk.ends]
    figures.note(f"cut for good: with {talk.title} over after {station_s:.1f} s and {far_s:.1f} s, by errors {errors}")
    assert {31003, 53405} & {*errors[0], *errors[1]}


async def own_errors(end: End) -> list[int | None]:
    """Return the codes of the errors that an end has found by itself."""
    if isinstance(end, SdkPhone):
        return [event.code for event in await end.events() if event.name == "connection error"]
    ends = [status["call"]["ended"] for status in end.seen if status["call"]]
    return sorted({each["code"] for each in ends if each and each["how"] == "failed"})
