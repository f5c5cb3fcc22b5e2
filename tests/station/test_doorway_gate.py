"""A station with a door: who opens it in a call, when, and what they are told."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.call.connection import Connection
from intercom.errors import DoorError
from intercom.settings.schema import Settings, Signaling, Station
from intercom.signaling.messages import Answer, Cancel, Hangup, Ringing
from intercom.station import doormail, gate
from intercom.station.gate import Asked, objection
from intercom.station.view import Shows, Sign
from tests.call.world import ANSWER, SID
from tests.station.gatehouse import ASK, Gatehouse, living

Scene = Callable[[Gatehouse], Awaitable[Connection]]
ALLOWED = Asked("kitchen")
OPENED, REFUSED, FAILED = "opened", "refused", "failed"


async def rung(house: Gatehouse) -> Connection:
    """Let the gate call the house, where it rings."""
    house.station.phone.call("house")
    await house.settle()
    house.wire.receive(Ringing(callsid=SID))
    await house.settle()
    return house.station.phone.latest_call()


async def talking(house: Gatehouse) -> Connection:
    """Let the gate call the house, where somebody answers."""
    connection = await rung(house)
    house.wire.receive(Answer(callsid=SID, sdp=ANSWER))
    await house.settle()
    return connection


async def called(house: Gatehouse) -> Connection:
    """Let somebody call the gate, where nobody answers."""
    connection = house.ring()
    await house.settle()
    return connection


async def called_with_others(house: Gatehouse) -> Connection:
    """Let somebody call a group that the gate is in."""
    connection = house.ring(to="gates")
    await house.settle()
    return connection


async def over(house: Gatehouse) -> Connection:
    """Let a call of the gate end."""
    connection = await talking(house)
    house.wire.receive(Hangup(callsid=SID))
    await house.settle()
    return connection


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (ALLOWED, ""),
        (replace(ALLOWED, sender=""), gate.NOT_VOUCHED),
        (replace(ALLOWED, is_exchange_ours=False), gate.NOT_VOUCHED),
        (replace(ALLOWED, is_repeated=True), gate.REPEATED),
        (replace(ALLOWED, is_too_often=True), gate.TOO_OFTEN),
        (replace(ALLOWED, may_ring_elsewhere=True), gate.RINGS_ELSEWHERE),
        (replace(ALLOWED, has_door=False, sender=""), gate.NO_DOOR),
    ],
)
def test_what_does_not_come_before_the_warden(asked: Asked, why: str) -> None:
    assert objection(asked) == why


@pytest.mark.parametrize(
    ("scene", "sender", "answers"),
    [
        (rung, "kitchen", [(OPENED, "")]),
        (talking, "kitchen", [(OPENED, "")]),
        (called, "kitchen", [(OPENED, "")]),
        (called_with_others, "kitchen", [(REFUSED, gate.RINGS_ELSEWHERE)]),
        (rung, "cellar", [(REFUSED, "That is not allowed.")]),
        (talking, "cellar", [(REFUSED, "That is not allowed.")]),
        (talking, "", [(REFUSED, gate.NOT_VOUCHED)]),
        (over, "kitchen", []),
    ],
)
async def test_who_opens_in_which_call(scene: Scene, sender: str, answers: list[tuple[str, str]]) -> None:
    async with living(Gatehouse()) as house:
        await scene(house)
        house.hear(sender=sender)
        await house.settle()
        assert house.answers == answers
        assert house.bolt.opened == len([answer for answer in answers if answer[0] == OPENED])


async def test_opening_ends_a_ringing_of_ours_with_no_other_sound_than_that_of_the_door() -> None:
    async with living(Gatehouse()) as house:
        connection = await rung(house)
        house.tones.clear()
        house.hear()
        await house.settle()
        assert connection.ended
        assert [type(message) for message in house.wire.sent[-2:]] == [type(house.messages[-1]), Hangup]
        assert house.station.view.shows is Shows.ENDED_QUIETLY
        assert house.light.overlays == ("door-open",)
        assert [tone for tone in house.tones if tone] == ["door-opened"]


async def test_in_an_open_call_the_call_goes_on() -> None:
    async with living(Gatehouse()) as house:
        connection = await talking(house)
        house.hear()
        await house.settle()
        assert connection.status() == "open"
        assert (house.light.pattern, house.light.overlays) == ("steady", ("door-open",))
        house.bolt.close()
        await house.settle()
        assert house.light.overlays == ()


async def test_the_door_of_a_station_that_is_called_opens_and_it_rings_on() -> None:
    async with living(Gatehouse()) as house:
        connection = await called(house)
        house.hear()
        await house.settle()
        assert (house.bolt.opened, connection.status()) == (1, "pending")


async def test_a_message_that_comes_again_opens_nothing_and_is_not_answered(caplog: pytest.LogCaptureFixture) -> None:
    async with living(Gatehouse()) as house:
        await talking(house)
        for _ in range(3):
            house.hear()
        await house.settle()
        assert (house.bolt.opened, len(house.answers)) == (1, 1)
        assert caplog.text.count(gate.REPEATED) == 2
        house.hear(event="KX2")
        await house.settle()
        assert house.bolt.opened == 2


async def test_a_call_in_which_it_is_asked_for_too_often_asks_in_vain() -> None:
    async with living(Gatehouse()) as house:
        await talking(house)
        for number in range(gate.MOST_ASKED + 1):
            house.hear(event=f"KX{number}", sender="cellar")
            await house.settle()
        assert house.answers[-2:] == [(REFUSED, "That is not allowed."), (REFUSED, gate.TOO_OFTEN)]


async def test_who_asks_too_often_keeps_nobody_else_from_the_door_and_is_told_once() -> None:
    async with living(Gatehouse()) as house:
        await rung(house)
        for number in range(2 * gate.MOST_ASKED):
            house.hear(event=f"KX{number}", sender="cellar")
            await house.settle()
        assert [why for _, why in house.answers].count(gate.TOO_OFTEN) == 1
        house.hear(event="KX0", sender="kitchen")
        await house.settle()
        assert (house.bolt.opened, house.answers[-1]) == (1, (OPENED, ""))


@pytest.mark.parametrize(
    ("sid", "kind", "content"),
    [
        ("CA-of-others", "door", ASK),
        (SID, "doors", ASK),
        (SID, "user-defined-message", ASK),
        (SID, "door", {"open": False}),
        (SID, "door", {"open": 1}),
        (SID, "door", {"open": "true"}),
        (SID, "door", ASK | {"now": True}),
        (SID, "door", ["open"]),
        (SID, "door", "open"),
        (SID, "door", None),
        (SID, "door", {"result": "opened", "request": "KX9"}),
    ],
)
async def test_what_is_no_wish_opens_nothing_and_is_not_answered(sid: str, kind: str, content: object) -> None:
    async with living(Gatehouse()) as house:
        await talking(house)
        house.hear(content, sid=sid, kind=kind)
        await house.settle()
        assert (house.bolt.opened, house.messages, house.porter.told) == (0, [], [])


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["open", "result", "why"]), inner),
    )
)
def test_nothing_but_one_sentence_asks_for_a_door(content: object) -> None:
    assert isinstance(doormail.read(content), doormail.Ask) == (content == {"open": True} and content["open"] is True)


async def test_at_twilio_nobody_vouches_for_who_asks() -> None:
    settings = Settings(
        station=Station(identity="gate"), signaling=Signaling(url="", token_url="https://tokens.example/")
    )
    async with living(Gatehouse(settings)) as house:
        await talking(house)
        house.hear()
        await house.settle()
        assert (house.bolt.opened, house.answers) == (0, [(REFUSED, gate.NOT_VOUCHED)])


async def test_a_station_without_a_door_says_so() -> None:
    async with living(Gatehouse(has_lock=False)) as house:
        await talking(house)
        house.hear()
        await house.settle()
        assert house.answers == [(REFUSED, gate.NO_DOOR)]


async def test_a_call_that_ends_while_the_warden_thinks_opens_nothing() -> None:
    async with living(Gatehouse()) as house:
        await talking(house)
        house.porter.may_judge.clear()
        house.hear()
        await house.settle()
        house.wire.receive(Hangup(callsid=SID))
        house.porter.may_judge.set()
        await house.settle()
        assert house.bolt.opened == 0
        assert house.porter.told == [
            "kitchen by station: may",
            "kitchen failed The call ended before the door was opened.",
        ]


@pytest.mark.parametrize("way", ["fault", "refusal"])
async def test_a_lock_that_does_not_open_is_told_as_it_is_and_the_ringing_goes_on(way: str) -> None:
    async with living(Gatehouse()) as house:
        connection = await rung(house)
        if way == "fault":
            house.bolt.fault = DoorError("The guard is gone.")
        else:
            house.bolt.refusal = "The guard is gone."
        house.hear()
        await house.settle()
        assert house.answers == [(FAILED, "The guard is gone.")]
        assert house.porter.told[-1] == "kitchen failed The guard is gone."
        assert (connection.status(), Sign.DOOR_OPEN in house.station.view.signs) == ("ringing", False)


async def test_the_caller_who_gives_up_while_asked_is_nothing_special() -> None:
    async with living(Gatehouse()) as house:
        await called(house)
        house.wire.receive(Cancel(callsid=SID))
        house.hear()
        await house.settle()
        assert (house.bolt.opened, house.messages) == (0, [])
