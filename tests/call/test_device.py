"""The device: its calls, its registration, its token, its sounds, and the errors that no call causes."""

import pytest

from intercom.call.device import Device
from intercom.call.events import CallError
from intercom.call.options import Options
from intercom.errors import ConflictError, UsageError
from intercom.signaling.events import StreamError, StreamState
from intercom.signaling.messages import Answer, Cancel, ErrorFrame, Failure, Hangup, IncomingInvite, Message
from tests.call.world import ANSWER, OFFER, SID, World

OTHER = "CA" + "2" * 32


def errors(device: Device) -> list[CallError]:
    """Return the list that this device's errors will be in."""
    told: list[CallError] = []
    device.on("error", told.append)
    return told


async def test_during_a_call_others_are_not_shown_and_none_can_be_placed() -> None:
    world = World()
    world.incoming().accept()
    await world.settle()
    world.wire.receive(IncomingInvite(callsid=OTHER, sdp=OFFER))
    assert world.device.connections == []
    with pytest.raises(ConflictError):
        world.device.connect({"To": "bob"})


async def test_a_device_that_may_be_called_while_busy_shows_the_second_and_accepting_it_hangs_up_the_first() -> None:
    world = World(Options(allow_incoming_while_busy=True))
    first = world.incoming()
    first.accept()
    await world.settle()
    second = world.incoming(OTHER)
    assert (world.device.status(), world.device.active_connection()) == ("busy", first)
    second.accept()
    await world.settle()
    assert (first.status(), second.status()) == ("closed", "open")
    assert world.wire.sent[-2:] == [Hangup(callsid=SID), Answer(callsid=OTHER, sdp=ANSWER)]


async def test_placing_a_call_ignores_those_that_ring() -> None:
    world = World()
    pending = world.incoming()
    world.call(To="bob")
    assert pending.status() == "closed"
    assert pending.ended
    assert pending.ended.how == "ignored"
    await world.settle()


async def test_of_two_that_ring_the_accepted_one_is_the_call_and_accepting_the_other_hangs_it_up() -> None:
    world = World()
    first, second = world.incoming(), world.incoming(OTHER)
    assert world.device.active_connection() is first
    first.accept()
    await world.settle()
    second.accept()
    await world.settle()
    assert (first.status(), second.status()) == ("closed", "open")
    assert world.device.active_connection() is second


async def test_disconnecting_all_hangs_up_and_leaves_alone_what_rings() -> None:
    world = World(Options(allow_incoming_while_busy=True))
    active = world.incoming()
    active.accept()
    await world.settle()
    pending = world.incoming(OTHER)
    world.device.disconnect_all()
    assert (active.status(), pending.status()) == ("closed", "pending")
    assert world.device.connections == [pending]


async def test_a_lost_link_ends_what_rings_and_leaves_an_open_call_alone() -> None:
    world = World()
    first, second = world.incoming(), world.incoming(OTHER)
    first.accept()
    await world.settle()
    world.wire.becomes(StreamState.DISCONNECTED)
    assert (first.status(), second.status()) == ("open", "closed")
    assert world.device.status() == "busy"
    first.disconnect()
    assert world.wire.sent[-1] == Hangup(callsid=SID)
    assert world.device.status() == "offline"


async def test_the_device_tells_whether_calls_can_come_and_where_it_is_connected() -> None:
    world = World()
    device = world.device
    world.wire.edge, world.wire.region = "dublin", "ie1"
    world.wire.becomes(StreamState.OFFLINE)
    assert (device.status(), device.is_registered, device.edge, device.region) == ("offline", False, "dublin", "ie1")
    world.wire.becomes(StreamState.READY)
    assert (device.status(), device.is_registered) == ("ready", True)
    assert world.log == ["device.offline", "device.ready"]


async def test_presence_and_token_go_to_the_exchange() -> None:
    world = World()
    world.device.unregister_presence()
    assert not world.wire.is_wanted
    world.device.register_presence()
    assert world.wire.is_wanted
    world.device.update_token("new")
    assert world.device.token == "new"
    with pytest.raises(UsageError):
        world.device.update_token("")
    assert world.device.token == "new"


async def test_a_destroyed_device_has_hung_up_and_takes_and_places_no_call() -> None:
    world = World(Options(allow_incoming_while_busy=True))
    active = world.incoming()
    active.accept()
    await world.settle()
    pending = world.incoming(OTHER)
    world.device.destroy()
    assert (active.status(), pending.status(), world.wire.is_wanted) == ("closed", "closed", False)
    assert world.wire.sent[-1] == Hangup(callsid=SID)
    world.wire.receive(IncomingInvite(callsid="CA3", sdp=OFFER))
    assert world.device.connections == []
    with pytest.raises(ConflictError):
        world.device.connect({"To": "bob"})
    assert world.device.listeners("incoming") == []
    await world.settle()


async def test_the_device_hangs_up_at_its_end() -> None:
    world = World()
    async with world.device:
        connection = world.incoming()
        connection.accept()
        await world.settle()
    assert world.wire.sent[-1] == Hangup(callsid=SID)
    assert world.sounds[0].closed == 1


@pytest.mark.parametrize(
    ("frame", "code", "twilio_code"),
    [
        (ErrorFrame(error=Failure(31201, "Not allowed.")), 31201, 20151),
        (ErrorFrame(error=Failure(31204, "Bad token.")), 31204, 20101),
        (ErrorFrame(error=Failure(31205, "Expired.")), 31205, 20104),
        (ErrorFrame(error=Failure(31999, "Something else.")), 31999, 53000),
        (ErrorFrame(error=Failure(None, "No code.")), 31000, 53000),
        (IncomingInvite(callsid=SID), 31400, 31400),
        (IncomingInvite(sdp=OFFER), 31400, 31400),
    ],
)
async def test_an_error_of_the_exchange_is_told_with_its_code_and_that_of_the_newer_classes(
    frame: Message, code: int, twilio_code: int
) -> None:
    world = World()
    told = errors(world.device)
    world.wire.receive(frame)
    assert [(each.code, each.twilio_code, each.connection) for each in told] == [(code, twilio_code, None)]
    assert told[0].message
    assert world.device.connections == []


async def test_an_error_frame_without_an_error_says_nothing() -> None:
    world = World()
    world.wire.receive(ErrorFrame())
    assert world.log == []


async def test_an_error_that_names_a_call_is_told_with_it_and_does_not_end_it() -> None:
    world = World()
    told = errors(world.device)
    connection = world.incoming()
    world.wire.receive(ErrorFrame(callsid=SID, error=Failure(31999, "Something.")))
    assert told[0].connection is connection
    assert connection.status() == "pending"


async def test_an_error_of_the_link_is_told() -> None:
    world = World()
    told = errors(world.device)
    world.wire.fail(StreamError(31005, "The connection broke.", 53000))
    assert told == [CallError(31005, "The connection broke.", None, 53000)]


async def test_an_error_of_a_call_is_told_by_the_call_first() -> None:
    world = World()
    world.call(To="nobody")
    await world.settle()
    world.wire.receive(Hangup(error=Failure(31404, "Nobody is called nobody.")))
    assert world.log == ["error(31404) connecting", "disconnect() closed"]
    await world.settle()
    assert world.log[2:] == ["device.error", "device.disconnect"]


class Loud(World):
    """A device whose own sounds are on, as they are for a script."""

    def __init__(self, options: Options | None = None) -> None:
        super().__init__(options)
        chimes = self.device.sounds
        chimes.incoming = chimes.outgoing = chimes.disconnect = True

    async def answered(self) -> None:
        await self.settle()
        self.wire.receive(Answer(callsid=SID, sdp=ANSWER))
        await self.settle()


async def test_a_call_of_ours_sounds_when_it_opens_and_when_it_ends() -> None:
    world = Loud()
    connection = world.call(To="bob")
    await world.answered()
    assert world.speaker.played == ["outgoing"]
    connection.disconnect()
    assert world.speaker.played == ["outgoing", "end"]
    await world.settle()


@pytest.mark.parametrize(
    ("act", "played"), [("accept", ["ringtone", None]), ("reject", ["ringtone", None]), ("ignore", ["ringtone", None])]
)
async def test_it_rings_until_the_call_is_taken_or_is_not(act: str, played: list[str | None]) -> None:
    world = Loud()
    connection = world.incoming()
    getattr(connection, act)()
    await world.settle()
    assert world.speaker.played == played


async def test_it_rings_on_for_a_second_call_and_no_sound_ends_one_that_was_cancelled() -> None:
    world = Loud()
    world.incoming()
    world.incoming(OTHER)
    world.wire.receive(Cancel(callsid=SID))
    assert world.speaker.played == ["ringtone"]
    world.wire.receive(Cancel(callsid=OTHER))
    assert world.speaker.played == ["ringtone", None]
    await world.settle()


async def test_it_does_not_ring_into_a_call_but_as_soon_as_that_is_over() -> None:
    world = Loud(Options(allow_incoming_while_busy=True))
    first = world.incoming()
    first.accept()
    await world.settle()
    world.incoming(OTHER)
    assert world.speaker.played == ["ringtone", None]
    first.disconnect()
    assert world.speaker.played == ["ringtone", None, "ringtone"]
    await world.settle()


async def test_a_sound_that_is_switched_off_is_not_heard() -> None:
    world = Loud()
    world.device.sounds.outgoing = world.device.sounds.disconnect = False
    connection = world.call(To="bob")
    await world.answered()
    connection.disconnect()
    assert world.speaker.played == []
    await world.settle()
