"""Where and on what it was measured."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).parents[1]
DIRTY = "-dirty"
PACKAGES = ("aiortc", "livekit", "numpy", "pyalsaaudio")
DEBIAN = ("baresip-core", "libopus0", "espeak-ng")


def machine() -> dict[str, str]:
    """Return CPU, cores, load, versions and commit in words, by name."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": commit(),
        "cpu": _cpu(),
        "cores": str(os.cpu_count()),
        "load before": " ".join(f"{load:.1f}" for load in os.getloadavg()),
        "kernel": platform.release(),
        "python": platform.python_version(),
        **{package: _version(package) for package in PACKAGES},
        **{package: _said("dpkg-query", "-W", "-f", "${Version}", package) for package in DEBIAN},
    }


def commit() -> str:
    """Return what is checked out, with -dirty where the programs or the bench differ from it."""
    found = _said("git", "-C", str(ROOT), "rev-parse", "--short=12", "HEAD")
    changed = _said("git", "-C", str(ROOT), "status", "--porcelain", "--", "firmware", "bench/*.py", "tests/rig")
    return found + DIRTY if changed else found


def _cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _said(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
