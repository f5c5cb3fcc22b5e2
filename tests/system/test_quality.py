"""What a station tells of a call with the official SDK."""

from tests.browser.chromium import Chromium
from tests.browser.softphone import SoftPhone
from tests.system.house import House
from tests.system.test_calls import talks

REPORTED_S = 20  # Chromium reports each five seconds or so; without a report there is no round trip, hence no score


async def test_a_call_is_told_in_the_figures_of_the_sdk(house: House, chromium: Chromium) -> None:
    async with SoftPhone(chromium) as phone:
        await talks(phone, house, chromium)
        now = await house.sees(lambda status: bool((status["sample"] or {}).get("mos")), within_s=REPORTED_S)
        sample = now["sample"]
        assert sample["codecName"] == "opus"
        assert 1 <= sample["mos"] <= 4.5
        assert sample["packetsSent"] > 10
        assert sample["packetsReceived"] > 10
        assert sample["totals"]["bytesReceived"] > sample["bytesReceived"] > 0
        assert sample["rtt"] > 0
        assert sample["audioInputLevel"] > 1000
        assert sample["audioOutputLevel"] > 1000
