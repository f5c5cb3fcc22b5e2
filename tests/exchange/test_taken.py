"""Whether a call that rings no more was taken by another, which a station is told and an SDK never is."""

import pytest

from intercom.exchange.effects import Send
from intercom.signaling.messages import Cancel, Hangup
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
    cancels = _cancels(house)
    assert (cancels["kitchen"], cancels["sdk"]) == (is_taken, False)


@pytest.mark.parametrize(("caller", "is_taken"), [("station", True), ("sdk2", False)])
def test_a_call_that_has_served_its_purpose_is_missed_by_nobody_if_a_station_says_so(
    caller: str, is_taken: bool
) -> None:
    house = House()
    for step in (f"+ anna {caller}", "+ kitchen station", "anna > invite T1 To=kitchen"):
        house.do(step)
    number = next(client.id for client in house.switch.directory if client.identity == "anna")
    [cancel] = house.switch.receive(number, Hangup(callsid="T1", taken=True), 0)[:1]
    assert isinstance(cancel, Send)
    assert cancel.message == Cancel(callsid="CA1", taken=is_taken)


def _cancels(house: House) -> dict[str, bool]:
    return {name: message.taken for name, message in house.frames if isinstance(message, Cancel)}
