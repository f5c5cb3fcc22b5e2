"""The systemd units: systemd accepts them, and they start what the command line offers."""

import os
import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest

UNITS = sorted((Path(__file__).parents[1] / "systemd").glob("*.service"))
INSTALLED = "/opt/intercom/bin/intercom"


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_finds_nothing_to_say_about_a_unit(unit: Path, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None and os.environ.get("CI") != "true":
        pytest.skip("UNITS NOT CHECKED: there is no systemd-analyze here; it is in Debian's package systemd.")
    assert analyze, "Debian's package systemd holds systemd-analyze"
    for other in UNITS:  # where intercom is not installed its program must not be what is complained of
        text = other.read_text()
        assert INSTALLED in text
        (tmp_path / other.name).write_text(text.replace(INSTALLED, "/bin/true"))
    ran = subprocess.run(
        [analyze, "verify", "--man=no", "--recursive-errors=no", tmp_path / unit.name],
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("intercom", "run --config /etc/intercom/intercom.toml"),
        ("intercom-exchange", "exchange --config /etc/intercom-exchange/exchange.toml"),
    ],
)
def test_a_service_runs_as_its_own_user_and_never_stays_down(name: str, command: str) -> None:
    unit = RawConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(next(unit for unit in UNITS if unit.stem == name).read_text())
    assert unit["Service"]["ExecStart"] == f"{INSTALLED} {command}"
    assert unit["Service"]["User"] == unit["Service"]["StateDirectory"] == name
    assert (unit["Service"]["Restart"], unit["Unit"]["StartLimitIntervalSec"]) == ("always", "0")
