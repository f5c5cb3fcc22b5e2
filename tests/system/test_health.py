"""How the machine fares, by a /sys and a /proc as a Raspberry Pi has them, and as others have them not."""

from pathlib import Path
from typing import Any

import pytest

from intercom.console import texts
from intercom.system.health import Health

PI = {
    "proc/uptime": "93784.12 180000.00\n",
    "proc/meminfo": "MemTotal:        3884280 kB\nMemFree: 1 kB\nMemAvailable:    2000000 kB\n",
    "sys/class/thermal/thermal_zone0/temp": "52347\n",
    "sys/class/hwmon/hwmon0/name": "cpu_thermal\n",
    "sys/class/hwmon/hwmon1/name": "rpi_volt\n",
    "sys/class/hwmon/hwmon1/in0_lcrit_alarm": "0\n",
}


async def machine(folder: Path, files: dict[str, str]) -> dict[str, Any]:
    """What is told of a machine of these files."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    async with Health(folder, root=folder) as health:
        return health.status()


async def test_a_pi_that_is_well_is_told_without_a_warning(tmp_path: Path) -> None:
    told = await machine(tmp_path, PI)
    assert (told["temperature_c"], told["undervoltage"], told["boot_s"]) == (52, False, 93784)
    assert told["memory_free_mb"] == 2048
    assert told["disk_free_mb"] > 0
    assert told["version"]
    assert told["warnings"] == []


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("sys/class/thermal/thermal_zone0/temp", "83100", "83 °C hot"),
        ("sys/class/hwmon/hwmon1/in0_lcrit_alarm", "1", "The supply is too weak"),
        ("proc/meminfo", "MemAvailable: 20000 kB", "Only 20 MB of memory are left."),
    ],
)
async def test_what_is_wrong_is_told_with_the_next_step(tmp_path: Path, file: str, content: str, says: str) -> None:
    [warning] = (await machine(tmp_path, PI | {file: content}))["warnings"]
    assert says in warning


@pytest.mark.parametrize("files", [{}, dict.fromkeys(PI, ""), dict.fromkeys(PI, "rubbish ü \0")])
async def test_what_a_machine_does_not_tell_is_not_known(tmp_path: Path, files: dict[str, str]) -> None:
    told = await machine(tmp_path, files)
    unknown = ("temperature_c", "undervoltage", "boot_s", "memory_free_mb")
    assert [told[name] for name in unknown] == [None] * 4
    assert told["warnings"] == []


async def test_the_console_shows_it_in_a_line(tmp_path: Path) -> None:
    told = await machine(tmp_path, PI | {"sys/class/hwmon/hwmon1/in0_lcrit_alarm": "1"})
    snapshot: dict[str, Any] = {
        "identity": "hall", "registration": "ready", "call": None, "pending": [], "warnings": [],
        "light": {"colour": "white", "pattern": "off", "overlays": []}, "machine": told | {"uptime_s": 7320},
    }  # fmt: skip
    lines = texts.status(snapshot).splitlines()
    [line] = [line for line in lines if line.startswith("machine")]
    assert line.split("  ")[0] == "machine"
    assert ", 52 °C, " in line
    assert line.endswith("2048 MB of memory free, up 2 h 2 min, machine up 1 d 2 h")
    assert any(line.startswith("warning") and "too weak" in line for line in lines)
