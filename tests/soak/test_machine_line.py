"""The machine grammar over lines that alter bytes: thousands of commands, and much noise."""

import random

import pytest

from intercom.console.desk import Desk
from intercom.console.machine import MachineSession
from intercom.console.session import HumanSession
from intercom.console.talk import Talk
from tests.console.noise import NoisyLine
from tests.console.station import SmallStation
from tests.console.test_talk import is_in_order, run_through_noise

pytestmark = pytest.mark.soak

COMMANDS, BYTES, PIECE = 3000, 10_000_000, 4096


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(10, 15))
@pytest.mark.parametrize("rate", [0, 1e-4, 1e-3, 5e-3])
def test_each_of_thousands_of_commands_is_run_exactly_once_and_in_order(rate: float, seed: int) -> None:
    asked, done, given_up = run_through_noise(COMMANDS, rate=rate, seed=seed)
    assert not given_up
    assert done == asked


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(20, 25))
def test_where_one_byte_in_fifty_is_altered_nothing_is_doubled_or_altered(seed: int) -> None:
    asked, done, given_up = run_through_noise(COMMANDS, rate=2e-2, seed=seed)
    assert is_in_order(done, asked, given_up)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", [HumanSession, MachineSession])
def test_ten_megabytes_of_noise_run_nothing_and_the_console_works_right_after(
    kind: type[HumanSession] | type[MachineSession],
) -> None:
    station, chance = SmallStation(), random.Random(30)
    before = station.settings
    with NoisyLine(kind(Desk(station, "test"))) as line:
        for _ in range(0, BYTES, PIECE):
            line.send(chance.randbytes(PIECE))
            line._coming.clear()
        assert Talk(line).hello().name == "hall"
    assert (station.log, station.settings) == ([], before)
