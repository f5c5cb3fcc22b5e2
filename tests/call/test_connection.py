"""The life of a call, event by event and frame by frame, in the order that the SDK was seen to keep."""

import pytest

from intercom.call.connection import Connection
from intercom.call.events import CallError, End, Ending
from intercom.call.options import Options
from intercom.call.ports import MediaState
from intercom.errors import MediaError
from intercom.signaling.events import StreamState
from intercom.signaling.messages import Answer, Cancel, Failure, Hangup, Invite, Reject, Ringing
from tests.call.world import ANSWER, OFFER, SID, World


async def test_a_call_of_ours_is_announced_rings_opens_and_is_hung_up() -> None:
    world = World()
    connection = world.call(To="bob", greeting="hello world")
    assert connection.status() == "connecting"
    await world.settle()
    invite = world.wire.sent.pop()
    assert isinstance(invite, Invite)
    assert (invite.sdp, invite.twilio.params) == (OFFER, "To=bob&greeting=hello%20world")
    assert invite.callsid == connection.outbound_connection_id
    world.wire.receive(Ringing(callsid=SID))
    world.wire.receive(Answer(callsid=SID, sdp=ANSWER))
    await world.settle()
    connection.disconnect()
    await world.settle()
    assert world.wire.sent == [Hangup(callsid=SID)]
    assert world.log == [
        "ringing(False) ringing", "accept() open", "device.connect", "disconnect() closed", "device.disconnect",
    ]  # fmt: skip
    assert world.sounds[0].closed == 1


async def test_a_call_to_us_opens_before_its_answer_is_sent() -> None:
    world = World()
    connection = world.incoming(From="client:bob", Params="door=front%20door")
    assert (connection.status(), connection.direction) == ("pending", "INCOMING")
    assert connection.custom_parameters == {"door": "front door"}
    sent_at_accept: list[int] = []
    connection.on("accept", lambda _: sent_at_accept.append(len(world.wire.sent)))
    connection.accept()
    assert connection.status() == "connecting"
    await world.settle()
    assert sent_at_accept == [0]
    assert world.wire.sent == [Answer(callsid=SID, sdp=ANSWER)]
    world.wire.receive(Hangup(callsid=SID))
    await world.settle()
    assert world.log == [
        "device.incoming", "accept() open", "device.connect", "disconnect() closed", "device.disconnect",
    ]  # fmt: skip
    assert connection.ended
    assert connection.ended.how is Ending.HUNG_UP_BY_FAR_END
    assert world.wire.sent == [Answer(callsid=SID, sdp=ANSWER)]


@pytest.mark.parametrize(
    ("act", "frames", "log"),
    [
        ("reject", [Reject(callsid=SID)], ["device.incoming", "reject() closed"]),
        ("ignore", [], ["device.incoming", "cancel() closed", "device.cancel"]),
        ("disconnect", [], ["device.incoming"]),
    ],
)
async def test_a_pending_call_is_rejected_for_all_ignored_here_and_never_hung_up(
    act: str, frames: list[object], log: list[str]
) -> None:
    world = World()
    connection = world.incoming()
    getattr(connection, act)()
    await world.settle()
    assert (world.wire.sent, world.log) == (frames, log)
    assert connection.status() == ("pending" if act == "disconnect" else "closed")


@pytest.mark.parametrize("is_accepting", [False, True])
async def test_the_caller_cancels_before_and_while_we_answer(is_accepting: bool) -> None:
    world = World()
    connection = world.incoming()
    world.sounds[0].may_open.clear()
    if is_accepting:
        connection.accept()
        await world.settle()
    world.wire.receive(Cancel(callsid=SID))
    await world.settle()
    assert world.log == ["device.incoming", "cancel() closed", "device.cancel"]
    assert world.wire.sent == []
    assert world.device.status() == "ready"


@pytest.mark.parametrize(("taken", "how"), [(False, "cancelled"), (True, "taken")])
async def test_a_call_that_another_took_is_told_from_one_that_its_caller_gave_up(taken: bool, how: str) -> None:
    world = World()
    connection = world.incoming()
    world.wire.receive(Cancel(callsid=SID, taken=taken))
    assert connection.ended
    assert connection.ended.how == how


async def test_only_a_call_of_ours_that_nobody_has_answered_is_given_up_for_that() -> None:
    world = World()
    incoming = world.incoming()
    incoming.time_out()
    assert incoming.status() == "pending"
    incoming.ignore()
    ours = world.call(To="anna")
    await world.settle()
    ours.time_out()
    assert ours.ended == End(Ending.FAILED, 31480, "Nobody answered.")
    assert isinstance(world.wire.sent[-1], Hangup)
    other = world.call(To="anna")
    await world.settle()
    world.wire.receive(Answer(callsid="CA2", sdp=ANSWER))
    await world.settle()
    other.time_out()
    assert other.status() == "open"


async def test_a_hangup_does_not_end_a_pending_call() -> None:
    world = World()
    connection = world.incoming()
    world.wire.receive(Hangup(callsid=SID))
    assert connection.status() == "pending"


async def test_a_refused_call_tells_the_reason_and_then_ends() -> None:
    world = World()
    connection = world.call(To="nobody")
    await world.settle()
    temporary = connection.outbound_connection_id
    world.wire.receive(Hangup(callsid=temporary, error=Failure(31404, "Nobody is called nobody.")))
    await world.settle()
    assert world.log == ["error(31404) connecting", "disconnect() closed", "device.error", "device.disconnect"]
    assert connection.ended
    assert (connection.ended.code, connection.ended.message) == (31404, "Nobody is called nobody.")


async def test_a_late_word_of_the_call_before_does_not_keep_the_next_from_its_name() -> None:
    world = World()
    world.call(To="bob").disconnect()
    connection = world.call(To="bob")
    await world.settle()
    world.wire.receive(Ringing(callsid="CAlate"))
    world.wire.receive(Answer(callsid=SID, sdp=ANSWER))
    await world.settle()
    assert (connection.status(), connection.sid) == ("open", SID)


async def test_early_media_is_heard_before_the_answer_which_then_needs_no_description() -> None:
    world = World()
    connection = world.call(To="bob")
    await world.settle()
    world.wire.receive(Ringing(callsid=SID, sdp=ANSWER))
    await world.settle()
    assert (connection.status(), connection.codec) == ("ringing", "opus")
    world.wire.receive(Answer(callsid=SID))
    assert world.log == ["ringing(True) ringing", "accept() open"]


async def test_an_answer_without_any_description_ends_the_call_with_its_reason() -> None:
    world = World()
    world.call(To="bob")
    await world.settle()
    world.wire.receive(Answer(callsid=SID))
    await world.settle()
    assert world.log[:2] == ["error(31000) connecting", "disconnect() closed"]


async def test_with_the_ringing_state_off_early_media_is_the_answer() -> None:
    world = World(Options())
    connection = world.call(To="bob")
    await world.settle()
    world.wire.receive(Ringing(callsid=SID))
    assert connection.status() == "connecting"
    world.wire.receive(Ringing(callsid=SID, sdp=ANSWER))
    await world.settle()
    assert connection.status() == "open"


async def test_a_description_that_cannot_be_used_ends_the_call_with_its_reason() -> None:
    world = World()
    world.call(To="bob")
    await world.settle()
    world.wire.receive(Answer(callsid=SID, sdp="bad"))
    await world.settle()
    assert world.log == ["error(31000) connecting", "disconnect() closed", "device.error", "device.disconnect"]
    assert isinstance(world.wire.sent[-1], Hangup)


async def test_a_call_that_can_offer_nothing_ends_with_its_reason() -> None:
    world = World()
    told: list[CallError] = []
    connection = world.call(To="bob")
    connection.on("error", told.append)
    world.sounds[0].fault = MediaError("No network is up.")
    await world.settle()
    assert [(each.code, each.twilio_code, each.message) for each in told] == [(31000, 53400, "No network is up.")]
    assert world.log[:2] == ["error(31000) connecting", "disconnect() closed"]


async def test_a_call_while_the_exchange_is_away_fails_without_an_invite() -> None:
    world = World()
    world.wire.state = StreamState.DISCONNECTED
    connection = world.call(To="bob")
    await world.settle()
    assert connection.status() == "closed"
    assert world.log[:2] == ["error(31000) connecting", "disconnect() closed"]
    assert not [message for message in world.wire.sent if isinstance(message, Invite)]


async def test_mute_tells_the_flag_and_stays_when_the_call_opens() -> None:
    world = World()
    connection = world.call(To="bob")
    assert connection.mute() is True
    assert connection.mute(True) is True
    await world.settle()
    world.wire.receive(Answer(callsid=SID, sdp=ANSWER))
    await world.settle()
    assert connection.is_muted()
    assert world.sounds[0].is_muted
    assert connection.mute(False) is False
    assert [line for line in world.log if "mute" in line] == ["mute(True) connecting", "mute(False) open"]
    connection.disconnect()
    assert connection.mute() is False


async def test_lost_media_is_reconnecting_until_it_is_back() -> None:
    world = World(Options(enable_ringing_state=True, enable_ice_restart=True))
    connection = world.incoming()
    connection.accept()
    await world.settle()
    world.sounds[0].becomes(MediaState.DISCONNECTED)
    world.sounds[0].becomes(MediaState.CONNECTED)
    assert world.log[-2:] == ["reconnecting(53405) reconnecting", "reconnected() open"]
    assert connection.status() == "open"


async def test_failed_media_hangs_up_with_a_message_and_tells_after_the_end() -> None:
    world = World()
    connection = world.incoming()
    connection.accept()
    await world.settle()
    world.sounds[0].becomes(MediaState.FAILED)
    hangup = world.wire.sent[-1]
    assert isinstance(hangup, Hangup)
    assert hangup.message
    assert world.log[-2:] == ["disconnect() closed", "error(31003) closed"]
    assert connection.ended
    assert connection.ended.how is Ending.FAILED


async def test_a_far_end_that_closed_its_media_has_hung_up_though_the_exchange_could_not_say_so() -> None:
    world = World()
    connection = world.incoming()
    connection.accept()
    await world.settle()
    world.sounds[0].becomes(MediaState.CLOSED)
    assert connection.ended
    assert connection.ended.how is Ending.HUNG_UP_BY_FAR_END
    assert world.wire.sent[-1] == Hangup(callsid=SID)


async def test_a_listener_that_raises_disturbs_nobody(caplog: pytest.LogCaptureFixture) -> None:
    world = World()
    connection = world.incoming()
    connection.on("accept", lambda _: 1 / 0)
    heard: list[Connection] = []
    connection.on("accept", heard.append)
    connection.accept()
    await world.settle()
    assert heard == [connection]
    assert "ZeroDivisionError" in caplog.text
