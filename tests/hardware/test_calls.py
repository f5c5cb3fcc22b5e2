"""Calls by real kernel GPIO: the answer button's contact, the lines of the LEDs, the serial console's cable."""

from typing import Any

import pytest

from tests.hardware.house import ANSWER, LEDS, House

pytestmark = pytest.mark.hardware

# Where proc_pid_stat(5) has them, counted from the process's state.
PRIORITY, POLICY = 37, 38
SCHED_FIFO = 1


def test_the_answer_button_opens_a_call_and_hangs_up_and_the_leds_show_it(house: House) -> None:
    begun_at = house.header.now()
    house.ask("kitchen", "call", "gate")
    house.until(lambda: all(house.header.changes(pin, begun_at) > 3 for pin in LEDS), "every LED of the ring chases")
    house.header.press(ANSWER)
    house.until_status("kitchen", is_open, "the call is open")
    house.until(lambda: all(house.header.is_high(pin) for pin in LEDS), "the ring is steady")
    house.header.press(ANSWER)
    house.until_status("kitchen", lambda status: status["call"] is None, "it is over")
    house.until(lambda: not any(house.header.is_high(pin) for pin in LEDS[1:]), "the ring beats at its top alone")


def test_in_a_call_the_sound_goes_before_all_else_and_the_usb_cable_brings_its_state(house: House) -> None:
    house.ask("kitchen", "call", "gate")
    house.until(
        lambda: "pending, from client:intercom" in house.type("status", until="serial "), "the console tells who calls"
    )
    house.header.press(ANSWER)
    house.until_status("gate", is_sounding, "microphone and speaker are open")
    assert "open, from client:intercom" in house.type("status", until="serial ")
    assert sorted(real_time_priorities(house)) == [20, 20]
    house.log_in()
    house.type("hangup", until="Hung up.")


def is_open(status: dict[str, Any]) -> bool:
    return bool(status["call"]) and status["call"]["status"] == "open"


def is_sounding(status: dict[str, Any]) -> bool:
    return is_open(status) and status["audio"]["capture"]["state"] == status["audio"]["playback"]["state"] == "open"


def real_time_priorities(house: House) -> list[int]:
    """The kernel's word on the gate's threads."""
    threads = house.machine.do("run", words=["sh", "-c", f"cat /proc/{house.pids['gate']}/task/*/stat"]).splitlines()
    fields = [line.rpartition(") ")[2].split() for line in threads]
    return [int(each[PRIORITY]) for each in fields if int(each[POLICY]) & 0xFF == SCHED_FIFO]
