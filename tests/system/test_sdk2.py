"""Whole calls with the official SDK v2 in a real Chromium: what it asks of an exchange beyond v1."""

import json

import numpy as np
import pytest

from tests.browser.chromium import Chromium
from tests.browser.softphone2 import SoftPhone2
from tests.exchange.wires import net
from tests.rig.ear import listen
from tests.system.house import House
from tests.system.test_calls import hear_each_other, ready, talks
from tests.system.test_outages import restarted

PRECISE = {"enableImprovedSignalingErrorPrecision": True}  # else every reason is 31005 to the SDK v2
REFRESHED_S = 10  # before a token's end the SDK warns
BREAK_S = 0.5  # a machine that starts programs meanwhile drops a tenth of a second now and then


async def is_called(phone: SoftPhone2, house: House) -> None:
    """Let the station call the phone until it rings there."""
    await ready(phone, house)
    await house.ask("call", "anna")
    await phone.saw("device incoming")


async def test_it_calls_with_parameters_is_answered_and_hangs_up(house: House, chromium: Chromium) -> None:
    async with SoftPhone2(chromium) as phone:
        await ready(phone, house)
        assert await phone.connect(To="hall", reason="a parcel & more") == "connecting"
        await house.shows(pattern="chase", colour="blue")
        assert (await phone.saw("connection ringing")).status == "ringing"
        await house.ask("press", "answer")
        assert (await phone.saw("connection accept")).status == "open"
        await hear_each_other(phone, house, chromium)
        call = (await house.ask("status"))["call"]
        assert (call["direction"], call["from"], call["codec"]) == ("incoming", "client:anna", "opus")
        await phone.disconnect()
        await house.is_in(None)
        assert house.states == ["pending", "connecting", "open", "closed"]


async def test_it_is_called_accepts_and_the_button_hangs_up(house: House, chromium: Chromium) -> None:
    async with SoftPhone2(chromium) as phone:
        await is_called(phone, house)
        assert (await phone.parameters())["From"] == "client:hall"
        await phone.accept()
        await hear_each_other(phone, house, chromium)
        await house.ask("press", "answer")
        await phone.saw("connection disconnect")
        await house.is_in(None)
        assert house.states == ["connecting", "ringing", "open", "closed"]


async def test_it_rejects(house: House, chromium: Chromium) -> None:
    async with SoftPhone2(chromium) as phone:
        await is_called(phone, house)
        await phone.reject()
        shown = await house.shows(pattern="flash-three", colour="red")
        assert shown["call"]["ended"]["code"] == 31603


async def test_it_ignores_and_the_station_that_gives_up_cancels(house: House, chromium: Chromium) -> None:
    async with SoftPhone2(chromium) as phone, SoftPhone2(chromium) as second:
        await ready(second, house)
        await is_called(phone, house)
        await second.saw("device incoming")
        await phone.ignore()
        assert await second.status() == "pending"
        await house.ask("hangup")
        await second.saw("connection cancel")
        assert await second.status() == "closed"


async def test_of_two_that_ring_one_answers_and_the_other_is_cancelled(house: House, chromium: Chromium) -> None:
    async with SoftPhone2(chromium) as phone, SoftPhone2(chromium) as second:
        await ready(second, house)
        await is_called(phone, house)
        await second.saw("device incoming")
        await second.accept()
        await phone.saw("connection cancel")
        await hear_each_other(second, house, chromium)


async def test_it_learns_why_it_was_refused(house: House, chromium: Chromium) -> None:
    async with SoftPhone2(chromium) as phone, SoftPhone2(chromium) as second:
        await second.setup(house.token("bert"), house.address, **PRECISE)
        await second.saw(second.READY)
        await second.connect(To="nobody")
        assert (await second.saw("connection error")).code == 31404
        await talks(phone, house, chromium)
        await second.connect(To="hall")
        assert (await second.saw("connection error", times=2)).code == 31486
        await phone.disconnect()
        await house.is_in(None)
        await second.connect(To="hall")
        await house.shows(pattern="chase", colour="blue")
        await house.ask("reject")
        assert (await second.saw("connection error", times=3)).code == 31603


async def test_it_unregisters_and_is_called_no_more(house: House, chromium: Chromium) -> None:
    async with SoftPhone2(chromium) as phone:
        await ready(phone, house)
        await phone.unregister()
        assert await phone.device_status() == "unregistered"
        await house.ask("call", "anna")
        shown = await house.shows(pattern="flash-three", colour="amber")
        assert shown["call"]["ended"]["code"] == 31480
        await phone.register()
        assert await phone.device_status() == "registered"


async def test_a_token_is_renewed_on_the_living_socket_before_it_runs_out(house: House, chromium: Chromium) -> None:
    async with SoftPhone2(chromium) as phone, SoftPhone2(chromium) as late:
        for each, identity in ((late, "bert"), (phone, "anna")):
            await each.setup(house.token(identity, ttl_s=REFRESHED_S + 3), house.address)
            await each.saw("device tokenWillExpire")
        await phone.renew(house.token("anna"))
        assert (await late.saw("device error", within_s=REFRESHED_S + 5)).code == 20104
        await late.saw("device unregistered")
        await late.renew(house.token("bert"))
        await late.saw(late.READY, times=2)
        assert "device error" not in await phone.names()
        assert await phone.device_status() == "registered"
        await talks(phone, house, chromium)


@pytest.mark.parametrize("who", ["station", "sdk"])
async def test_a_call_outlives_its_exchange_without_a_break_in_its_sound(
    house: House, chromium: Chromium, who: str
) -> None:
    async with SoftPhone2(chromium) as phone:
        await talks(phone, house, chromium)
        began = house.card.now()
        await restarted(house)
        assert (await phone.saw("connection reconnecting")).code == 53001
        await phone.saw("connection reconnected", within_s=30)
        assert await phone.status() == "open"
        assert longest_break_s(house, since=began, hertz=chromium.microphone_hz) < BREAK_S
        house.seen.clear()
        await house.sees(lambda status: status["registration"] == "ready")
        if who == "station":
            await house.ask("hangup")
            await phone.saw("connection disconnect", within_s=2)
        else:
            await phone.disconnect()
            await house.is_in("closed", within_s=2)


async def test_another_device_of_the_same_person_takes_the_call_over(house: House, chromium: Chromium) -> None:
    async with SoftPhone2(chromium) as phone, SoftPhone2(chromium) as second:
        await talks(phone, house, chromium)
        await ready(second, house)
        await second.take_over(await phone.connect_token())
        assert (await second.saw("connection accept")).status == "open"
        await phone.saw("connection disconnect")
        await hear_each_other(second, house, chromium)
        await second.disconnect()
        await house.is_in(None)
        assert house.states == ["pending", "connecting", "open", "closed"]


async def test_messages_travel_both_ways_while_it_rings(empty_house: House, chromium: Chromium) -> None:
    house = empty_house
    async with house.exchange, net(house.state) as street, SoftPhone2(chromium) as phone:
        await house.exchange.says("ready")
        street.port = house.port
        attic = await street.registered(street.station("attic"))
        await phone.setup(house.token("anna"), house.address, **PRECISE)
        await phone.saw(phone.READY)
        await phone.connect(To="attic", floor="3rd & up")
        invite = await attic.hear("invite")
        assert invite["parameters"]["Params"] == "floor=3rd%20%26%20up"
        await phone.saw("connection ringing")

        said = {"contenttype": "application/json", "messagetype": "user-defined-message"}
        sid = await phone.send_message({"lift": [1, 2]})
        about = {"callsid": invite["callsid"], "voiceeventsid": sid}
        assert await attic.hear("message") == {**said, **about, "content": {"lift": [1, 2]}, "from": "anna"}
        assert json.loads((await phone.saw("connection messageSent")).message)["voiceEventSid"] == sid

        about["voiceeventsid"] = "KX" + 32 * "0"
        await attic.say("message", **said, **about, content="on its way", **{"from": "mallory"})
        assert await attic.hear("ack") == {**about, "acktype": "message"}
        assert json.loads((await phone.saw("connection messageReceived")).message)["content"] == "on its way"

        await phone.send_message("x", "nope")
        assert (await phone.saw("connection error")).code == 31210
        assert await phone.status() == "ringing"


def longest_break_s(house: House, *, since: int, hertz: float) -> float:
    """Return for how long the speaker has not played this tone at a stretch, to a tenth of a second."""
    pcm = house.card.played_from(since, house.card.now() - since)
    tenths = np.array_split(pcm, len(pcm) * 10 // house.card.rate)
    heard = "".join("x" if listen(tenth, rate=house.card.rate).is_tone(hertz) else " " for tenth in tenths)
    return max(map(len, heard.split("x"))) / 10
