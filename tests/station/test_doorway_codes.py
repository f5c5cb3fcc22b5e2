"""Codes that are dialled at a gate: which digits count, and what is heard of them."""

import asyncio

import pytest

from intercom.call.ports import DigitHeard, DigitSource
from intercom.settings.schema import Door, Settings, Station
from intercom.signaling.messages import Answer, Dtmf, Hangup
from intercom.station.view import Shows
from tests.call.world import ANSWER, SID
from tests.station.gatehouse import Gatehouse, living
from tests.station.test_doorway_gate import rung, talking

PAUSE_S = 3.1


def dial(house: Gatehouse, digits: str, source: DigitSource = DigitSource.RTP) -> None:
    for digit in digits:
        house.sounds[-1].becomes(DigitHeard(digit, source))


async def test_a_code_opens_and_the_call_goes_on() -> None:
    async with living(Gatehouse()) as house:
        connection = await talking(house)
        dial(house, "246802#")
        await house.settle()
        assert (house.bolt.opened, connection.status()) == (1, "open")
        assert house.porter.told == ["house by code: may", "house opened"]
        assert [tone for tone in house.tones if tone] == ["ringback", "door-opened"]


async def test_a_pause_ends_a_code_too() -> None:
    async with living(Gatehouse()) as house:
        await talking(house)
        dial(house, "246802")
        assert house.doorway.due() is not None
        house.doorway.tick(asyncio.get_running_loop().time() + PAUSE_S)
        await house.settle()
        assert house.bolt.opened == 1


@pytest.mark.parametrize("digits", ["246801#", "999999#", "24680#", "2468020000000000#"])
async def test_a_near_miss_sounds_and_looks_as_a_far_one_does(digits: str) -> None:
    async with living(Gatehouse()) as house:
        await talking(house)
        house.tones.clear()
        house.wire.sent.clear()
        dial(house, digits)
        await house.settle()
        assert (house.bolt.opened, house.tones, house.wire.sent) == (0, [], [])
        assert (house.light.overlays, house.station.view.shows) == ((), Shows.OPEN)


async def test_digits_count_in_an_open_call_only() -> None:
    async with living(Gatehouse()) as house:
        await rung(house)
        dial(house, "246802#")
        await house.settle()
        await talking_on(house)
        dial(house, "246802")
        house.wire.receive(Hangup(callsid=SID))
        dial(house, "#")
        house.wire.receive(Dtmf(callsid=SID, dtmf="246802#"))
        house.doorway.tick(asyncio.get_running_loop().time() + PAUSE_S)
        await house.settle()
        assert (house.bolt.opened, house.porter.told) == (0, [])


async def talking_on(house: Gatehouse) -> None:
    """Let somebody answer where it rings."""
    house.wire.receive(Answer(callsid=SID, sdp=ANSWER))
    await house.settle()


async def test_what_was_dialled_in_one_call_does_not_count_in_the_next() -> None:
    async with living(Gatehouse()) as house:
        await talking(house)
        dial(house, "2468")
        house.wire.receive(Hangup(callsid=SID))
        await house.settle()
        house.ring(sid="CA2").accept()
        await house.settle()
        dial(house, "02#")
        await house.settle()
        assert house.bolt.opened == 0


@pytest.mark.parametrize(("is_allowed", "opened"), [(False, 0), (True, 1)])
async def test_tones_within_the_voice_count_only_where_the_settings_say_so(is_allowed: bool, opened: int) -> None:
    settings = Settings(station=Station(identity="gate"), door=Door(inband=is_allowed))
    async with living(Gatehouse(settings)) as house:
        house.ring().accept()
        await house.settle()
        dial(house, "246802#", DigitSource.IN_BAND)
        await house.settle()
        assert house.bolt.opened == opened


@pytest.mark.parametrize(
    ("parameters", "who"),
    [
        ({"From": "client:anna"}, "anna"),
        ({"From": "+4930123456"}, "(unverified)"),
        ({"From": "anna"}, "(unverified)"),
        ({}, "(unverified)"),
        ({"From": "+4930123456", "StirStatus": "TN-Validation-Passed-A"}, "+4930123456"),
        ({"From": "+4930123456", "StirStatus": "TN-Validation-Passed-B"}, "(unverified)"),
    ],
)
async def test_who_dials_is_who_is_verified_to_call(parameters: dict[str, str], who: str) -> None:
    async with living(Gatehouse()) as house:
        house.incoming(**parameters).accept()
        await house.settle()
        dial(house, "000000#")
        await house.settle()
        assert house.porter.told == [f"{who} by code: may not"]


async def test_no_code_stands_in_a_log_or_in_the_status(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with living(Gatehouse()) as house:
        await talking(house)
        dial(house, "246801#")
        dial(house, "246802#")
        await house.settle()
        assert "24680" not in f"{caplog.text}{house.doorway.status()}"


async def test_a_station_without_a_door_collects_no_digits() -> None:
    async with living(Gatehouse(has_lock=False)) as house:
        await talking(house)
        dial(house, "246802#")
        await house.settle()
        assert house.porter.told == []
