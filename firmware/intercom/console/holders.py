"""Who else uses a serial device: a login prompt, a terminal program; as far as the kernel lets us see."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROCESSES, _UNITS = Path("/proc"), Path("/sys/fs/cgroup/system.slice")
_TERMINAL = 4  # of the words after the name in /proc/PID/stat, proc(5): the controlling terminal


@dataclass(frozen=True, slots=True)
class Holder:
    """A program; `pid` is 0 and `name` empty where only its systemd unit is seen, `unit` empty where it has none."""

    pid: int
    name: str
    unit: str

    def __str__(self) -> str:
        facts = [f"{self.name}, process {self.pid}" if self.pid else "", self.unit]
        return ", ".join(fact for fact in facts if fact)

    @property
    def way_out(self) -> str:
        """What ends it, for good where it is a service."""
        return f"`sudo systemctl mask --now {self.unit}` ends it." if self.unit else f"`kill {self.pid}` ends it."


def login_at(path: str) -> Holder | None:
    """The program whose controlling terminal the device is: a getty, or the shell of who has logged in there.

    A service that may not see other processes finds a getty by its unit.  Raises OSError where there is no device.
    """
    device = Path(path).stat().st_rdev
    if not device:
        return None
    seen = (process for process in _processes() if _terminal(process) == device)
    return next(map(_holder, seen), None) or _getty(Path(path).resolve().name)


def user_of(path: str) -> Holder | None:
    """A program that has the device open, where it may be seen."""
    real = os.path.realpath(path)
    return next((_holder(process) for process in _processes() if real in _files(process)), None)


def _processes() -> Iterator[Path]:
    own = str(os.getpid())
    return (entry for entry in _PROCESSES.iterdir() if entry.name.isdigit() and entry.name != own)


def _terminal(process: Path) -> int:
    """Its controlling terminal as a device number; 0: none, or not to be seen."""
    with suppress(OSError):
        number = int((process / "stat").read_text().rpartition(")")[2].split()[_TERMINAL])
        return os.makedev(number >> 8 & 0xFFF, number & 0xFF | number >> 12 & 0xFFF00)
    return 0


def _files(process: Path) -> set[str]:
    files = set()
    with suppress(OSError):
        for file in (process / "fd").iterdir():
            with suppress(OSError):
                files.add(str(file.readlink()))
    return files


def _holder(process: Path) -> Holder:
    name = unit = ""
    with suppress(OSError):
        name = (process / "comm").read_text().strip()
        unit = (process / "cgroup").read_text().strip().rpartition("/")[2]
    return Holder(int(process.name), name, unit if re.fullmatch(r"\S*getty@\S+\.service", unit) else "")


def _getty(name: str) -> Holder | None:
    units = _UNITS.glob(f"system-*getty.slice/*getty@{name}.service")
    return next((Holder(0, "", unit.name) for unit in units), None)
