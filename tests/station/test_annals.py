"""The stories of calls, as a station writes them down and tells them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from intercom.call.events import Ending
from intercom.call.ports import MediaState, Observed
from intercom.errors import UsageError
from intercom.settings.schema import Call, Settings
from intercom.signaling.events import StreamState
from intercom.signaling.messages import Answer, CallMessage, Cancel, Failure, Hangup, Ringing
from intercom.station.actions import Action
from intercom.station.annals import Annals
from intercom.station.companion import Companion
from intercom.station.view import Shows, Sign
from intercom.story.hand import hand
from tests.call.world import ANSWER, SID
from tests.station.home import CALM, Home
from tests.station.test_station import living

PAIR = {
    "local_candidate": {"candidate_type": "host", "ip": "192.168.1.5"},
    "remote_candidate": {"candidate_type": "relay", "ip": "203.0.113.7"},
}


class DoorLog:
    """A door whose log has these records."""

    def __init__(self) -> None:
        self.records: list[dict[str, Any]] = []

    async def log(self, count: int) -> dict[str, Any]:
        return {"records": self.records[-count:]}


class Told(Home):
    """A home that writes down what befalls its calls."""

    def companions(self, settings: Settings) -> Sequence[Companion]:
        self.door = DoorLog()
        self.annals = Annals(self._state, self.door, is_audible=lambda: self.is_audible, clock=lambda: self.wall)
        return [*super().companions(settings), self.annals]

    @property
    def latest(self) -> dict[str, Any]:
        """The latest call."""
        call: dict[str, Any] = self.annals.calls(1)["calls"][0]
        return call

    async def why(self, n: int | None = None) -> str:
        return " ".join((await self.annals.why(n))["sentences"])


@asynccontextmanager
async def told(state: Path, call: Call = CALM) -> AsyncIterator[Told]:
    home = Told(state, call)
    home.station.unplaced = home.annals.unplaced
    home.annals.shown = lambda: home.station.view.signs
    async with home.annals, home.comfort, living(home):
        yield home


async def test_a_visitor_s_call_is_told_from_the_ring_to_who_hung_up(tmp_path: Path) -> None:
    async with told(tmp_path) as home:
        call = home.incoming(From="client:kitchen")
        await home.shows(Shows.PENDING)
        home.tap()
        await home.shows(Shows.OPEN)
        home.sounds[0].becomes(Observed("ice-candidate", "selected-ice-candidate-pair", payload=PAIR))
        with hand("the console"):
            home.station.do(Action.HANG_UP)
        latest, why = home.latest, await home.why()
    assert (latest["n"], latest["peer"], latest["ring"]) == (1, "kitchen", "aloud")
    assert (latest["how"], latest["codec"], latest["sid"]) == (Ending.HUNG_UP, "opus", call.sid)
    assert why.startswith("Call 1: kitchen called on 2026-11-23 at 12:00:00. It rang here.")
    assert "The answer button took it after 0 s." in why
    assert "through a TURN relay (192.168.1.5 to 203.0.113.7)" in why
    assert why.endswith("It was hung up here by the console.")


@pytest.mark.parametrize(
    ("quiet", "is_audible", "says"),
    [
        (False, True, "It rang here."),
        (True, True, "without a sound, as do-not-disturb was on"),
        (False, False, "It rang here unheard"),
    ],
)
async def test_it_is_told_whether_the_ringing_was_heard(
    tmp_path: Path, *, quiet: bool, is_audible: bool, says: str
) -> None:
    async with told(tmp_path) as home:
        home.is_audible = is_audible
        home.comfort.do_not_disturb(quiet)
        home.incoming(From="client:kitchen")
        home.wire.receive(Cancel(callsid=SID))
        assert says in await home.why()
        assert "kitchen gave up before anybody answered." in await home.why()


async def test_a_call_of_ours_is_told_with_its_lost_media_and_the_far_end_s_door(tmp_path: Path) -> None:
    async with told(tmp_path) as home:
        home.tap()
        await home.shows(Shows.CONNECTING)
        home.wire.receive(Ringing(callsid=SID))
        home.wire.receive(Answer(callsid=SID, sdp=ANSWER))
        await home.shows(Shows.OPEN)
        home.sounds[0].becomes(MediaState.CONNECTED)
        home.sounds[0].becomes(MediaState.DISCONNECTED)
        await home.shows(Shows.RECONNECTING)
        home.sounds[0].becomes(MediaState.CONNECTED)
        content = {"result": "refused", "why": "Not you."}
        home.wire.receive(CallMessage(callsid=SID, messagetype="door", voiceeventsid="KX1", content=content))
        assert "It is under way." in await home.why()
        home.wire.receive(Hangup(callsid=SID))
        await home.settle()
        why, latest = await home.why(), home.latest
    assert why.startswith("Call 1: web was called by the answer button")
    assert "It rang there at once. web answered after 0 s." in why
    assert "Warning ice-connectivity-lost" in why
    assert "the far end was lost; it was found again after 0 s." in why
    assert "The door of the other end was asked for, and it was refused: Not you." in why
    assert why.endswith("web hung up.")
    assert list(latest["outages"]) == [{"at_s": 0.0, "lasted_s": 0.0}]


async def test_what_a_caller_calls_itself_can_steer_no_terminal(tmp_path: Path) -> None:
    async with told(tmp_path) as home:
        home.incoming(From="client:\x1b[2J\r\nkit\x07chen" + "n" * 500)
        home.wire.receive(Cancel(callsid=SID))
        assert home.latest["peer"].startswith("[2J kitchen")
        assert len(home.latest["peer"]) == 128


async def test_a_refusal_is_told_with_its_code_and_what_to_do(tmp_path: Path) -> None:
    async with told(tmp_path) as home:
        home.tap()
        await home.shows(Shows.CONNECTING)
        home.wire.receive(Ringing(callsid=SID))
        home.wire.receive(Hangup(callsid=SID, error=Failure(31404, "Nobody of that name is known here.")))
        await home.settle()
        why = await home.why()
    assert "It failed with code 31404." in why
    assert "Compare the name in `call.to`" in why


async def test_a_call_that_could_not_be_begun_is_told_and_pressing_again_only_counted(tmp_path: Path) -> None:
    async with told(tmp_path) as home:
        home.annals.why_offline = lambda: "No network is up."
        home.wire.becomes(StreamState.OFFLINE)
        home.tap()
        await home.shows(Shows.NOT_CONNECTED)
        home.station.do(Action.SAY_NOT_CONNECTED)
        calls = home.annals.calls(9)["calls"]
        why = await home.why()
    assert [call["how"] for call in calls] == ["never"]
    assert calls[0]["times"] == 2
    assert "2 times in a row" in why
    assert "The station was not connected to its exchange: No network is up." in why


async def test_what_the_door_s_log_has_of_a_call_is_told_with_it(tmp_path: Path) -> None:
    async with told(tmp_path) as home:
        at = "2026-11-23T12:00:05+01:00"
        wrong = {"at": at, "who": "kitchen", "how": "code", "what": "asked", "allowed": False, "why": "no such code"}
        home.door.records = [wrong | {"call": SID}, wrong | {"call": "CA9", "who": "other"}]
        home.incoming(From="client:kitchen")
        home.wire.receive(Cancel(callsid=SID))
        why = await home.why()
        assert "The door of this station at 12:00:05: kitchen, by code, asked, refused: no such code." in why
        assert "other" not in why
        home.door.records.append({"at": at, "what": "asked", "who": "a button", "allowed": False, "why": "Tampered."})
        assert (await home.why()).endswith("a button, asked, refused: Tampered.")
        assert "a button" not in await home.why(1)


async def test_calls_outlive_a_restart_and_one_that_the_restart_ends_says_so(tmp_path: Path) -> None:
    async with told(tmp_path) as home:
        home.incoming(From="client:kitchen")
        home.wire.receive(Cancel(callsid=SID))
        open_call = home.incoming("CA2", From="client:gate")
        open_call.accept()
        await home.shows(Shows.OPEN)
        home.annals.leave()
        open_call.disconnect()
    async with told(tmp_path) as home:
        calls = home.annals.calls(9)["calls"]
        assert [(call["n"], call["peer"], call["how"]) for call in calls] == [
            (2, "gate", "hung_up"),
            (1, "kitchen", "cancelled"),
        ]
        assert "by the station, which stopped or took new settings" in await home.why()
        home.incoming("CA3", From="client:web")
        assert home.latest["n"] == 3


async def test_a_call_during_which_the_power_went_is_told_as_cut(tmp_path: Path) -> None:
    async with told(tmp_path) as home:
        home.incoming(From="client:kitchen").accept()
        await home.shows(Shows.OPEN)
        await home.annals.written()
        kept = (tmp_path / "calls.jsonl").read_bytes()
    (tmp_path / "calls.jsonl").write_bytes(kept)  # as it was when the power went
    async with told(tmp_path) as home:
        assert home.latest["how"] == "cut"
        assert "the station lost its power" in await home.why()


async def test_there_is_nothing_to_tell_before_the_first_call_nor_of_one_that_never_was(tmp_path: Path) -> None:
    async with told(tmp_path) as home:
        assert home.annals.calls(5) == {"calls": []}
        with pytest.raises(UsageError, match="There has been no call"):
            await home.annals.why(None)
        home.incoming(From="client:kitchen")
        with pytest.raises(UsageError, match="no such call"):
            await home.annals.why(7)


async def test_a_history_that_can_t_be_written_is_told_in_the_status_and_calls_go_on(tmp_path: Path) -> None:
    (tmp_path / "calls.jsonl").mkdir()
    async with told(tmp_path) as home:
        assert home.annals.status()["state"] == "failed"
        home.incoming(From="client:kitchen")
        home.wire.receive(Cancel(callsid=SID))
        await home.annals.written()
        why = "The history of calls can't be written: Is a directory."
        assert home.annals.status() == {"state": "failed", "why": why, "calls": 1}
        (tmp_path / "calls.jsonl").rmdir()
        await home.annals.written()
        assert home.annals.status()["state"] == "kept"
    assert (tmp_path / "calls.jsonl").read_bytes().count(b"kitchen") == 1


async def test_an_automatic_answer_and_the_longest_call_are_told_as_the_station_s_own_doing(tmp_path: Path) -> None:
    call = Call(to="web", auto_answer=("kitchen",), auto_answer_after_s=3, longest_min=10)
    async with told(tmp_path, call) as home:
        home.incoming(From="client:kitchen")
        await home.later(4)
        await home.shows(Shows.OPEN)
        await home.later(4 + 11 * 60)
        await home.sees(Sign.LAST_MINUTE, is_there=False)
        await home.settle()
        why = await home.why()
    assert "The station itself (call.auto_answer) took it" in why
    assert "hung up here by the station itself (call.longest_min)" in why
