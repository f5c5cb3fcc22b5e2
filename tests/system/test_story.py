"""The story of real calls, as a running station tells it at its console and after a power cut."""

import asyncio

import pytest

from tests.browser.chromium import Chromium
from tests.browser.softphone import SoftPhone
from tests.rig.ear import until_heard
from tests.system.house import House, living
from tests.system.programs import INTERCOM
from tests.system.test_calls import hear_each_other, talks

SCORED_S = 20.0


async def types(house: House, *words: str) -> str:
    """Run a command as a person does, and return what it prints."""
    folder = str(house.folder / "station")
    ran = await asyncio.create_subprocess_exec(INTERCOM, *words, "--state", folder, stdout=asyncio.subprocess.PIPE)
    printed, _ = await ran.communicate()
    assert ran.returncode == 0
    return printed.decode()


async def test_a_call_and_one_that_the_power_cut_are_told_with_figures_and_way(
    house: House, chromium: Chromium
) -> None:
    async with SoftPhone(chromium) as phone:
        await talks(phone, house, chromium)
        await house.sees(lambda status: bool((status["sample"] or {}).get("mos")), within_s=SCORED_S)
        assert "It is under way." in await types(house, "why")
        await phone.disconnect()
        await house.is_in(None)
        why = (await types(house, "why")).splitlines()
        [call] = (await house.ask("calls"))["calls"]
        await house.ask("call", "anna")
        await phone.saw("device incoming")
        await phone.accept()
        await hear_each_other(phone, house, chromium)
        kept = house.folder / "station" / "calls.jsonl"
        await house.tells(lambda _: b'"n":2,' in kept.read_bytes())
        await house.station.kill()
        async with house.station:
            await house.tells(lambda status: status["registration"] == "ready")
            cut = (await types(house, "why")).splitlines()
            told = await types(house, "calls")
    assert why[0].startswith("Call 1: anna called on ")
    assert why[1:2] == ["It rang here."]
    assert why[2].startswith("The answer button took it after ")
    assert why[4].startswith("The sound went straight from one to the other (")
    assert why[5].startswith("By opus it sounded ")
    assert why[-1] == "anna hung up."
    assert (call["peer"], call["how"], call["codec"]) == ("anna", "hung_up_by_far_end", "opus")
    assert 1 < call["quality"]["lowest_mos"] <= call["quality"]["mos"] <= 4.5
    assert call["quality"]["mouth_to_ear_ms"] > 0
    assert cut[0].startswith("Call 2: anna was called by the console")
    assert "It broke off: the station lost its power, or was killed." in cut
    assert [line[:4].strip() for line in told.splitlines() if line[0] != " "] == ["2", "1"]


async def test_a_press_that_could_call_nobody_and_a_name_that_nobody_has_are_told_with_the_next_step(
    empty_house: House,
) -> None:
    async with living(empty_house, call="") as house:
        await house.ask("call", "nobody")
        await house.is_in(None)
        why = await types(house, "why")
        assert "It failed with code 31404. Nobody of that name is known" in why
        assert "Compare the name in `call.to`" in why
        await house.exchange.kill()
        await house.tells(lambda status: "can't be reached" in status["network"]["why"])
        await house.ask("press", "answer")
        why = await types(house, "why")
        assert "anna was to be called by the answer button" in why
        assert "The station was not connected to its exchange: " in why
        assert "check the address and that the exchange runs" in why


async def test_speaker_microphone_door_and_clock_are_tried_at_a_running_station(house: House) -> None:
    spoken = asyncio.create_task(house.ask("test", "speaker"))
    for hertz in (440, 880, 1760):
        await until_heard(house.card, hertz)
    assert "Three tones" in (await spoken)["told"][0]
    assert (await house.ask("test", "mic"))["level_dbfs"] == pytest.approx(-12, abs=1)
    assert "at a simulated pin, and locked now." in await types(house, "test", "door")
    assert (await house.ask("door", "log"))["records"] == []
    assert "It is open now." in await types(house, "test", "door", "--open")
    records = (await house.ask("door", "log"))["records"]
    assert [(one["what"], one["how"]) for one in records] == [("asked", "socket"), ("opened", "socket")]
    assert await types(house, "time")
    machine = (await house.ask("status"))["machine"]
    assert machine["disk_free_mb"] > 0
    assert machine["version"] in await types(house, "status")
