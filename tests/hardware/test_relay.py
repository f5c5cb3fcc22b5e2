"""The relay's line, as the kernel's trace tells: what drove it, when, and to which level.

The level that a line has in the end tells little: gpio-sim lets a line go when its holder ends, where a Pi's kernel
goes on driving it.
"""

from collections.abc import Iterator
from signal import SIGABRT, SIGKILL, SIGSTOP, Signals

import pytest

from tests.hardware.house import RELAY, House

pytestmark = pytest.mark.hardware

# Ten times what holds on a desktop, as this machine is slow.
LOCKS_WITHIN_S = 5.0
NEW_GUARD_WITHIN_S = 20.0
FROM_POWER_ON_WITHIN_S = 120.0


@pytest.fixture
def gate(house: House) -> Iterator[House]:
    """A house whose gate is locked; it is started anew after the test, and nothing holds its line any more."""
    house.until_status("gate", lambda status: status["door"]["lock"] == "locked", "it is locked")
    yield house
    house.machine.do("let_go")
    house.end("gate", SIGKILL)
    house.start("gate")


def test_no_start_and_no_end_pulses_the_relay(gate: House) -> None:
    begun_at = gate.header.now()
    gate.end("gate")
    gate.start("gate")
    gate.until_status("gate", lambda status: status["door"]["lock"] == "locked", "it is locked")
    assert driven(gate, begun_at) == ["low", "low", "out"]


@pytest.mark.parametrize("number", [SIGKILL, SIGABRT, SIGSTOP])
@pytest.mark.parametrize("is_kept_open", [False, True])
def test_when_the_station_is_lost_its_guard_locks(gate: House, number: Signals, *, is_kept_open: bool) -> None:
    opened(gate)
    if is_kept_open:
        assert gate.machine.do("hold", pid=gate.guard()) == 1
    lost_at = gate.signal(gate.pids["gate"], number)
    gate.until(lambda: driven(gate, lost_at) != [], "the guard drives the line")
    first = gate.header.events(RELAY, lost_at)[0]
    assert first.what == "low"
    assert first.at - lost_at < LOCKS_WITHIN_S
    assert not gate.header.is_high(RELAY)


def test_when_the_guard_is_lost_another_locks_first_of_all_and_opens_again(gate: House) -> None:
    opened(gate)
    lost_at = gate.signal(gate.guard(), SIGKILL)
    gate.until(lambda: driven(gate, lost_at) != [], "another guard takes the line")
    taken = gate.header.events(RELAY, lost_at)
    assert [event.what for event in taken] == ["low", "out"]
    assert taken[0].at - lost_at < NEW_GUARD_WITHIN_S
    opened(gate)


def test_when_no_other_guard_gets_the_line_that_is_told_and_it_is_locked_as_soon_as_one_does(gate: House) -> None:
    opened(gate)
    gate.machine.do("hold", pid=gate.guard())
    lost_at = gate.signal(gate.guard(), SIGKILL)
    gate.until_status("gate", lambda status: "GPIO 26 is held by" in status["door"]["why"], "it tells why not")
    gate.machine.do("let_go")
    gate.until(lambda: driven(gate, lost_at) == ["low", "out"], "another guard takes the line")


def test_after_a_power_cut_the_line_is_locked_first_of_all(gate: House) -> None:
    opened(gate)
    gate.cut()
    gate.start("gate")
    gate.until(lambda: driven(gate) != [], "a guard takes the line")
    taken = gate.header.events(RELAY)
    assert [event.what for event in taken] == ["low", "out"]
    assert taken[0].at < FROM_POWER_ON_WITHIN_S


def opened(house: House) -> None:
    house.until_status("gate", lambda status: status["door"]["lock"] == "locked", "it is locked")
    house.ask("gate", "door", "open")
    house.until(lambda: house.header.is_high(RELAY), "the relay pulls in")


def driven(house: House, since: float = 0.0) -> list[str]:
    return [event.what for event in house.header.events(RELAY, since)]
