"""What can be asked of a call, and given to it, besides its life."""

import re

import pytest

from intercom.call.events import CallerInfo
from intercom.call.options import Options
from intercom.call.ports import AudioConstraints, AudioReady
from intercom.errors import AudioBusyError, AudioDeniedError, AudioError, ConflictError, UsageError
from intercom.signaling.messages import Ack, CallMessage, ErrorFrame, Failure, Hangup
from tests.call.world import SID, Remote, Voice, World


@pytest.mark.parametrize(
    ("parameters", "caller_info"),
    [
        ({}, None),
        ({"StirStatus": ""}, None),
        ({"StirStatus": "TN-Validation-Passed-A"}, CallerInfo(is_verified=True)),
        ({"StirStatus": "TN-Validation-Passed-B"}, CallerInfo(is_verified=False)),
        ({"StirStatus": "tn-validation-passed-a"}, CallerInfo(is_verified=False)),
    ],
)
async def test_a_caller_is_verified_where_the_network_vouches_at_its_highest_level(
    parameters: dict[str, str], caller_info: CallerInfo | None
) -> None:
    assert World().incoming(**parameters).caller_info == caller_info


async def test_a_call_of_ours_has_no_caller_info() -> None:
    world = World()
    assert world.call(StirStatus="TN-Validation-Passed-A").caller_info is None
    await world.settle()


async def test_a_call_is_accepted_with_constraints_of_its_own_or_those_of_the_device() -> None:
    usual, special = AudioConstraints(gain_db=3.0), AudioConstraints(pcm="plughw:1")
    for given, used in ((None, usual), (special, special)):
        world = World(Options(audio_constraints=usual))
        world.incoming().accept(given)
        await world.settle()
        assert world.sounds[0].constraints == used
        world = World(Options(audio_constraints=usual))
        world.device.connect({"To": "bob"}, given)
        await world.settle()
        assert world.sounds[0].constraints == used


@pytest.mark.parametrize(
    ("fault", "code"),
    [(AudioDeniedError("Not for this user."), 31208), (AudioBusyError("Another program has it."), 31201)],
)
async def test_a_chosen_microphone_that_cannot_be_had_ends_the_call_and_says_why(fault: AudioError, code: int) -> None:
    world = World(Options(audio_constraints=AudioConstraints(pcm="chosen")))
    connection = world.incoming()
    world.sounds[0].unusable["chosen"] = fault
    connection.accept()
    await world.settle()
    assert world.wire.sent == [Hangup(callsid=SID)]
    assert world.log == [
        "device.incoming", "disconnect() closed", f"error({code}) closed", "device.disconnect", "device.error",
    ]  # fmt: skip
    assert connection.ended
    assert (connection.ended.code, connection.ended.message) == (code, str(fault))


async def test_streams_are_there_as_long_as_their_ends_are() -> None:
    world = World()
    connection = world.incoming()
    sound = world.sounds[0]
    assert (connection.local_stream(), connection.remote_stream()) == (None, None)
    connection.accept()
    await world.settle()
    sound.local_stream, sound.remote_stream = Voice(), Voice()
    assert (connection.local_stream(), connection.remote_stream()) == (sound.local_stream, sound.remote_stream)
    connection.disconnect()
    assert (connection.local_stream(), connection.remote_stream()) == (None, sound.remote_stream)


async def test_the_far_ends_audio_is_told_while_the_call_lasts() -> None:
    world = World()
    connection = world.incoming()
    heard: list[object] = []
    connection.on("audio", heard.append)
    connection.accept()
    await world.settle()
    remote = Remote()
    world.sounds[0].becomes(AudioReady(remote))
    connection.disconnect()
    world.sounds[0].becomes(AudioReady(remote))
    assert heard == [remote]


async def test_a_message_travels_while_the_call_rings_and_its_fate_is_told() -> None:
    world = World()
    connection = world.incoming()
    told: list[object] = []
    connection.on("message-sent", told.append)
    connection.on("error", lambda error: told.append(error.code))
    sid = connection.send_message({"open": True}, messagetype="door")
    assert re.fullmatch("KX[0-9a-f]{32}", sid)
    assert world.wire.sent == [CallMessage(callsid=SID, voiceeventsid=sid, messagetype="door", content={"open": True})]
    world.wire.receive(Ack(callsid=SID, voiceeventsid=sid, acktype="message"))
    world.wire.receive(ErrorFrame(callsid=SID, voiceeventsid=sid, error=Failure(31206, "Too many messages.")))
    assert told == [sid, 31206]


async def test_a_message_of_the_far_end_is_told() -> None:
    world = World()
    heard: list[CallMessage] = []
    world.incoming().on("message", heard.append)
    message = CallMessage(callsid=SID, voiceeventsid="KX1", messagetype="note", content="hello", sender="bob")
    world.wire.receive(message)
    assert heard == [message]


@pytest.mark.parametrize(
    ("content", "messagetype"), [(None, "note"), ("hello", ""), (object(), "note"), ("x" * 11_000, "note")]
)
async def test_what_no_message_can_be_is_refused_before_anything_is_sent(content: object, messagetype: str) -> None:
    world = World()
    with pytest.raises(UsageError):
        world.incoming().send_message(content, messagetype=messagetype)
    assert world.wire.sent == []


async def test_a_call_without_a_far_end_sends_no_message() -> None:
    world = World()
    over, unnamed = world.incoming(), world.call(To="bob")
    assert over.status() == "closed"
    for connection in (over, unnamed):
        with pytest.raises(ConflictError):
            connection.send_message("hello", messagetype="note")
    await world.settle()


async def test_a_listener_is_called_until_it_is_removed_and_one_that_is_not_there_may_be_removed() -> None:
    connection = World().incoming()
    heard: list[str] = []
    connection.on("cancel", lambda: heard.append("on"))
    connection.once("cancel", lambda: heard.append("once"))
    connection.remove_listener("cancel", print)
    connection.emit("cancel")
    connection.emit("cancel")
    assert heard == ["on", "once", "on"]
