"""The serial line of a running station: a person at the far end of a real pty."""

import asyncio
import os
import pty
import tty
from collections.abc import Iterator

import pytest

from tests.browser.chromium import Chromium
from tests.browser.softphone import SoftPhone
from tests.system.house import House, living
from tests.system.test_calls import ready

WITHIN_S = 10.0


class Terminal:
    """The far end of a serial line."""

    def __init__(self) -> None:
        self._ours, self._theirs = pty.openpty()
        for end in (self._ours, self._theirs):
            tty.setraw(end)
        self.port = os.ttyname(self._theirs)
        self._seen = b""

    def type(self, line: str) -> None:
        os.write(self._ours, f"{line}\r".encode())

    async def shows(self, text: str) -> str:
        """Wait for a text; return all that was shown until then, which is then forgotten."""
        loop = asyncio.get_running_loop()
        arrived = asyncio.Event()
        loop.add_reader(self._ours, arrived.set)
        try:
            async with asyncio.timeout(WITHIN_S):
                while text.encode() not in self._seen:
                    await arrived.wait()
                    arrived.clear()
                    self._seen += os.read(self._ours, 4096)
        finally:
            loop.remove_reader(self._ours)
        shown, _, self._seen = self._seen.partition(text.encode())
        return shown.decode()

    def close(self) -> None:
        for end in (self._ours, self._theirs):
            os.close(end)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    made = Terminal()
    yield made
    made.close()


async def test_a_person_asks_calls_hangs_up_and_changes_a_setting(
    terminal: Terminal, chromium: Chromium, empty_house: House
) -> None:
    console = f'\n[console]\nport = "{terminal.port}"\n'
    async with living(empty_house, more=console) as house, SoftPhone(chromium) as phone:
        await terminal.shows("Hall> ")
        terminal.type("status")
        assert "hall, ready" in await terminal.shows("Hall> ")
        await ready(phone, house)
        await log_in(terminal)
        terminal.type("call anna")
        await terminal.shows("Calling anna.")
        await phone.saw("device incoming")
        terminal.type("hangup")
        await terminal.shows("Hung up.")
        await phone.saw("device cancel")
        terminal.type("set audio.volume 140")
        await terminal.shows("! audio.volume must be")
        terminal.type("set station.name Porch")
        terminal.type("commit")
        await terminal.shows("Written to")
        await terminal.shows("Porch> ")
        await house.sees(lambda status: status["name"] == "Porch")
    assert 'name = "Porch"' in house.file.read_text()


async def log_in(terminal: Terminal) -> None:
    """Choose the first password of a station that has none."""
    terminal.type("login")
    await terminal.shows("New password: ")
    terminal.type("three green bicycles")
    await terminal.shows("Again: ")
    terminal.type("three green bicycles")
    await terminal.shows("You are logged in as admin.")
