"""`intercom doctor serial`: the line as a running station tells it, or as it opens; its names, and who else prints."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from intercom.console import address
from intercom.console.control import control_socket
from intercom.doctor import serial
from intercom.doctor.findings import Verdict
from intercom.doctor.serial import Line, examine, findings
from intercom.settings.schema import Console
from tests.console.station import SmallStation

FINE = Line(port="/dev/ttyGS0", baud=115200, state="open", why="", stable="", is_kernel_console=False)


@pytest.fixture(autouse=True)
def lonely(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No station of this machine is met, and none of its devices has another name."""
    monkeypatch.delenv("RUNTIME_DIRECTORY", raising=False)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr(address, "SYSTEM", Path("/nowhere"))
    monkeypatch.setattr(serial, "STABLE_NAMES", tmp_path / "by-id")
    monkeypatch.setattr(serial, "KERNEL_CONSOLES", tmp_path / "active")


@pytest.fixture
def near() -> Iterator[str]:
    """A device that can be opened."""
    far, near = os.openpty()
    yield os.ttyname(near)
    os.close(far)
    os.close(near)


@pytest.mark.parametrize(
    ("facts", "verdicts", "told"),
    [
        ({}, "fine", "The serial console can be served at /dev/ttyGS0, 115200 baud."),
        ({"state": "off"}, "fine", "There is no serial console."),
        ({"state": "closed", "why": "The serial port /dev/x can't be opened."}, "wrong", "can't be opened"),
        ({"why": "only noise is heard; is the baud right?"}, "look", "but only noise is heard"),
        ({"stable": "/dev/serial/by-id/usb-1"}, "fine look", 'Set `console.port = "/dev/serial/by-id/usb-1"`.'),
        ({"is_kernel_console": True}, "fine look", "cmdline.txt"),
    ],
)
def test_what_is_found_is_said_with_the_next_step(facts: dict[str, str], verdicts: str, told: str) -> None:
    line = Line(**{name: facts.get(name, getattr(FINE, name)) for name in FINE.__struct_fields__})
    found = list(findings(line))
    assert " ".join(finding.verdict for finding in found) == verdicts
    assert told in str(found[-1])


def test_without_a_station_the_port_is_opened(near: str, tmp_path: Path) -> None:
    line, found = examine(Console(port=near), tmp_path)
    assert line.state == "open"
    assert [finding.verdict for finding in found] == [Verdict.FINE]


def test_a_port_that_is_missing_is_wrong(tmp_path: Path) -> None:
    _, found = examine(Console(port="/nowhere/tty"), tmp_path)
    assert str(found[0]).startswith("wrong  The serial port /nowhere/tty can't be opened: there is no such device.")


async def test_a_station_that_runs_tells_of_its_port(tmp_path: Path) -> None:
    station = SmallStation()
    async with control_socket(station, state=tmp_path):
        line, _ = await asyncio.to_thread(examine, Console(), tmp_path)
    assert line.state == "off"


def test_a_name_that_changes_and_one_that_does_not_are_told_apart(near: str, tmp_path: Path) -> None:
    for folder, name in (("dev", "ttyUSB0"), ("by-id", "usb-FTDI-if00")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).symlink_to(near)
    (tmp_path / "active").write_text(f"tty0 {Path(near).name}\n")
    changing, _ = examine(Console(port=str(tmp_path / "dev/ttyUSB0")), tmp_path)
    assert (changing.stable, changing.is_kernel_console) == (str(tmp_path / "by-id/usb-FTDI-if00"), True)
    assert examine(Console(port=changing.stable), tmp_path)[0].stable == ""
