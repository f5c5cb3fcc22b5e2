"""The relay's line: safe from its first moment, and driven safe by who comes after a crash."""

from collections.abc import Callable
from pathlib import Path

import pytest
from gpiod.line import Direction, Value

from intercom.door import relay
from intercom.door.guard import make_safe
from intercom.door.line import GpioLine, SimulatedLine, take
from intercom.door.lock import relay_of
from intercom.door.relay import Relay
from intercom.errors import PinError
from intercom.settings import schema
from tests.panel.fake_chip import FakeChip

LOW, HIGH = Value.INACTIVE, Value.ACTIVE
RELAY = Relay(26, is_safe_high=False, pulse_s=3.0, longest_s=10.0)


@pytest.mark.parametrize(
    ("lock", "active_high", "safe", "unsafe"),
    [
        ("fail-secure", True, LOW, HIGH),  # current opens: at rest, the relay locks
        ("fail-secure", False, HIGH, LOW),
        ("fail-safe", True, HIGH, LOW),  # current holds: pulled in, the relay locks
        ("fail-safe", False, LOW, HIGH),
    ],
)
def test_the_safe_level_is_the_one_that_locks(lock: str, active_high: bool, safe: Value, unsafe: Value) -> None:
    facts = relay_of(schema.Door(pin=26, lock=lock, active_high=active_high), is_simulated=False)  # type: ignore[arg-type]
    assert facts
    chip = FakeChip()
    line = GpioLine(facts, chip)
    (first,) = chip.lines[26].history
    assert (first.direction, first.output_value, chip.lines[26].level) == (Direction.OUTPUT, safe, safe)
    line.drive(is_open=True)
    assert chip.lines[26].level is unsafe
    line.drive(is_open=False)
    assert chip.lines[26].level is safe
    assert chip.lines[26].history == [first]  # set, never set up anew: nothing blips


def test_a_line_that_another_holds_is_refused_and_says_who() -> None:
    chip = FakeChip()
    chip.held[26] = "gpio-hog"
    with pytest.raises(PinError, match="GPIO 26 is held by gpio-hog"):
        GpioLine(RELAY, chip)


def test_a_simulated_line_needs_no_chip() -> None:
    assert isinstance(take(RELAY._replace(is_simulated=True)), SimulatedLine)


def test_the_facts_are_laid_down_for_who_comes_after_a_crash(tmp_path: Path) -> None:
    relay.keep(RELAY, tmp_path)
    assert Relay.read((tmp_path / relay.NAME).read_text()) == RELAY
    first = (tmp_path / relay.NAME).stat().st_ino
    relay.keep(RELAY, tmp_path)
    assert (tmp_path / relay.NAME).stat().st_ino == first
    relay.keep(RELAY._replace(line=25), tmp_path)
    assert Relay.read((tmp_path / relay.NAME).read_text()).line == 25
    relay.keep(RELAY._replace(is_simulated=True), tmp_path)
    assert not (tmp_path / relay.NAME).exists()


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    relay.keep(RELAY, tmp_path)
    return tmp_path / relay.NAME


def test_after_a_crash_the_line_is_driven_safe(facts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chip = FakeChip()
    assert make_safe(facts, lambda relay: GpioLine(relay, chip)) == 0
    assert (chip.lines[26].settings.direction, chip.lines[26].level) == (Direction.OUTPUT, LOW)
    assert capsys.readouterr().err == "The lock is safe: GPIO 26 was driven low.\n"


def test_a_guard_that_still_holds_the_line_is_waited_for(facts: Path) -> None:
    chip = FakeChip()
    chip.held[26] = "intercom-door"
    assert make_safe(facts, freed_at_the_third_time(chip)) == 0
    assert chip.lines[26].level is LOW


def freed_at_the_third_time(chip: FakeChip) -> Callable[[Relay], GpioLine]:
    tries = []

    def taken(relay: Relay) -> GpioLine:
        tries.append(relay)
        if len(tries) == 3:
            chip.held.clear()
        return GpioLine(relay, chip)

    return taken


def test_who_holds_the_line_for_longer_is_named(facts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chip = FakeChip()
    chip.held[26] = "somebody"
    assert make_safe(facts, lambda relay: GpioLine(relay, chip)) == 1
    said = capsys.readouterr().err
    assert said.startswith("The lock may be open: GPIO 26 is held by somebody.")


def test_where_there_is_no_relay_there_is_nothing_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert make_safe(tmp_path / relay.NAME) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"line": 26}', RELAY.text().replace("26", '"26"'), RELAY.text().replace("false", "0")],
)
def test_facts_that_can_not_be_read_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    (tmp_path / relay.NAME).write_text(text)
    assert make_safe(tmp_path / relay.NAME) == 1
    assert capsys.readouterr().err.startswith(f"The lock may be open: {tmp_path / relay.NAME} can't be read")
