"""Contacts that misbehave, on real kernel GPIO: the station answers, calls nobody, and names the button."""

import pytest

from tests.hardware.house import ANSWER, House

pytestmark = pytest.mark.hardware

FLOOD_S = 15.0


def test_a_press_that_bounces_is_one_press(house: House) -> None:
    before = calls(house)
    house.header.flood(ANSWER, every_s=0.001, count=8).result()
    house.header.press(ANSWER)
    house.until(lambda: calls(house) > before, "it calls")
    house.log_in()
    house.type("hangup", until="Hung up.")
    house.until_status("gate", lambda status: status["light"]["pattern"] == "heartbeat", "it is idle again")
    assert calls(house) == before + 1


# On a fast machine the kernel's debouncing lets no edge of the first through; those of the second reach the station.
@pytest.mark.parametrize(("every_s", "told"), [(0.001, "buttons "), (0.01, "button answer bounces or floats")])
def test_a_contact_that_floods_begins_one_call_at_most_which_is_ended_and_the_console_answers(
    house: House, every_s: float, told: str
) -> None:
    before, shown = calls(house), ""
    flood = house.header.flood(ANSWER, every_s=every_s, count=2 * int(FLOOD_S / every_s / 2))
    while not flood.done():
        shown = house.type("status", until="serial ")
    flood.result()
    assert calls(house) <= before + 1
    assert house.ask("gate", "status")["call"] is None
    assert told in shown


def test_a_contact_that_floods_and_then_is_stuck_calls_nobody_and_is_named(house: House) -> None:
    flood = house.header.flood(ANSWER, every_s=0.01, count=400)
    house.until(lambda: "bounces" in house.ask("gate", "status")["buttons"]["why"], "it is found out")
    flood.result()
    house.header.close(ANSWER)
    before = calls(house)
    house.until(lambda: "found down" in house.ask("gate", "status")["buttons"]["why"], "it is looked at again")
    house.until(lambda: "answer seems stuck" in house.type("status", until="serial "), "the console names the button")
    house.header.open(ANSWER)
    assert calls(house) == before
    house.until_status("gate", lambda status: status["buttons"]["state"] == "fine", "it is trusted again")


def calls(house: House) -> int:
    """How many calls of the gate's the exchange has seen."""
    return house.log("kitchen").count("gate calls")
