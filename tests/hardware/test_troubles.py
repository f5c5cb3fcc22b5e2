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


def test_a_thousand_edges_a_second_begin_hardly_a_call_and_the_console_answers(house: House) -> None:
    """The kernel's debouncing lets through what this slow machine delays, which at times has a finger's pace."""
    before, shown = calls(house), status_while_it_floods(house, every_s=0.001)
    assert calls(house) <= before + FLOOD_S / 5
    assert "buttons " in shown
    if house.ask("gate", "status")["call"]:
        house.ask("gate", "hangup")


def test_a_contact_that_floods_is_named_and_the_only_call_that_it_may_begin_is_ended(house: House) -> None:
    before, shown = calls(house), status_while_it_floods(house, every_s=0.01)
    assert calls(house) <= before + 1
    assert house.ask("gate", "status")["call"] is None
    assert "button answer bounces or floats" in shown


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


def status_while_it_floods(house: House, *, every_s: float) -> str:
    """The last status at the console while a contact floods."""
    shown, flood = "", house.header.flood(ANSWER, every_s=every_s, count=2 * int(FLOOD_S / every_s / 2))
    while not flood.done():
        shown = house.type("status", until="serial ")
    flood.result()
    return shown


def calls(house: House) -> int:
    """How many calls of the gate's the exchange has seen."""
    return house.log("kitchen").count("gate calls")
