"""How a call's media is brought back: frames out and in, and what the call tells meanwhile."""

import asyncio

import pytest

from intercom.call.connection import Connection
from intercom.call.options import Options
from intercom.call.ports import MediaState
from intercom.errors import MediaError
from intercom.signaling.events import StreamState
from intercom.signaling.messages import Answer, Hangup, Reinvite
from tests.call.clock import jumping
from tests.call.world import ANSWER, SID, Sound, World, restart_offer


class Cut(World):
    """A call that is open, and whose media can be cut."""

    def __init__(self, *, enable_ice_restart: bool = True) -> None:
        super().__init__(Options(enable_ringing_state=True, enable_ice_restart=enable_ice_restart))

    @property
    def sound(self) -> Sound:
        return self.sounds[0]

    async def outgoing(self) -> Connection:
        connection = self.call(To="bob")
        await self.settle()
        self.wire.receive(Answer(callsid=SID, sdp=ANSWER))
        return await self._opened(connection)

    async def incoming_one(self) -> Connection:
        connection = self.incoming()
        connection.accept()
        return await self._opened(connection)

    async def _opened(self, connection: Connection) -> Connection:
        await self.settle()
        assert connection.status() == "open"
        self.sound.becomes(MediaState.CONNECTED)
        self.wire.sent.clear()
        self.log.clear()
        return connection

    async def cut(self) -> None:
        self.sound.becomes(MediaState.DISCONNECTED)
        await self.settle()

    async def over(self, connection: Connection) -> None:
        connection.disconnect()
        await self.settle()


async def until(at_s: float) -> None:
    await asyncio.sleep(at_s - asyncio.get_running_loop().time())


def restart(number: int) -> Reinvite:
    return Reinvite(callsid=SID, sdp=restart_offer(number))


@jumping
async def test_lost_media_is_answered_with_an_offer_of_a_new_path_and_its_answer_brings_it_back() -> None:
    world = Cut()
    connection = await world.outgoing()
    await world.cut()
    assert connection.status() == "reconnecting"
    assert world.wire.sent == [restart(1)]
    world.wire.receive(Answer(callsid=SID, sdp="a new path"))
    await world.settle()
    assert world.sound.paths == ["a new path"]
    assert (connection.status(), world.wire.hurries) == ("reconnecting", 0)  # until something is heard
    world.sound.becomes(MediaState.CONNECTED)
    assert world.wire.hurries == 1
    assert world.log == ["reconnecting(53405) reconnecting", "reconnected() open"]
    await world.over(connection)


@jumping
async def test_attempts_are_repeated_until_the_window_is_over_and_then_the_call_ends_with_its_reason() -> None:
    world = Cut()
    connection = await world.outgoing()
    await world.cut()
    cut_at = asyncio.get_running_loop().time()
    await until(cut_at + 29.9)
    assert world.wire.sent == [restart(1), restart(2), restart(3)]
    assert connection.status() == "reconnecting"
    assert connection.reconnecting_s == pytest.approx(29.9)
    await until(cut_at + 30.1)
    hangup = world.wire.sent[-1]
    assert isinstance(hangup, Hangup)
    assert hangup.message
    assert connection.reconnecting_s is None
    assert world.log == [
        "reconnecting(53405) reconnecting", "disconnect() closed", "error(31003) closed", "device.disconnect",
        "device.error",
    ]  # fmt: skip


@jumping
async def test_a_path_that_never_comes_up_is_tried_for_as_one_that_was_lost() -> None:
    world = Cut()
    connection = await world.outgoing()
    world.sound.becomes(MediaState.FAILED)
    await world.settle()
    assert (connection.status(), world.wire.sent) == ("reconnecting", [restart(1)])
    world.sound.becomes(MediaState.FAILED)  # as the old path does later
    assert connection.status() == "reconnecting"
    await world.over(connection)


@jumping
async def test_an_old_path_that_revives_ends_it_too() -> None:
    world = Cut()
    connection = await world.outgoing()
    await world.cut()
    world.sound.becomes(MediaState.CONNECTED)
    await until(100)
    assert (connection.status(), len(world.wire.sent)) == ("open", 1)
    await world.over(connection)


@jumping
async def test_a_far_end_that_offers_a_new_path_is_followed_and_the_call_goes_on_as_it_was() -> None:
    world = Cut()
    connection = await world.outgoing()
    offer = "v=0\r\na=ice-ufrag:abcd\r\n"
    world.wire.receive(Reinvite(callsid=SID, sdp=offer))
    await world.settle()
    assert world.wire.sent == [Answer(callsid=SID, sdp=f"answer to {offer}", offer_ufrag="abcd")]
    assert (connection.status(), world.log) == ("open", [])
    await world.over(connection)


@jumping
async def test_a_script_that_did_not_ask_for_it_offers_no_new_path_but_follows_one() -> None:
    world = Cut(enable_ice_restart=False)
    connection = await world.outgoing()
    await world.cut()
    assert (connection.status(), world.wire.sent) == ("open", [])
    world.wire.receive(Reinvite(callsid=SID, sdp="theirs"))
    await world.settle()
    assert world.sound.paths == ["theirs"]
    await world.over(connection)


@jumping
async def test_of_two_stations_that_both_offer_the_called_one_follows() -> None:
    world = Cut()
    connection = await world.incoming_one()
    await world.cut()
    assert world.wire.sent == [restart(1)]
    world.wire.receive(Reinvite(callsid=SID, sdp="theirs"))
    await world.settle()
    assert world.wire.sent[1:] == [Answer(callsid=SID, sdp="answer to theirs")]
    world.wire.receive(Answer(callsid=SID, sdp="late"))
    await world.settle()
    assert world.sound.paths == ["theirs"]
    await world.over(connection)


@jumping
async def test_an_offer_that_is_overtaken_while_it_is_made_is_not_sent() -> None:
    world = Cut()
    connection = await world.incoming_one()
    world.sound.may_restart.clear()
    await world.cut()
    world.wire.receive(Reinvite(callsid=SID, sdp="theirs"))
    world.sound.may_restart.set()
    await world.settle()
    assert world.wire.sent == [Answer(callsid=SID, sdp="answer to theirs")]
    await world.over(connection)


@jumping
async def test_while_the_exchange_is_away_nothing_is_offered_and_at_its_return_at_once() -> None:
    world = Cut()
    connection = await world.outgoing()
    world.wire.becomes(StreamState.DISCONNECTED)
    await world.cut()
    await until(12)
    assert world.wire.sent == []
    world.wire.becomes(StreamState.CONNECTED)
    await world.settle()
    assert world.wire.sent == [restart(1)]
    await world.over(connection)


@jumping
async def test_no_failed_attempt_ends_the_call() -> None:
    world = Cut()
    connection = await world.outgoing()
    world.sound.fault = MediaError("No network is up.")
    await world.cut()
    await until(asyncio.get_running_loop().time() + 5)
    assert (connection.status(), world.wire.sent) == ("reconnecting", [])
    world.sound.fault = None
    await until(asyncio.get_running_loop().time() + 2)
    assert len(world.wire.sent) == 1
    world.wire.receive(Answer(callsid=SID, sdp="bad"))
    world.wire.receive(Reinvite(callsid=SID, sdp="bad"))
    await world.settle()
    assert (connection.status(), world.sound.paths, len(world.wire.sent)) == ("reconnecting", [], 1)
    await world.over(connection)


@jumping
async def test_an_answer_to_an_earlier_offer_is_dropped() -> None:
    world = Cut()
    connection = await world.outgoing()
    await world.cut()
    await until(asyncio.get_running_loop().time() + 10.1)
    assert len(world.wire.sent) == 2
    world.wire.receive(Answer(callsid=SID, sdp="late", offer_ufrag="u1"))
    world.wire.receive(Answer(callsid=SID, sdp="new", offer_ufrag="u2"))
    await world.settle()
    assert world.sound.paths == ["new"]
    await world.over(connection)
