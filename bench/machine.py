"""Where and on what it was measured."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("aiortc", "av", "pyalsaaudio")


def machine() -> dict[str, str]:
    """Return CPU, cores, load, versions and commit in words, by name."""
    return {
        "cpu": _cpu(),
        "cores": str(os.cpu_count()),
        "load": " ".join(f"{load:.1f}" for load in os.getloadavg()),
        "kernel": platform.release(),
        "python": platform.python_version(),
        **{package: version(package) for package in PACKAGES},
        "baresip-core": _said("dpkg-query", "-W", "-f", "${Version}", "baresip-core"),
        "commit": _said("git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=12"),
    }


def _cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _said(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
