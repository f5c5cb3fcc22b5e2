"""The machine of the hardware tests: it boots once for all of a file."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hardware.house import House
from tests.hardware.machine import Machine

ROOT = Path(__file__).parents[2]
CLONE = ("firmware", "systemd", "config")


@pytest.fixture(scope="session")
def image() -> Path:
    """The folder that image.sh made."""
    return Path(os.environ["HARDWARE_IMAGE"])


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The machine's second disk: this clone, and room for what its programs keep."""
    folder, disk = tmp_path_factory.mktemp("clone"), tmp_path_factory.mktemp("disk") / "clone"
    for name in CLONE:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "tests/hardware/guest", folder / "guest")
    subprocess.run(["mke2fs", "-q", "-t", "ext4", "-d", folder, disk, "512M"], check=True)
    return disk


@pytest.fixture(scope="module")
def machine(image: Path, disk: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine that is on."""
    with Machine(image, disk, console=tmp_path_factory.mktemp("console") / "console") as machine:
        yield machine


@pytest.fixture(scope="module")
def house(machine: Machine) -> House:
    """Its programs; the exchange knows both stations, which are idle."""
    house = House(machine)
    house.build()
    return house
