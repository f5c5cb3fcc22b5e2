"""A rescue: the station can be reached and set up, whatever its settings are."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from intercom.settings.clashes import clashes
from intercom.settings.schema import Audio, Call, Console, Door, Log, Rtc, Settings
from intercom.station import rescue, rulecheck
from tests.settings.strategies import valid_settings


@given(valid_settings())
@settings(max_examples=100, deadline=None)
def test_a_rescue_keeps_who_the_station_is_and_its_wiring_and_nothing_that_could_be_wrong(chosen: Settings) -> None:
    safe = rescue.of(chosen)
    assert (safe.station, safe.signaling) == (chosen.station, chosen.signaling)
    assert (safe.panel.buttons, safe.panel.ring, safe.door.pin) == (
        chosen.panel.buttons,
        chosen.panel.ring,
        chosen.door.pin,
    )
    assert (safe.audio, safe.rtc, safe.call, safe.log) == (Audio(), Rtc(), Call(), Log())
    assert safe.door == replace(chosen.door, inband=False)
    assert safe.console.port == chosen.console.port or not chosen.console.port
    assert clashes(safe) == []
    assert rulecheck.problems(safe) == []


@pytest.mark.parametrize(
    ("chosen", "is_opened"),
    [
        (Settings(), True),
        (Settings(door=Door(pin=26)), False),
        (Settings(door=Door(pin=26), console=Console(port="{there}")), True),
    ],
)
def test_at_a_door_no_serial_line_is_opened_that_the_settings_do_not_name(
    tmp_path: Path, chosen: Settings, is_opened: bool
) -> None:
    there = tmp_path / "ttyGS0"
    there.touch()
    named = replace(chosen, console=Console(port=chosen.console.port.format(there=there)))
    assert rescue.of(named, usual=(tmp_path / "serial0", there)).console.port == (str(there) if is_opened else "")
