"""The house of the hardware tests: its machine boots once for all of them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.hardware.house import House
from tests.hardware.machine import Machine

ROOT = Path(__file__).parents[2]
CLONE = ("firmware", "systemd", "config")


@pytest.fixture(scope="session")
def image() -> Path:
    """The folder that image.sh printed."""
    return Path(os.environ["HARDWARE_IMAGE"])


@pytest.fixture(scope="session")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The machine's second disk: this clone, and room for what its programs keep."""
    folder = tmp_path_factory.mktemp("hardware")
    clone, disk = folder / "clone", folder / "disk"
    for name in CLONE:
        shutil.copytree(ROOT / name, clone / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "tests/hardware/guest", clone / "guest")
    installed = clone / "firmware/intercom.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text(f"Metadata-Version: 2.1\nName: intercom\nVersion: {version('intercom')}\n")
    subprocess.run(["mke2fs", "-q", "-t", "ext4", "-d", clone, disk, "512M"], check=True)
    return disk


@pytest.fixture(scope="session")
def whole_house(image: Path, disk: Path) -> Iterator[House]:
    """A kitchen with an exchange, and a gate."""
    with Machine(image, disk, console=disk.with_name("console")) as machine:
        yield House(machine)


@pytest.fixture
def dark_house(whole_house: House) -> House:
    """The same after a power cut or before its first start: nothing runs in the machine."""
    if whole_house.pids:
        whole_house.cut()
    return whole_house


@pytest.fixture
def house(whole_house: House) -> Iterator[House]:
    """The same, both idle; what its programs said stands below a test that fails."""
    try:
        whole_house.live()
        whole_house.header.forget()
        yield whole_house
    finally:
        sys.stdout.write(whole_house.story())
