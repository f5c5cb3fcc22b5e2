"""The light never lies: it follows from the snapshot alone, and the snapshot from what happened."""

import asyncio
import json
from itertools import combinations
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from intercom.call.machine import CallState
from intercom.call.ports import MediaState
from intercom.panel.events import Edge, Flood
from intercom.panel.patterns import Light, lit
from intercom.settings.schema import Buttons, Call, Panel, Settings
from intercom.signaling.events import StreamState
from intercom.signaling.messages import Answer, Cancel, Failure, Hangup, IncomingInvite, Ringing
from intercom.station.rulebook import Rulebook
from intercom.station.rules import SIGNS
from intercom.station.status import snapshot
from intercom.station.view import IN_CALL, Shows, Sign, View
from tests.call.world import ANSWER, OFFER
from tests.panel.clock import ClockLoop
from tests.station.test_station import House

BUTTONS = Buttons(answer=17, call=27, mute=22, door=23, service=24, reject=18, ignore=19)
CHOSEN = Settings(
    call=Call(to="web"),
    panel=Panel(
        factory="sim",
        buttons=BUTTONS,
        rules={"open.service.talk": "talk", "open.answer.double": "mute", "idle.door.double": "call"},
    ),
)
BOOK = Rulebook.of(CHOSEN)
FEW = [set(signs) for count in range(4) for signs in combinations(Sign, count)] + [set(Sign)]
CALLS = {
    CallState.PENDING: {Shows.PENDING},
    CallState.CONNECTING: {Shows.CONNECTING},
    CallState.RINGING: {Shows.RINGING},
    CallState.OPEN: {Shows.OPEN, Shows.LAST_MINUTE},
    CallState.RECONNECTING: {Shows.RECONNECTING},
    CallState.CLOSED: {Shows.ENDED, Shows.ENDED_QUIETLY, Shows.FAILED, Shows.BUSY, Shows.NO_ANSWER},
}
NOTICES = {Shows.NOT_CONNECTED, Shows.NOT_CONFIGURED}


def light_of(status: dict[str, Any]) -> dict[str, Any]:
    """The light, from the snapshot as it comes over a wire."""
    view = View(Shows(status["shows"]), frozenset(map(Sign, status["signs"])))
    light = BOOK.light(view)
    return {"pattern": light.pattern, "colour": light.colour, "overlays": list(light.overlays)}


def denies(status: dict[str, Any]) -> str:
    """What in the rest of the snapshot speaks against what is shown; empty: nothing."""
    shows, signs, call = Shows(status["shows"]), set(status["signs"]), status["call"]
    is_ready = status["registration"] == "ready"
    possible = CALLS[CallState(call["status"])] if call else NOTICES | {Shows.IDLE if is_ready else Shows.OFFLINE}
    if shows not in possible:
        return f"it shows {shows}"
    if (Sign.LINK_LOST in signs) is is_ready:
        return "the link"
    if call and call["status"] != CallState.CLOSED and (Sign.MUTED in signs) is not call["muted"]:
        return "mute"
    return ""


@pytest.mark.parametrize("shows", Shows)
def test_the_light_is_a_function_of_what_is_shown_and_the_signs_over_it(shows: Shows) -> None:
    for signs in FEW:
        light = BOOK.light(View(shows, frozenset(signs)))
        assert BOOK.light(View(shows, frozenset(signs), has_early_media=True)) == light
        assert (light.pattern, light.colour) == (BOOK.rows[shows].light.pattern, BOOK.rows[shows].light.colour)
        assert set(light.overlays) == {sign for sign in signs & SIGNS.keys() if shows in SIGNS[sign]}


@pytest.mark.parametrize("count", [1, 2, 6, 24])
@pytest.mark.parametrize("shows", sorted(IN_CALL | {Shows.PENDING}))
def test_mute_is_seen_in_every_call_on_every_ring_of_one_colour_whatever_else_is_shown(
    shows: Shows, count: int
) -> None:
    others: list[set[Sign]] = [set(), *({sign} for sign in SIGNS), set(SIGNS)]
    for each in others:
        unmuted, muted = frozenset(each - {Sign.MUTED}), frozenset(each | {Sign.MUTED})
        assert film(BOOK.light(View(shows, unmuted)), count) != film(BOOK.light(View(shows, muted)), count), each


def film(light: Light, count: int) -> list[tuple[bool, ...]]:
    return [lit(light, t=frame / 10, count=count, level=0.5) for frame in range(80)]


class Life(RuleBasedStateMachine):
    """Whatever people, far ends and the network do, in whatever order."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = ClockLoop()
        self.runner = asyncio.Runner(loop_factory=lambda: self.loop)
        self.calls = 0
        self.lives = self.runner.run(self._begin())

    async def _begin(self) -> asyncio.Task[None]:
        self.house = House(CHOSEN)
        return asyncio.create_task(self.house.station.run())

    def teardown(self) -> None:
        self.runner.run(self._end())
        self.runner.close()

    async def _end(self) -> None:
        self.lives.cancel()
        await asyncio.gather(self.lives, return_exceptions=True)

    @rule(
        button=st.sampled_from([*BUTTONS.__struct_fields__[:7], "answer", "answer"]),
        down_s=st.sampled_from([0.01, 0.1, 0.5, 1.2]),
        pause_s=st.sampled_from([0.05, 0.15, 0.5]),
    )
    def somebody_presses(self, button: str, down_s: float, pause_s: float) -> None:
        for is_down, lasts_s in ((True, down_s), (False, pause_s)):
            self.house.inbox.put_nowait(Edge(button, is_down, self.loop.time()))
            self._pass(lasts_s)

    @rule(button=st.sampled_from(["answer", "mute"]))
    def a_button_floods(self, button: str) -> None:
        self.house.inbox.put_nowait(Flood(button, self.loop.time(), self.loop.time() - 1))

    @rule()
    def a_call_comes(self) -> None:
        self.calls += 1
        frame = IncomingInvite(callsid=f"CA{self.calls}", sdp=OFFER, parameters={})
        self._call_soon(lambda: self.house.wire.receive(frame))

    @precondition(lambda self: self.house.device.active_connection())
    @rule(how=st.sampled_from(["rings", "answers", "hangs up", "is busy", "gives up"]))
    def the_far_end(self, how: str) -> None:
        connection = self.house.device.active_connection()
        assert connection
        sid = connection.sid
        frame = {
            "rings": Ringing(callsid=sid),
            "answers": Answer(callsid=sid, sdp=ANSWER),
            "hangs up": Hangup(callsid=sid),
            "is busy": Hangup(callsid=sid, error=Failure(31486, "Busy.")),
            "gives up": Cancel(callsid=sid),
        }[how]
        self._call_soon(lambda: self.house.wire.receive(frame))

    @rule(state=st.sampled_from([StreamState.READY, StreamState.DISCONNECTED]))
    def the_exchange(self, state: StreamState) -> None:
        self._call_soon(lambda: self.house.wire.becomes(state))

    @precondition(lambda self: self.house.sounds)
    @rule(state=st.sampled_from(MediaState))
    def the_path_of_the_sound(self, state: MediaState) -> None:
        self._call_soon(lambda: self.house.sounds[-1].becomes(state))

    @precondition(lambda self: self.house.device.active_connection())
    @rule(flag=st.booleans())
    def a_command_mutes(self, flag: bool) -> None:
        self._call_soon(lambda: self.house.station.phone.mute(flag))

    @rule(seconds=st.sampled_from([0.1, 0.6, 2.5, 31.0]))
    def time_passes(self, seconds: float) -> None:
        self._pass(seconds)

    @invariant()
    def the_ring_shows_what_the_status_tells(self) -> None:
        self._call_soon(lambda: None)
        house = self.house
        told = json.loads(json.dumps(snapshot(CHOSEN.station, house.station, house.device, {})))
        light = house.light
        assert told["light"] == {
            "pattern": light.pattern, "colour": light.colour, "overlays": list(light.overlays)
        }  # fmt: skip
        assert told["light"] == light_of(told)
        assert denies(told) == ""
        call = told["call"]
        if call and call["status"] != CallState.CLOSED:
            assert ("muted" in light.overlays) is call["muted"]
            if call["status"] != CallState.PENDING:
                assert ("link-lost" in light.overlays) is (told["registration"] == "offline")

    def _call_soon(self, act: Any) -> None:
        async def acting() -> None:
            act()
            await self.house.settle()

        self.runner.run(acting())

    def _pass(self, seconds: float) -> None:
        async def passing() -> None:
            await self.loop.until(self.loop.time() + seconds)
            await self.house.settle()

        self.runner.run(passing())


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
