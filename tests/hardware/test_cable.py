"""The cable of the serial console, a real USB gadget: pulled, plugged in again, its far end left in echo mode."""

import signal

import pytest

from tests.hardware.house import WITHIN_S, House

pytestmark = pytest.mark.hardware

GADGET = "$(dirname $(grep -l a4a7 /sys/bus/usb/devices/*/idProduct))"  # by the far end's kernel
FAR_END = "/dev/ttyACM0"
GONE = "serial /dev/ttyGS0: closed the other end is gone"


def test_a_cable_that_is_pulled_and_plugged_in_again_is_served_again(house: House) -> None:
    house.type("status", until="serial ")
    _run(house, f"echo 0 >{GADGET}/authorized")
    house.until(lambda: GONE in house.log("gate"), "the cable is gone")
    _run(house, f"echo 1 >{GADGET}/authorized")
    house.until(
        lambda: FAR_END in _run(house, "find /dev -name 'ttyACM*'"), f"it is back: {_run(house, 'dmesg')[-2000:]}"
    )
    house.until_status("gate", lambda status: status["serial"]["state"] == "open", "its console is open")
    house.type("status", until="open, /dev/ttyGS0")


def test_a_far_end_that_is_left_in_echo_mode_begins_no_storm_and_is_told(house: House) -> None:
    script = f"stty -F {FAR_END} sane; exec 3<>{FAR_END}; echo status >&3; exec sleep infinity"
    far_end = house.machine.do("start", name="far-end", words=["sh", "-c", script])
    why = "the other end sends back what it is sent"
    house.until_status("gate", lambda status: status["serial"]["why"] == why, "it is told")
    house.signal(far_end, signal.SIGTERM)
    house.machine.do("ended", name="far-end", within_s=WITHIN_S)
    house.type("status", until="open, /dev/ttyGS0")


def test_udev_tells_modem_managers_to_leave_the_cable_alone(house: House) -> None:
    rules = "mkdir -p /run/udev/rules.d && cp /clone/config/60-intercom.rules /run/udev/rules.d"
    assert "ID_MM_DEVICE_IGNORE=1" in _run(house, f"{rules} && udevadm test {GADGET} 2>&1")


def _run(house: House, script: str) -> str:
    """Have the machine's shell run this, and return what it said."""
    return str(house.machine.do("run", words=["sh", "-c", script]))
