"""Do-not-disturb and missed calls at a station, as people see and hear them."""

import asyncio
from pathlib import Path

from msgspec.structs import replace

from intercom.signaling.messages import Cancel, Hangup
from intercom.station.view import Shows, Sign
from tests.call.world import SID
from tests.station.home import ALLOWED, CALM, MINUTE_S, at_home


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


async def test_do_not_disturb_that_was_switched_by_hand_is_there_after_a_restart(tmp_path: Path) -> None:
    async with at_home(tmp_path) as home:
        home.tap("ignore")
        await home.sees(Sign.DO_NOT_DISTURB, is_there=True)
    async with at_home(tmp_path) as home:
        assert home.comfort.status()["dnd"] == {"state": "on", "why": "by hand"}
        assert home.light.overlays == ("do-not-disturb",)


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


async def test_a_call_that_somebody_was_just_answering_is_not_missed(tmp_path: Path) -> None:
    async with at_home(tmp_path) as home:
        call = home.incoming()
        home.sounds[0].may_open.clear()
        call.accept()
        home.wire.receive(Cancel(callsid=SID))
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
