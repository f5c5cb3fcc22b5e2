"""A real station is reset at the console: it ends, and starts with its wiring alone and without its Wi-Fi."""

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest

from intercom.console import client
from intercom.errors import NoAnswerError, RefusedError
from tests.rig.ear import until
from tests.system.programs import Program
from tests.system.test_wifi import SECRET, Radio

CANARY = "hunter2canary"
SETTINGS = f"""
[station]
name = "Porch"  # {CANARY}

[signaling]
url = ""
api_key = "SK00000000000000000000000000000000"
api_secret = "{CANARY}"

[panel]
factory = "sim"
buttons = {{ answer = 17, service = 24 }}

[door]
pin = 26
"""
ROUNDS_S = 20


async def ask(state: Path, *words: str) -> dict[str, Any]:
    """Run a command on the station as soon as it listens."""
    async with asyncio.timeout(ROUNDS_S):
        while True:
            try:
                return (await asyncio.to_thread(client.ask, words, path=state / "control.sock")).result
            except NoAnswerError:
                await asyncio.sleep(0.1)


def secrets_in(folder: Path) -> list[str]:
    """The files in which the canary stands."""
    return [path.name for path in folder.rglob("*") if path.is_file() and CANARY in path.read_text(errors="replace")]


async def test_a_station_that_is_reset_starts_with_its_wiring_alone(tmp_path: Path) -> None:
    bin_, file, state = tmp_path / "bin", tmp_path / "etc/intercom.toml", tmp_path / "state"
    for folder in (bin_, file.parent, state):
        folder.mkdir()
    file.write_text(SETTINGS)
    ours = {"name": "intercom: home: net", "ssid": "home: net", "psk": SECRET, "autoconnect": "yes"}
    old = {"name": "old", "ssid": "cafe", "psk": "", "autoconnect": "yes"}
    radio = Radio(bin_, profiles={"1": ours, "2": old}, active="1")
    environment = {"PATH": f"{bin_}:{os.environ['PATH']}", "NMCLI_WORLD": str(bin_ / "world.json")}
    station = Program(
        "run", "--config", str(file), "--state", str(state), log=tmp_path / "log", environment=environment
    )
    async with station:
        await ask(state, "door", "code", "add", CANARY)
        with pytest.raises(RefusedError, match="needs somebody at the station"):
            await ask(state, "factory-reset", "yes")
        await ask(state, "press", "service", "--down")
        await ask(state, "set", "call.to", CANARY)
        await ask(state, "commit", CANARY)
        assert len(secrets_in(tmp_path)) > 3
        await ask(state, "factory-reset", "yes")
        assert await station.ends() == 0
    async with station:
        shown = (await ask(state, "show"))["settings"]
        assert (shown["station.name"], shown["signaling.api_secret"], shown["call.to"]) == ("intercom", "", "")
        assert (shown["panel.buttons.service"], shown["door.pin"]) == (24, 26)
        assert (await ask(state, "history"))["revisions"][0]["revision"] == 1
        assert (await ask(state, "door", "code", "list"))["codes"] == []
        await until(lambda: radio.profiles == {"old": "cafe"}, what="the Wi-Fi to be forgotten", timeout_s=ROUNDS_S)
    kept = set(secrets_in(tmp_path)) - {"log"}
    assert all(name.startswith("audit.") for name in kept)
