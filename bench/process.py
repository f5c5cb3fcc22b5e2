"""What a process and its children, and the whole machine, use (proc(5))."""

import os
from pathlib import Path

TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def cpu_s(pid: int) -> float:
    """Return the CPU seconds, user and system, of a process, its living children and those it waited for, so far."""
    return sum(_ticks(each) for each in _tree(pid)) / TICKS_PER_S


def resident_mib(pid: int) -> float:
    """Return the resident memory of a process and its living children, pages that they share counted in each."""
    return sum(_kib(Path(f"/proc/{each}/status"), "VmRSS:") for each in _tree(pid)) / 1024


def own_mib(pid: int) -> float:
    """Return the same with each shared page divided by how many processes share it (PSS)."""
    return sum(_kib(Path(f"/proc/{each}/smaps_rollup"), "Pss:") for each in _tree(pid)) / 1024


def machine_s() -> tuple[float, float]:
    """Return the seconds that all cores together were busy, and all that there were."""
    user, nice, system, idle, waiting, *others = map(int, Path("/proc/stat").read_text().split()[1:9])
    busy = user + nice + system + sum(others)  # interrupts, stolen by the host
    return busy / TICKS_PER_S, (busy + idle + waiting) / TICKS_PER_S


def _tree(pid: int) -> list[int]:
    children = [int(each) for path in Path(f"/proc/{pid}/task").glob("*/children") for each in path.read_text().split()]
    return [pid, *(each for child in children for each in _tree(child))]


def _ticks(pid: int) -> int:
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(ticks) for ticks in after_name[11:15])  # utime, stime, cutime, cstime


def _kib(file: Path, name: str) -> int:
    return next(int(line.split()[1]) for line in file.read_text().splitlines() if line.startswith(name))
