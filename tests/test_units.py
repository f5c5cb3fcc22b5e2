"""The systemd units: systemd accepts them, and they start what the command line offers."""

import os
import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest

from intercom import places
from intercom.door import guard_process, relay

UNITS = sorted((Path(__file__).parents[1] / "systemd").glob("*.service"))
INSTALLED = "/opt/intercom/bin/intercom"
PYTHON = "/opt/intercom/bin/python"
WORST = 2.0  # of 10: systemd's own measure of what a service could do if it were taken over


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_finds_nothing_to_say_about_a_unit(unit: Path, tmp_path: Path) -> None:
    for other in UNITS:  # where intercom is not installed its programs must not be what is complained of
        text = other.read_text()
        assert INSTALLED in text
        (tmp_path / other.name).write_text(text.replace(INSTALLED, "/bin/true").replace(PYTHON, "/bin/true"))
    ran = analyzed("verify", "--man=no", "--recursive-errors=no", str(tmp_path / unit.name), units=f"{tmp_path}:")
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_service_that_was_taken_over_could_do_little(unit: Path) -> None:
    ran = analyzed("security", "--offline=true", "--no-pager", f"--threshold={WORST * 10:.0f}", str(unit))
    assert ran.returncode == 0, ran.stdout


def analyzed(*words: str, units: str = "") -> subprocess.CompletedProcess[str]:
    """Run systemd-analyze."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None and os.environ.get("CI") != "true":
        pytest.skip("UNITS NOT CHECKED: there is no systemd-analyze here; it is in Debian's package systemd.")
    assert analyze, "Debian's package systemd holds systemd-analyze"
    return subprocess.run(
        [analyze, *words],
        env=os.environ | {"SYSTEMD_UNIT_PATH": units},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("intercom", "run --config /etc/intercom/intercom.toml"),
        ("intercom-exchange", "exchange --config /etc/intercom-exchange/exchange.toml"),
    ],
)
def test_a_service_runs_as_its_own_user_and_never_stays_down(name: str, command: str) -> None:
    unit = read(name)
    assert unit["Service"]["ExecStart"] == f"{INSTALLED} {command}"
    assert unit["Service"]["User"] == unit["Service"]["StateDirectory"] == name
    assert (unit["Service"]["Restart"], unit["Unit"]["StartLimitIntervalSec"]) == ("always", "0")


@pytest.mark.parametrize("name", ["intercom", "intercom-exchange"])
def test_the_keys_of_a_service_that_crashes_are_left_in_no_file(name: str) -> None:
    assert read(name)["Service"]["LimitCORE"] == "0"


def test_the_relay_is_driven_safe_however_the_station_ends() -> None:
    service = read("intercom")["Service"]
    command, facts = service["ExecStopPost"].rsplit(" ", 1)
    assert command == " ".join([PYTHON, *guard_process.COMMAND[1:], "--safe"])
    assert Path(facts) == places.INSTALLED_STATION / relay.NAME
    assert service["KillMode"] == "mixed"  # the guard gets no signal: it locks when the station is gone


def test_a_station_whose_loop_is_blocked_is_started_anew() -> None:
    service = read("intercom")["Service"]
    assert (service["Type"], service["NotifyAccess"], service["WatchdogSec"]) == ("notify", "main", "10")


def read(name: str) -> RawConfigParser:
    """Read a unit; of what stands there several times, the last."""
    unit = RawConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(next(unit for unit in UNITS if unit.stem == name).read_text())
    return unit
