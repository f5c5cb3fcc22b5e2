"""Outages: the exchange is killed and comes back, the station loses its sound card or never had one."""

import pytest

from tests.browser.chromium import Chromium
from tests.browser.softphone import SoftPhone
from tests.rig.ear import until_heard
from tests.system.house import MICROPHONE_HZ, House
from tests.system.test_calls import hear_each_other, ready, talks


async def restarted(house: House) -> None:
    """Kill the exchange as a power cut does and start it again."""
    await house.exchange.kill()
    await house.exchange.__aenter__()
    await house.exchange.says("ready")


async def test_an_idle_station_registers_again_by_itself(house: House) -> None:
    await restarted(house)
    house.seen.clear()
    await house.sees(lambda status: status["registration"] == "ready")


async def test_a_lost_exchange_is_seen_in_status_with_the_next_step(house: House) -> None:
    await house.exchange.kill()
    status = await house.tells(lambda status: "can't be reached" in status["network"]["why"])
    assert status["registration"] == "offline"
    assert status["light"]["pattern"] == "blink"
    assert "check the address and that the exchange runs" in status["network"]["why"]


@pytest.mark.parametrize("who", ["station", "sdk"])
async def test_a_call_outlives_its_exchange_and_a_hangup_afterwards_ends_the_other_side(
    house: House, chromium: Chromium, who: str
) -> None:
    async with SoftPhone(chromium) as phone:
        await talks(phone, house, chromium)
        await restarted(house)
        house.seen.clear()
        await house.sees(lambda status: status["registration"] == "ready")
        await phone.saw("device ready", times=2, within_s=30)
        await hear_each_other(phone, house, chromium)
        if who == "station":
            await house.ask("hangup")
            await phone.saw("connection disconnect", within_s=2)
        else:
            await phone.disconnect()
            await house.is_in("closed", within_s=2)


async def test_a_card_that_is_unplugged_in_a_call_leaves_the_call_alive_and_comes_back(
    house: House, chromium: Chromium
) -> None:
    async with SoftPhone(chromium) as phone:
        await talks(phone, house, chromium)
        house.card.unplug()
        await house.sees(lambda status: status["audio"]["capture"]["state"] == "missing")
        await phone.hears_silence()
        house.card.plug_in()
        await phone.hears(MICROPHONE_HZ)
        await until_heard(house.card, chromium.microphone_hz)
        assert await phone.status() == "open"


async def test_new_settings_are_written_and_taken_when_the_call_has_ended(house: House, chromium: Chromium) -> None:
    async with SoftPhone(chromium) as phone:
        await ready(phone, house)
        await house.ask("call", "anna")
        await phone.saw("device incoming")
        await house.ask("set", "call.to", "bert")
        committed = await house.ask("commit")
        assert "ended" in " ".join(committed["notes"])
        await phone.accept()
        await hear_each_other(phone, house, chromium)
        await house.ask("hangup")
        await phone.saw("connection disconnect")
    assert 'to = "bert"' in house.file.read_text()
    house.seen.clear()
    await house.shows(pattern="heartbeat")
    assert (await house.ask("show", "call.to"))["settings"] == {"call.to": "bert"}
