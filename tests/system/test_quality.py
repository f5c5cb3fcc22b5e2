"""What a station tells of a call with the official SDK."""

from tests.browser.chromium import Chromium
from tests.browser.softphone import SoftPhone
from tests.system.house import House
from tests.system.test_calls import talks

REPORTED_S = 20  # Chromium reports each five seconds or so; without a report there is no round trip, hence no score


async def test_a_good_call_is_told_as_a_good_call(house: House, chromium: Chromium) -> None:
    async with SoftPhone(chromium) as phone:
        await talks(phone, house, chromium)
        now = await house.sees(lambda status: bool((status["sample"] or {}).get("mos")), within_s=REPORTED_S)
        sample = now["sample"]
        assert sample["codecName"] == "opus"
        assert sample["mos"] > 4
        assert 40 <= sample["packetsSent"] <= 60
        assert 40 <= sample["packetsReceived"] <= 60
        assert sample["packetsLostFraction"] < 5
        assert 0 <= sample["jitter"] < 30
        assert sample["audioInputLevel"] > 1000
        assert sample["audioOutputLevel"] > 1000
        assert now["warnings"] == []
