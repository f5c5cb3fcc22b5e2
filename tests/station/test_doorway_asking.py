"""The door button of a station in a call: what it asks, and what is seen and heard of the answer."""

import asyncio

import pytest

from intercom.errors import ConflictError
from intercom.settings.schema import Settings, Signaling
from intercom.signaling.events import StreamState
from intercom.signaling.messages import Answer, Cancel, ErrorFrame, Failure, Hangup
from intercom.station import asking
from intercom.station.actions import Action
from tests.call.world import ANSWER, SID
from tests.station.gatehouse import Gatehouse, living
from tests.station.test_doorway_gate import rung, talking


async def asked(house: Gatehouse) -> str:
    """Let the gate call, and have the door button pressed; return the id of what is asked."""
    house.ring()
    await house.settle()
    house.station.do(Action.ASK_DOOR)
    await house.settle()
    return house.messages[-1].voiceeventsid


def told(request: str, result: str = "opened", why: str = "") -> dict[str, str]:
    return {"result": result, "why": why, "request": request}


async def test_the_button_asks_the_other_end_of_a_call_that_rings_here() -> None:
    async with living(Gatehouse(has_lock=False)) as house:
        request = await asked(house)
        [message] = house.messages
        assert (message.callsid, message.messagetype, message.content) == (SID, "door", {"open": True})
        assert house.asked == {"step": "asking", "why": ""}
        assert house.light.overlays == ("door-asked",)
        house.hear(told(request))
        house.wire.receive(Cancel(callsid=SID))
        await house.settle()
        assert house.asked == {"step": "opened", "why": ""}
        assert house.light.overlays == ("door-granted",)
        assert [tone for tone in house.tones if tone] == ["ringtone", "door-asked", "door-granted"]


async def test_the_button_asks_in_an_open_call_and_where_our_call_rings() -> None:
    async with living(Gatehouse(has_lock=False)) as house:
        await rung(house)
        house.station.do(Action.ASK_DOOR)
        house.hear(told(house.messages[-1].voiceeventsid, "failed", "No door."))
        house.wire.receive(Answer(callsid=SID, sdp=ANSWER))
        await house.settle()
        house.station.do(Action.ASK_DOOR)
        assert len(house.messages) == 2


@pytest.mark.parametrize("result", ["refused", "failed"])
async def test_a_no_is_seen_heard_and_logged_with_its_reason(result: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    async with living(Gatehouse(has_lock=False)) as house:
        house.hear(told(await asked(house), result, "Not you.\nroot: all is well"))
        await house.settle()
        assert house.asked == {"step": result, "why": "Not you. root: all is well"}
        assert house.light.overlays == ("door-refused",)
        assert house.tones[-1] == "door-refused"
        assert f"the door of the other end: {result}: Not you. root" in caplog.text


async def test_what_was_not_asked_is_not_shown() -> None:
    async with living(Gatehouse(has_lock=False)) as house:
        await asked(house)
        house.hear(told("KX-of-another"))
        house.hear(told(""))
        house.hear({"result": "open sesame"})
        await house.settle()
        assert house.asked == {"step": "asking", "why": ""}


async def test_what_the_exchange_could_not_hand_on_is_told_with_its_reason() -> None:
    async with living(Gatehouse(has_lock=False)) as house:
        request = await asked(house)
        house.wire.receive(
            ErrorFrame(error=Failure(31480, "The other end is away."), callsid=SID, voiceeventsid=request)
        )
        await house.settle()
        assert house.asked == {"step": "failed", "why": "The other end is away."}


async def test_a_call_that_ends_first_leaves_no_question_open() -> None:
    async with living(Gatehouse(has_lock=False)) as house:
        await asked(house)
        house.wire.receive(Cancel(callsid=SID))
        await house.settle()
        assert house.asked == {"step": "failed", "why": asking.ENDED}


async def test_who_does_not_answer_is_not_waited_for_and_a_result_is_shown_for_a_while() -> None:
    async with living(Gatehouse(has_lock=False)) as house:
        await asked(house)
        at = asyncio.get_running_loop().time()
        house.doorway.tick(at + asking.PATIENCE_S + 1)
        assert house.asked == {"step": "failed", "why": asking.NO_ANSWER}
        await house.settle()
        house.doorway.tick(at + asking.SHOWN_S + 1)
        assert house.asked is None
        assert house.doorway.due() is None


async def test_while_the_exchange_is_away_nothing_is_asked_that_would_come_when_nobody_watches() -> None:
    async with living(Gatehouse(has_lock=False)) as house:
        await talking(house)
        house.wire.becomes(StreamState.DISCONNECTED)
        with pytest.raises(ConflictError, match="away"):
            house.station.do(Action.ASK_DOOR)
        assert house.messages == []


async def test_one_question_at_a_time() -> None:
    async with living(Gatehouse(has_lock=False)) as house:
        await asked(house)
        with pytest.raises(ConflictError, match="on its way"):
            house.station.do(Action.ASK_DOOR)


async def test_there_must_be_a_call_and_an_end_that_can_be_asked() -> None:
    async with living(Gatehouse(has_lock=False)) as house:
        with pytest.raises(ConflictError, match="no call"):
            house.station.do(Action.ASK_DOOR)
        house.station.phone.call("house")
        with pytest.raises(ConflictError, match="no far end yet"):
            house.station.do(Action.ASK_DOOR)
        await house.settle()
        house.wire.receive(Hangup(callsid=house.station.phone.latest_call().sid))
        assert house.messages == []


async def test_at_twilio_nobody_is_asked_as_nobody_vouches_for_who_asks() -> None:
    signaling = Signaling(url="", token_url="https://tokens.example/")
    async with living(Gatehouse(Settings(signaling=signaling), has_lock=False)) as house:
        await talking(house)
        with pytest.raises(ConflictError, match="does not tell a gate who asks"):
            house.station.do(Action.ASK_DOOR)
