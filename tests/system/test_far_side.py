"""`intercom console` at one end of a cable, a running station at the other."""

import asyncio
import json
from pathlib import Path

import pytest

from intercom import Remote
from intercom.console import porter
from intercom.console.accounts import ADMIN
from intercom.errors import ConflictError
from tests.remote.wires import Wires
from tests.system.house import House, living
from tests.system.programs import INTERCOM

PASSWORD = "three green bicycles"


async def console(*words: str | Path) -> str:
    """What `intercom console WORDS` prints; it must go well."""
    program = await asyncio.create_subprocess_exec(
        INTERCOM, "console", *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await program.communicate()
    assert program.returncode == 0, err.decode()
    return out.decode()


def sees_a_restart(remote: Remote) -> None:
    """Edit, and find the station another one."""
    with pytest.raises(ConflictError, match="started anew"):
        remote.commit()
    assert remote.diff() == []


async def test_a_station_is_set_up_over_a_cable_and_outlasts_its_own_restart(
    empty_house: House, tmp_path: Path
) -> None:
    porter.give(empty_house.folder / "station", ADMIN, PASSWORD)
    key, pulled, pushed = tmp_path / "key", tmp_path / "pulled.toml", tmp_path / "pushed.toml"
    key.write_text(f"{PASSWORD}\n")
    with Wires(tmp_path) as wires:
        at = ("--port", wires.far, "--password-file", key)
        async with living(empty_house, more=f'\n[console]\nport = "{wires.near}"\n') as house:
            assert json.loads(await console(*at, "status", "--json"))["identity"] == "hall"
            await console(*at, "pull", pulled)
            pushed.write_text(pulled.read_text().replace('name = "Hall"', 'name = "Porch"'))
            assert 'name = "Porch"' in await console(*at, "diff", pushed)
            assert "1 setting written." in await console(*at, "push", pushed, "commit", "confirm", "60", "moved")
            await console(*at, "confirm")
            await house.tells(lambda status: bool(status["name"] == "Porch"))
            assert "api_secret" in house.file.read_text()
            assert "<set>" not in house.file.read_text()
            with Remote(str(wires.far), password=PASSWORD) as remote:
                await asyncio.to_thread(remote.set, "audio.volume", 60)
                await house.station.end()
                async with house.station:
                    await house.tells(lambda status: bool(status["serial"]["state"] == "open"))
                    await asyncio.to_thread(sees_a_restart, remote)
