"""No secret ever comes out: one of each kind is given to a running station, every command is used, and all that it
says, logs and writes is looked through."""

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from intercom.console import porter
from intercom.console.accounts import ADMIN
from intercom.console.commands import COMMANDS
from intercom.console.frames import Request, encode
from intercom.settings.paths import leaves
from tests.system.house import House, living
from tests.system.test_console import Terminal

CANARY = "canary"  # stands in each secret, whatever else it needs
SECRETS = {
    "signaling.api_secret": f"{CANARY}-api-secret",
    "signaling.token_url": f"https://localhost/{CANARY}-token",
    "rtc.ice_credential": f"{CANARY}-turn",
    "exchange.metrics_token": f"{CANARY}-metrics-token",
}
FIRST, OWN, NEW, SEEN = (f"three {CANARY} {each}" for each in ("flutes", "fiddles", "oboes", "horns"))
CODE = "40718829"
PASSWORDS = (FIRST, OWN, NEW, SEEN)
ACTS_ON_MACHINE = ("systemctl", "timedatectl", "nmcli")

# What is typed at each command; a word that some setting or command would refuse is a canary.
TYPED = {
    "call": ["call anna"],
    "mute": ["mute on", f"mute {CANARY}"],
    "wifi forget": ["wifi forget home"],
    "digits": ["digits 1", f"digits {CANARY}"],
    "feedback": ["feedback 5", f"feedback {CANARY}"],
    "door code add": [f"door code add postman {CODE}", f"door code add {CODE}", f"door code add x {CANARY}"],
    "door code remove": ["door code remove postman"],
    "help": ["help", "help set", f"help {CANARY}"],
    "import": [f"import\r| {CANARY}\x03"],
    "show": ["show", "show signaling", *(f"show {path}" for path in SECRETS), f"show {CANARY}"],
    "set": [
        *(f"set {path} {value}" for path, value in SECRETS.items()),
        f"set audio.volume {CANARY}",
        f"set {CANARY} 1",
    ],
    "unset": ["unset signaling.token_url", f"unset {CANARY}"],
    "commit confirm": [f"commit confirm {CANARY}"],
    "rollback": ["rollback", "rollback 1", f"rollback {CANARY}"],
    "press": [f"press {CANARY}"],
    "release": [f"release {CANARY}"],
    "test buttons": ["test buttons --for 0.1"],
    "test ring": ["test ring", f"test ring {CANARY}"],
    "time set": [f"time set {CANARY}"],
    "wifi join": ["wifi join home"],  # refused before it asks, as there is no NetworkManager
    "log": ["log 200"],
}
# Done below, or of no secret and long.
LEFT_OUT = {"login", "logout", "password", "commit", "confirm", "log follow", "test mic", "test speaker", "volume"}
COMMITTED = ("rtc.ice_credential", "exchange.metrics_token")
FRAMES: list[tuple[str, dict[str, Any]]] = [
    ("set", {"path": "signaling.api_secret", "value": 5}),
    ("set", {"path": f"signaling.{CANARY}", "value": CANARY}),
    ("auth-begin", {"message": f"n,,n={CANARY},r=abc"}),
    ("auth-begin", {"message": CANARY}),
    ("auth-end", {"message": CANARY}),
    ("password", {"new": f"{CANARY}"}),
    ("password", {"new": NEW, "old": f"{CANARY} that is wrong"}),
    ("wifi-join", {"ssid": "home", "password": f"{CANARY} network"}),
    ("push", {"size": 10, "sha256": CANARY}),
    ("chunk", {"at": 0, "chunk": CANARY}),
    ("pull", {"id": CANARY, "at": 0}),
    ("import", {"text": CANARY}),
    ("login", {"name": CANARY}),
    (CANARY, {CANARY: CANARY}),
]


PROMPTS = PROMPT, PASTING = "Hall> ", "| "


class Conversation:
    """Everything that was shown at a terminal."""

    def __init__(self, terminal: Terminal) -> None:
        self._shown = PROMPT
        self._terminal = terminal

    @property
    def told(self) -> str:
        """All of it but what was typed for all to see, the echo of which stands after a prompt."""
        return "\n".join(line for line in self._shown.splitlines() if not line.startswith(PROMPTS))

    async def says(self, *lines: str) -> None:
        for line in lines:
            self._terminal.type(line)
            await self._sees(f"\n{PROMPT}")

    async def is_asked(self, line: str, *answers: str) -> None:
        await self.says("\r".join([line, *answers]))

    async def frames(self) -> None:
        for number, (verb, arguments) in enumerate(FRAMES):
            self._terminal.type(encode(Request(f"c{number}", verb, arguments)))
            await self._sees(f"%c{number} ")
            await self._sees("\n")

    async def _sees(self, end: str) -> None:
        self._shown += await self._terminal.shows(end) + end


def leaks(text: str) -> list[str]:
    return [line for line in text.splitlines() if CANARY in line or CODE in line]


def readable_with_secrets(folder: Path) -> Iterator[str]:
    """The files in which a secret stands and that others may read."""
    for file in folder.rglob("*"):
        if file.is_file() and stat.S_IMODE(file.stat().st_mode) & 0o077 and leaks(file.read_text(errors="replace")):
            yield str(file.relative_to(folder))


def keep_from_the_machine(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have programs that would act on this machine fail instead."""
    folder.mkdir()
    for name in ACTS_ON_MACHINE:
        (folder / name).write_text("#!/bin/sh\nexit 1\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def test_there_is_a_canary_in_every_secret_and_a_line_for_every_command() -> None:
    assert SECRETS.keys() == {leaf.path for leaf in leaves().values() if leaf.is_secret}
    taking = {name for name, command in COMMANDS.items() if command.words and not command.words.startswith("[")}
    assert taking - TYPED.keys() - LEFT_OUT == set()
    assert set(TYPED) <= set(COMMANDS)


async def test_no_secret_is_told_logged_or_left_where_others_read(
    tmp_path: Path, cards: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_from_the_machine(tmp_path / "bin", monkeypatch)
    house, terminal = House(tmp_path, cards), Terminal()
    talk = Conversation(terminal)
    porter.give(house.folder / "station", ADMIN, FIRST, is_first=True)
    more = f'\n[console]\nport = "{terminal.port}"\n\n[log]\nlevel = "debug"\n'
    more += f'\n[rtc]\nice_username = "me"\nice_credential = "{CANARY} of before"\n'
    house.file.touch(mode=0o600)
    async with living(house, more=more):
        await terminal.shows(PROMPT)
        await talk.is_asked("login", FIRST, OWN, OWN)
        await talk.is_asked("password viewer", OWN, SEEN, SEEN)
        await talk.is_asked("login viewer", SEEN)
        await talk.is_asked("password", f"{CANARY}, not mine")
        await talk.is_asked("login", OWN)
        await talk.frames()
        for name in [name for name in COMMANDS if name not in LEFT_OUT]:
            await talk.says(*TYPED.get(name, [name]))
        await talk.says("rollback 1", *(f"set {path} {SECRETS[path]}" for path in COMMITTED), "diff", "commit in words")
        await terminal.shows(PROMPT)  # of the station that started anew
        await talk.says("history", "rollback 1", "diff", "export", "status", "log 200", f"login {CANARY}\x03", CANARY)
        told = json.dumps(
            [house.seen, await house.ask("show"), await house.ask("export"), await house.ask("log", "500")]
        )
    terminal.close()
    api_secret = house.file.read_text().partition('api_secret = "')[2].partition('"')[0]
    assert len(api_secret) > 16
    out = "\n".join([talk.told, told, house.station.log, house.exchange.log])
    assert leaks(out) == []
    assert api_secret not in out
    assert list(readable_with_secrets(house.folder)) == []
    assert f"metrics_token = {SECRETS['exchange.metrics_token']!r}".replace("'", '"') in house.file.read_text()
