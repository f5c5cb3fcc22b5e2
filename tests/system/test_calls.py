"""Whole calls: the official SDK in a real Chromium, our exchange and our station, with sound from end to end."""

from intercom.console import texts
from tests.browser.chromium import Chromium
from tests.browser.sdkphone import SdkPhone
from tests.browser.softphone import SoftPhone
from tests.rig.ear import hear, until, until_heard, until_silent
from tests.system.house import MICROPHONE_HZ, House


async def ready(phone: SdkPhone, house: House, identity: str = "anna") -> None:
    """Register."""
    await phone.setup(house.token(identity), house.address)
    await phone.saw(phone.READY)


async def rings(phone: SdkPhone, house: House) -> None:
    """Call the station until it rings."""
    await ready(phone, house)
    await phone.connect(To="hall")
    await house.shows(pattern="chase", colour="blue")
    await phone.saw("connection ringing")


async def talks(phone: SdkPhone, house: House, chromium: Chromium) -> None:
    """Call the station, answer at its panel, and wait until both hear each other."""
    await rings(phone, house)
    await house.ask("press", "answer")
    await phone.saw("connection accept")
    await hear_each_other(phone, house, chromium)


async def hear_each_other(phone: SdkPhone, house: House, chromium: Chromium) -> None:
    await phone.hears(MICROPHONE_HZ)
    await until_heard(house.card, chromium.microphone_hz)


async def test_the_sdk_calls_and_the_answer_button_lets_both_hear_each_other(house: House, chromium: Chromium) -> None:
    async with SoftPhone(chromium) as phone:
        await ready(phone, house)
        assert await phone.connect(To="hall", reason="parcel") == "connecting"
        await house.shows(pattern="chase", colour="blue")
        assert (await phone.saw("connection ringing")).status == "ringing"
        await until(lambda: hear(house.card).dbfs > -50, what="the ringtone")
        await house.ask("press", "answer")
        assert (await phone.saw("connection accept")).status == "open"
        await hear_each_other(phone, house, chromium)
        call = (await house.ask("status"))["call"]
        assert (call["direction"], call["from"], call["codec"]) == ("incoming", "client:anna", "opus")
        await phone.disconnect()
        await house.is_in(None)
        await until_silent(house.card)
        assert house.states == ["pending", "connecting", "open", "closed"]
        assert house.patterns[-6:] == ["heartbeat", "chase", "spin", "steady", "flash-long", "heartbeat"]


async def test_the_button_calls_the_sdk_which_answers_and_the_button_hangs_up(house: House, chromium: Chromium) -> None:
    async with SoftPhone(chromium) as phone:
        await ready(phone, house)
        await house.ask("press", "answer")
        await phone.saw("device incoming")
        assert (await phone.parameters())["From"] == "client:hall"
        await house.shows(pattern="breathe", colour="white")
        await until_heard(house.card, 425)  # ringback
        await phone.accept()
        await house.shows(pattern="steady", colour="green")
        await hear_each_other(phone, house, chromium)
        await house.ask("press", "answer")
        await phone.saw("connection disconnect")
        await house.is_in(None)
        assert house.states == ["connecting", "ringing", "open", "closed"]


async def test_a_held_button_rejects(house: House, chromium: Chromium) -> None:
    async with SoftPhone(chromium) as phone:
        await rings(phone, house)
        await house.ask("press", "answer", "--for", "1.2")
        await phone.saw("connection disconnect")
        assert (await phone.saw("connection error")).code == 31603
        await house.is_in(None)
        await until_silent(house.card)


async def test_the_sdk_rejects_and_the_ring_turns_red(house: House, chromium: Chromium) -> None:
    async with SoftPhone(chromium) as phone:
        await ready(phone, house)
        await house.ask("call", "anna")
        await phone.saw("device incoming")
        await phone.reject()
        shown = await house.shows(pattern="flash-three", colour="red")
        assert shown["call"]["ended"]["code"] == 31603


async def test_ignored_here_it_rings_on_for_the_caller_who_gives_up(house: House, chromium: Chromium) -> None:
    async with SoftPhone(chromium) as phone:
        await rings(phone, house)
        await house.ask("press", "ignore")
        await house.is_in(None)
        await until_silent(house.card)
        assert await phone.status() == "ringing"
        await phone.disconnect()
        await phone.saw("connection disconnect")


async def test_the_caller_who_hangs_up_before_the_answer_stops_the_ringing(house: House, chromium: Chromium) -> None:
    async with SoftPhone(chromium) as phone:
        await rings(phone, house)
        await phone.disconnect()
        await house.shows(pattern="heartbeat")
        await until_silent(house.card)
        assert house.states == ["pending", "closed"]


async def test_mute_by_either_side_is_silence_for_the_other_until_it_ends(house: House, chromium: Chromium) -> None:
    async with SoftPhone(chromium) as phone:
        await talks(phone, house, chromium)
        await house.ask("press", "mute")
        await house.shows(overlays=["muted"])
        await phone.hears_silence()
        await until_heard(house.card, chromium.microphone_hz)
        await house.ask("mute", "off")
        await phone.hears(MICROPHONE_HZ)
        await phone.mute(True)
        await until_silent(house.card)
        muted_at = house.card.now()
        await until(lambda: house.card.now() > muted_at + 3 * house.card.rate, what="three silent seconds")
        assert house.states[-1] == "open"  # who says nothing is not missed
        await phone.mute(False)
        await until_heard(house.card, chromium.microphone_hz)


async def test_a_second_caller_is_told_busy_and_the_first_call_goes_on(house: House, chromium: Chromium) -> None:
    async with SoftPhone(chromium) as phone, SoftPhone(chromium) as second:
        await talks(phone, house, chromium)
        await ready(second, house, "bert")
        await second.connect(To="hall")
        assert (await second.saw("connection error")).code == 31486
        await hear_each_other(phone, house, chromium)


async def test_a_call_to_nobody_fails_with_its_reason_and_a_red_ring(house: House) -> None:
    await house.ask("call", "nobody")
    shown = await house.shows(pattern="flash-three", colour="red")
    assert shown["call"]["ended"]["code"] == 31404
    reason = shown["call"]["ended"]["message"]
    assert reason == "Nobody of that name is known here."
    assert reason in texts.status(shown)
    await house.shows(pattern="heartbeat")


async def test_two_browsers_are_refused_with_the_reason(house: House, chromium: Chromium) -> None:
    async with SoftPhone(chromium) as phone, SoftPhone(chromium) as second:
        await ready(phone, house)
        await ready(second, house, "bert")
        await phone.connect(To="bert")
        error = await phone.saw("connection error")
        assert "both ends are browsers without a media path" in error.message


async def test_a_token_that_is_wrong_or_too_old_is_refused(house: House, chromium: Chromium) -> None:
    async with SoftPhone(chromium) as phone, SoftPhone(chromium) as second:
        await phone.setup(house.token("anna")[:-6] + "AAAAAA", house.address)
        assert (await phone.saw("device error")).code == 31204
        await second.setup(house.token("anna", ttl_s=-1), house.address)
        assert (await second.saw("device error")).code == 31205
