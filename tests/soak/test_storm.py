"""Talkers at the far end of the serial console, which would talk to each other for ever."""

import asyncio
import os
from pathlib import Path

import pytest

from intercom.console.port import SerialPort
from intercom.settings.schema import Console
from tests.console.cable import Cable
from tests.console.station import SmallStation

pytestmark = pytest.mark.soak

QUIET_S = 3.0  # longer than the station is deaf, and then some


async def test_two_stations_whose_lines_are_joined_end_in_silence(tmp_path: Path) -> None:
    async with Cable(tmp_path / "one") as cable:
        (tmp_path / "two").symlink_to(os.ttyname(cable.far))
        ports = [SerialPort(Console(port=str(tmp_path / name))) for name in ("one", "two")]
        async with ports[0].serving(SmallStation()), ports[1].serving(SmallStation()):
            await cable.until("hall> ")
            await cable.silence(QUIET_S)
    assert sum(map(len, cable.seen.values())) < 3000


async def test_a_shell_at_the_other_end_ends_in_silence(tmp_path: Path) -> None:
    station, port = SmallStation(), SerialPort(Console(port=str(tmp_path / "tty")))
    async with Cable(tmp_path / "tty") as cable, port.serving(station):
        shell = await asyncio.create_subprocess_exec(
            "sh", "-i", stdin=cable.far, stdout=cable.far, stderr=cable.far, start_new_session=True
        )
        await cable.silence(QUIET_S)
        shell.kill()
        await shell.wait()
    assert sum(map(len, cable.seen.values())) < 6000
    assert station.log == []
