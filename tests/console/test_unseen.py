"""A secret that a command needs is typed unseen, and is none of its words."""

import asyncio
import io
import sys
from pathlib import Path

import pytest

from intercom.console import client, commands
from intercom.console.control import control_socket
from intercom.console.unseen import typed
from intercom.errors import IntercomError, UsageError
from tests.console.station import SmallStation


async def test_the_command_line_asks_for_it_and_a_frame_carries_it(tmp_path: Path) -> None:
    station, asked = SmallStation(), list[str]()

    def answer(question: str) -> str:
        asked.append(question)
        return "right password"

    async with control_socket(station, state=tmp_path) as path:
        told = await asyncio.to_thread(client.ask, ["wifi", "join", "home", "net"], path=path, unseen=answer)
        with pytest.raises(IntercomError, match="The password is wrong"):
            await asyncio.to_thread(client.ask, ["wifi", "join", "cafe"], path=path, unseen=answer)
    assert told.text == "wlan0: connected, home net, 70 %, 192.168.1.9, DE"
    assert asked == ["Password: "] * 2
    assert station.caretaker.joined == "home net"


def test_words_never_hold_it() -> None:
    join, given = commands.read_words(["wifi", "join", "home", "net", "--now"])
    assert given == {"ssid": "home net", "now": True}
    assert join.secret not in given
    assert all(command.secret not in command.words.lower() for command in commands.COMMANDS.values() if command.secret)
    with pytest.raises(UsageError, match=r"wifi join SSID \[--now\]"):
        join.checked(commands.read_words(["wifi", "join"])[1])


def test_where_nobody_sits_at_a_terminal_it_is_a_line_of_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(" right password \r\nmore\n"))
    assert typed("Password: ") == " right password "
