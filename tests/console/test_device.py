"""The door to serial devices, on real pseudo-terminals: ours alone, and who has it otherwise."""

import fcntl
import os
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from intercom.console import device, holders
from intercom.console.device import REASONS, Device
from intercom.errors import SerialError

BAUD = 115200
HOLD = "import fcntl, os, sys, termios; port = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)"
WAIT = "print('ready', flush=True); sys.stdin.read()"
HOW = {
    "lock": "fcntl.flock(port, fcntl.LOCK_EX)",
    "exclusive mode": "fcntl.ioctl(port, termios.TIOCEXCL)",
}


@pytest.fixture
def near() -> Iterator[int]:
    """A terminal that nobody has set up."""
    far, near = os.openpty()
    yield near
    os.close(far)
    os.close(near)


@contextmanager
def running(words: list[str], stdin: int = subprocess.PIPE) -> Iterator[subprocess.Popen[bytes]]:
    """A program that has said that it is ready."""
    with subprocess.Popen(words, stdin=stdin, stdout=subprocess.PIPE) as program:
        assert program.stdout
        assert program.stdout.readline()
        yield program
        program.kill()


def test_a_device_is_raw_and_nobody_waits_for_it(near: int) -> None:
    with Device(os.ttyname(near), BAUD) as port:
        local = termios.tcgetattr(port.file)[3]
        assert not local & (termios.ECHO | termios.ICANON | termios.ISIG)
        with pytest.raises(BlockingIOError):
            os.read(port.file, 1)


@pytest.mark.parametrize("how", HOW)
def test_a_program_that_holds_the_port_is_named(how: str, near: int) -> None:
    path = os.ttyname(near)
    holding = [sys.executable, "-c", "\n".join([HOLD, HOW[how], WAIT]), path]
    with running(holding) as program, pytest.raises(SerialError) as refused:
        Device(path, BAUD)
    assert refused.value.message.startswith(f"The serial port {path} can't be opened: python")
    assert refused.value.message.endswith(f", process {program.pid} holds it.")
    assert refused.value.hint == f"`kill {program.pid}` ends it."


def test_a_port_that_we_hold_ourselves_is_refused_to_everybody_until_it_is_closed(near: int) -> None:
    path = os.ttyname(near)
    with Device(path, BAUD), pytest.raises(SerialError, match="another program holds it"):
        Device(path, BAUD)
    with Device(path, BAUD) as port:
        assert port.file
    assert not device._flag(near, device._TIOCGEXCL)


def test_who_is_logged_in_at_the_port_is_named_before_it_is_opened(near: int) -> None:
    path = os.ttyname(near)
    before = termios.tcgetattr(near)
    login = ["setsid", "--ctty", "sh", "-c", "echo ready; exec sleep 60"]
    with running(login, stdin=near) as program, pytest.raises(SerialError) as refused:
        Device(path, BAUD)
    assert refused.value.message == (
        f"The serial port {path} can't be opened: a login prompt is on it (sleep, process {program.pid})."
    )
    assert termios.tcgetattr(near) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="a getty needs root")
def test_a_real_getty_is_named(tmp_path: Path) -> None:
    far, near = os.openpty()
    path, issue = os.ttyname(near), tmp_path / "issue"
    issue.write_text("welcome\n")
    words = ["setsid", "/sbin/agetty", "-L", "-f", str(issue), path.removeprefix("/dev/"), str(BAUD)]
    with subprocess.Popen(words) as getty, os.fdopen(far, "rb", buffering=0) as screen:
        while b"welcome" not in screen.readline():
            pass
        seen = holders.login_at(path)
        getty.kill()
    os.close(near)
    assert str(seen) == f"agetty, process {getty.pid}"


def test_a_getty_that_a_hardened_service_may_not_see_is_found_by_its_unit_with_what_ends_it_for_good(
    near: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = os.ttyname(near)
    unit = f"serial-getty@{Path(path).name}.service"
    (tmp_path / "system-serial\\x2dgetty.slice" / unit).mkdir(parents=True)
    monkeypatch.setattr(holders, "_UNITS", tmp_path)
    with pytest.raises(SerialError) as refused:
        Device(path, BAUD)
    assert refused.value.message.endswith(f"can't be opened: a login prompt is on it ({unit}).")
    assert refused.value.hint == f"`sudo systemctl mask --now {unit}` ends it."


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/nowhere/tty", "there is no such device"),
        ("/dev/null", "it is not a serial device that can be set up"),
        ("/tmp", "it is not a serial device that can be set up"),
    ],
)
def test_what_is_no_serial_device_is_told(path: str, told: str) -> None:
    with pytest.raises(SerialError, match=f"{path} can't be opened: {told}") as refused:
        Device(path, BAUD)
    assert refused.value.hint


def test_an_odd_speed_is_told(near: int) -> None:
    with pytest.raises(SerialError, match="that can be set up"):
        Device(os.ttyname(near), -1)


def test_every_reason_has_a_next_step() -> None:
    assert all(reason.why and reason.hint for reason in REASONS.values())


def test_a_device_that_is_gone_can_be_closed() -> None:
    far, near = os.openpty()
    port = Device(os.ttyname(near), BAUD)
    os.close(near)
    os.close(far)
    assert os.read(port.file, 1) == b""
    port.close()
    with pytest.raises(OSError, match="Bad file"):
        fcntl.fcntl(port.file, fcntl.F_GETFD)
