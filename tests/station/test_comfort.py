"""Comfort in the station: limits, auto-answer, do-not-disturb, missed calls, privacy; as people press, see and hear."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from intercom.call.connection import Connection
from intercom.errors import ConflictError, RefusedError
from intercom.panel.events import Edge
from intercom.settings.schema import Call, Settings
from intercom.signaling.messages import Answer, CallMessage, Cancel, Failure, Hangup
from intercom.station.actions import Action
from intercom.station.comfort import Comfort
from intercom.station.station import Station
from intercom.station.view import Shows, Sign
from tests.call.world import ANSWER, SID
from tests.station.test_station import SETTINGS, House, living

MINUTE_S = 60
NOON = datetime(2026, 11, 23, 12).timestamp()
CALM = Call(to="web", longest_min=10, ring_timeout_s=30)


class Home(House):
    """A house with comfort; `wall` is what the clock on the wall shows, `at` the loop's time where it was moved."""

    def __init__(self, state: Path, call: Call = CALM) -> None:
        super().__init__(replace(SETTINGS, call=call))
        self.wall, self.is_audible, self.is_private = NOON, True, False
        self.comfort = Comfort(call, self, state=state, post=self.inbox.put_nowait, clock=lambda: self.wall)
        settings: Settings = replace(SETTINGS, call=call)
        self.station = Station(
            settings, self.inbox, device=self.device, lamp=self, speaker=self, companions=[self.comfort]
        )
        self.station.publish = self._published
        self.station.touched = self.comfort.touched

    def keep_private(self, flag: bool) -> None:
        self.is_private = flag

    @property
    def signs(self) -> frozenset[Sign]:
        return self.station.view.signs

    async def later(self, seconds: float) -> None:
        """Make it so many seconds after now, for a moment, as an edge of a button tells the station."""
        self.wall = NOON + seconds
        at = asyncio.get_running_loop().time() + seconds
        self.inbox.put_nowait(Edge("service", is_down=False, at=at))
        await self.settle()

    async def sees(self, sign: Sign, *, is_there: bool) -> None:
        """Wait until a sign is shown, or no longer."""
        async with asyncio.timeout(5):
            while (sign in self.signs) is not is_there:
                self._shown.clear()
                await self._shown.wait()

    async def open(self) -> Connection:
        """Answer a call that comes."""
        connection = self.incoming(From="client:kitchen")
        connection.accept()
        await self.shows(Shows.OPEN)
        return connection

    def told(self) -> list[object]:
        """Return what was sent to the far end of its end."""
        return [message.content for message in self.wire.sent if isinstance(message, CallMessage)]

    def tells(self, **content: object) -> None:
        """Let the far end say something of the call's end."""
        self.wire.receive(CallMessage(callsid=SID, messagetype="limit", voiceeventsid="KX1", content=content))


@asynccontextmanager
async def at_home(state: Path, call: Call = CALM) -> AsyncIterator[Home]:
    home = Home(state, call)
    async with home.comfort, living(home):
        yield home


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


ALLOWED = replace(CALM, auto_answer=("kitchen",), auto_answer_after_s=3)


async def test_a_call_is_answered_by_itself_after_it_was_announced(tmp_path: Path) -> None:
    async with at_home(tmp_path, ALLOWED) as home:
        call = home.incoming(From="client:kitchen")
        await home.shows(Shows.PENDING)
        assert home.tones == ["announcement"]
        await home.later(2.9)
        assert call.status() == "pending"
        await home.later(3)
        await home.shows(Shows.OPEN)
        assert home.tones == ["announcement", None]


@pytest.mark.parametrize(
    ("caller", "is_audible", "quiet", "private"),
    [
        ("client:hall", True, False, False),
        ("kitchen", True, False, False),
        ("client:kitchen", False, False, False),
        ("client:kitchen", True, True, False),
        ("client:kitchen", True, False, True),
    ],
)
async def test_no_other_call_is_and_none_unheard_or_while_somebody_wants_to_be_left_alone(
    tmp_path: Path, caller: str, is_audible: bool, quiet: bool, private: bool
) -> None:
    async with at_home(tmp_path, ALLOWED) as home:
        home.is_audible = is_audible
        if quiet:
            home.comfort.do_not_disturb(True)
        if private:
            home.comfort.switch_privacy(True)
        call = home.incoming(From=caller)
        await home.later(10)
        assert call.status() == "pending"
        assert Sign.ANNOUNCED not in home.signs
        assert "announcement" not in home.tones[-1:]


async def test_privacy_that_is_switched_on_while_it_is_announced_comes_in_time(tmp_path: Path) -> None:
    async with at_home(tmp_path, ALLOWED) as home:
        call = home.incoming(From="client:kitchen")
        await home.shows(Shows.PENDING)
        home.station.do(Action.TOGGLE_PRIVACY)
        await home.later(10)
        assert call.status() == "pending"
        assert home.tones[-1] == "ringtone"


async def test_a_call_while_it_is_quiet_is_seen_and_not_heard_but_for_an_urgent_one(tmp_path: Path) -> None:
    async with at_home(tmp_path, replace(CALM, urgent=("gate",))) as home:
        home.comfort.do_not_disturb(True)
        home.incoming(From="client:kitchen")
        await home.shows(Shows.PENDING)
        assert (home.light.pattern, home.light.overlays) == ("chase", ("do-not-disturb",))
        assert home.tones == ["quiet"]
        home.incoming("CA2", From="client:gate")
        await home.settle()
        assert home.tones == ["quiet", "ringtone"]


async def test_the_schedule_makes_it_quiet_without_a_sound_and_a_hand_until_its_next_edge(tmp_path: Path) -> None:
    async with at_home(tmp_path, replace(CALM, quiet=("22:00-07:00",))) as home:
        assert home.comfort.status()["dnd"] == {"state": "off", "why": ""}
        await home.later(10 * 60 * MINUTE_S)
        assert home.comfort.status()["dnd"] == {"state": "on", "why": "by schedule"}
        home.tap("ignore")
        await home.settle()
        assert home.comfort.status()["dnd"] == {"state": "off", "why": "by hand until the schedule changes it"}
        assert home.tones == ["disturb"]
        await home.later(19 * 60 * MINUTE_S)
        assert home.comfort.status()["dnd"] == {"state": "off", "why": ""}


async def test_a_clock_that_is_not_set_is_told(tmp_path: Path) -> None:
    async with at_home(tmp_path, replace(CALM, quiet=("00:00-00:00",))) as home:
        home.wall = 100.0
        home.comfort.tick(asyncio.get_running_loop().time())
        assert home.comfort.status()["dnd"]["state"] == "off"
        assert "clock is not set" in home.comfort.status()["dnd"]["why"]


async def test_a_call_that_its_caller_gave_up_is_missed_until_somebody_presses_a_button(tmp_path: Path) -> None:
    async with at_home(tmp_path) as home:
        for sid, who in ((SID, "client:gate"), ("CA2", "+4930123")):
            home.incoming(sid, From=who)
            home.wire.receive(Cancel(callsid=sid))
        await home.shows(Shows.IDLE)
        assert home.light.overlays == ("missed",)
        missed = home.comfort.status()["missed"]
        assert (missed["state"], [one["from"] for one in missed["latest"]]) == ("2 calls", ["+4930123", "gate"])
    async with at_home(tmp_path) as home:
        assert Sign.MISSED in home.signs
        home.tap("reject")
        await home.settle()
        assert Sign.MISSED not in home.signs
        assert home.comfort.status()["missed"]["count"] == 0


async def test_a_call_that_another_took_or_somebody_saw_here_is_not_missed(tmp_path: Path) -> None:
    async with at_home(tmp_path) as home:
        home.incoming()
        home.wire.receive(Cancel(callsid=SID, taken=True))
        await home.shows(Shows.ENDED_QUIETLY)
        home.incoming("CA2")
        await home.shows(Shows.PENDING)
        home.tap("volume_down")
        await home.settle()
        home.wire.receive(Cancel(callsid="CA2"))
        await home.settle()
        assert home.comfort.status()["missed"]["count"] == 0


async def test_who_answers_sees_what_was_missed_and_an_answer_by_itself_sees_nothing(tmp_path: Path) -> None:
    async with at_home(tmp_path, ALLOWED) as home:
        home.incoming("CA0")
        home.wire.receive(Cancel(callsid="CA0"))
        home.incoming("CA1", From="client:kitchen")
        await home.later(5)
        await home.shows(Shows.OPEN)
        assert Sign.MISSED in home.signs
        home.wire.receive(Hangup(callsid="CA1"))
        (await home.open()).disconnect()
        assert Sign.MISSED not in home.signs


async def test_privacy_holds_for_every_call_and_nobody_undoes_it_from_afar(tmp_path: Path) -> None:
    async with at_home(tmp_path) as home:
        home.comfort.switch_privacy(True)
        await home.settle()
        assert (home.is_private, home.light.overlays, home.tones) == (True, ("private",), ["private"])
        call = await home.open()
        assert home.light.overlays == ("muted", "private")
        with pytest.raises(RefusedError):
            home.station.phone.mute(False)
        with pytest.raises(RefusedError):
            home.comfort.switch_privacy(False)
        call.mute(False)
        home.tap("mute")
        await home.later(0.2)
        assert home.is_private
        assert home.light.overlays == ("muted", "private")
        assert home.tones[-1] == "refused"


async def test_privacy_is_undone_by_holding_the_mute_button_after_a_restart_too(tmp_path: Path) -> None:
    async with at_home(tmp_path) as home:
        home.edge("mute", is_down=True)
        await home.sees(Sign.PRIVATE, is_there=True)
    async with at_home(tmp_path) as home:
        assert home.is_private
        assert home.light.overlays == ("private",)
        home.edge("mute", is_down=True)
        await home.sees(Sign.PRIVATE, is_there=False)
        await home.settle()
        assert not home.is_private
        assert home.tones == ["not-private"]


async def test_privacy_may_be_undone_from_afar_where_that_is_allowed(tmp_path: Path) -> None:
    async with at_home(tmp_path, replace(CALM, privacy_remote=True)) as home:
        home.comfort.switch_privacy(True)
        home.comfort.switch_privacy(False)
        assert not home.is_private


async def test_a_station_whose_memory_is_broken_starts_private_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "comfort.json").write_text("{")
    async with at_home(tmp_path) as home:
        assert home.is_private
        assert "can't be read" in home.comfort.status()["privacy"]["why"]


async def test_a_call_that_is_cancelled_before_its_own_announcement_is_over_is_not_answered(tmp_path: Path) -> None:
    async with at_home(tmp_path, ALLOWED) as home:
        call = home.incoming(From="client:kitchen")
        home.wire.receive(Cancel(callsid=SID))
        await home.later(5)
        assert call.ended
        assert home.sounds[0].is_open is False


async def test_an_outgoing_call_that_is_answered_is_limited_too(tmp_path: Path) -> None:
    async with at_home(tmp_path) as home:
        home.tap()
        await home.shows(Shows.CONNECTING)
        home.wire.receive(Answer(callsid=SID, sdp=ANSWER))
        await home.shows(Shows.OPEN)
        await home.later(9 * MINUTE_S)
        assert Sign.LAST_MINUTE in home.signs
