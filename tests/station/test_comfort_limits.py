"""How long a station lets calls ring and last, as people see, hear and press it."""

from pathlib import Path

import pytest

from intercom.errors import ConflictError
from intercom.signaling.messages import Answer, Failure, Hangup
from intercom.station.actions import Action
from intercom.station.view import Shows, Sign
from tests.call.world import ANSWER, SID
from tests.station.home import MINUTE_S, at_home


async def test_a_call_of_ours_that_nobody_answers_is_given_up_with_a_sound_of_its_own(tmp_path: Path) -> None:
    async with at_home(tmp_path) as home:
        home.tap()
        await home.shows(Shows.CONNECTING)
        call = home.station.connection
        assert call
        await home.later(29)
        assert call.ended is None
        await home.later(31)
        await home.shows(Shows.NO_ANSWER)
        assert call.ended
        assert (call.ended.code, call.ended.message) == (31480, "Nobody answered.")
        assert isinstance(home.wire.sent[-1], Hangup)
        assert home.tones[-1] == "no-answer"


async def test_a_call_that_the_exchange_gives_up_sounds_the_same(tmp_path: Path) -> None:
    async with at_home(tmp_path) as home:
        home.tap()
        await home.shows(Shows.CONNECTING)
        call = home.station.connection
        assert call
        home.wire.receive(Hangup(callsid=call.sid, error=Failure(31480, "Nobody answered.")))
        await home.shows(Shows.NO_ANSWER)
        assert home.tones[-1] == "no-answer"


async def test_a_call_that_rings_here_for_too_long_rings_on_elsewhere_and_is_missed(tmp_path: Path) -> None:
    async with at_home(tmp_path) as home:
        call = home.incoming(From="client:gate")
        await home.shows(Shows.PENDING)
        await home.later(30)
        assert call.ended
        assert call.ended.how == "ignored"
        missed = home.comfort.status()["missed"]
        assert (missed["count"], missed["latest"][0]["from"]) == (1, "gate")


async def test_a_call_is_warned_of_its_end_and_a_press_prolongs_it(tmp_path: Path) -> None:
    async with at_home(tmp_path) as home:
        call = await home.open()
        await home.later(9 * MINUTE_S)
        await home.shows(Shows.LAST_MINUTE)
        assert home.light.overlays == ("last-minute",)
        assert home.tones[-1] == "last-minute"
        assert home.told() == [{"ends_in_s": 60}]
        home.tap()
        await home.shows(Shows.OPEN)
        assert home.tones[-1] == "prolonged"
        assert home.signs == frozenset()
        assert home.told()[1:] == [{"prolong": True}]
        await home.later(8 * MINUTE_S)
        assert call.ended is None
        await home.later(10 * MINUTE_S + 1)
        assert call.ended
        assert call.ended.how == "hung_up"


async def test_a_hold_in_the_last_minute_still_hangs_up(tmp_path: Path) -> None:
    async with at_home(tmp_path) as home:
        call = await home.open()
        await home.later(9 * MINUTE_S)
        home.edge("answer", is_down=True)
        await home.shows(Shows.ENDED)
        assert call.ended


async def test_a_call_that_nobody_prolongs_ends(tmp_path: Path) -> None:
    async with at_home(tmp_path) as home:
        call = await home.open()
        for minutes in (9, 9.9, 10):
            assert call.ended is None
            await home.later(minutes * MINUTE_S)
        assert call.ended
        assert home.tones.count("last-minute") == 2


async def test_two_stations_tell_each_other_of_the_end(tmp_path: Path) -> None:
    async with at_home(tmp_path) as home:
        call = await home.open()
        home.tells(ends_in_s=60)
        await home.shows(Shows.LAST_MINUTE)
        assert home.tones[-1] == "last-minute"
        home.station.do(Action.PROLONG)
        assert home.told() == [{"prolong": True}]
        await home.later(5 * MINUTE_S)
        home.tells(prolong=True)
        await home.settle()
        assert home.signs == frozenset()
        await home.later(9 * MINUTE_S)
        assert call.ended is None


@pytest.mark.parametrize("content", [{}, {"prolong": False}, {"prolong": 1}, {"ends_in_s": "soon"}, {"door": True}])
async def test_what_else_a_far_end_says_changes_nothing(tmp_path: Path, content: dict[str, object]) -> None:
    async with at_home(tmp_path) as home:
        await home.open()
        home.tells(**content)
        await home.settle()
        assert home.signs == frozenset()


async def test_nothing_is_prolonged_where_nothing_ends(tmp_path: Path) -> None:
    async with at_home(tmp_path) as home:
        with pytest.raises(ConflictError, match="nothing to prolong"):
            home.station.do(Action.PROLONG)


async def test_an_outgoing_call_that_is_answered_is_limited_too(tmp_path: Path) -> None:
    async with at_home(tmp_path) as home:
        home.tap()
        await home.shows(Shows.CONNECTING)
        home.wire.receive(Answer(callsid=SID, sdp=ANSWER))
        await home.shows(Shows.OPEN)
        await home.later(9 * MINUTE_S)
        assert Sign.LAST_MINUTE in home.signs
