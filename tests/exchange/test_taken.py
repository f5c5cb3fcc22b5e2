"""Whether a call that rings no more was taken by another, which a station is told and an SDK never is."""

import pytest

from intercom.signaling.messages import Cancel
from tests.exchange.house import House


@pytest.mark.parametrize(
    ("line", "is_taken"),
    [("hall > answer CA1", True), ("hall > reject CA1", True), ("anna > hangup T1", False), ("at 60", False)],
)
def test_a_station_learns_that_another_took_the_call_and_an_sdk_does_not(line: str, is_taken: bool) -> None:
    house = House()
    for step in ("+ anna station", "+ kitchen station", "+ hall station", "+ sdk sdk2 as kitchen"):
        house.do(step)
    house.do("anna > invite T1 To=house")
    house.do(line)
    cancels = {name: message.taken for name, message in house.frames if isinstance(message, Cancel)}
    assert (cancels["kitchen"], cancels["sdk"]) == (is_taken, False)
