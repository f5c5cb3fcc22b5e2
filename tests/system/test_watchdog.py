"""What systemd hears of a program, by a real socket of its kind."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from intercom.system.watchdog import notify, watched


@pytest.fixture(params=["path", "abstract"])
def systemd(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The socket at which systemd listens."""
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listens:
        listens.bind(path if request.param == "path" else f"\0{path}")
        listens.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", path if request.param == "path" else f"@{path}")
        yield listens


async def hears(systemd: socket.socket) -> str:
    async with asyncio.timeout(10):
        return (await asyncio.get_running_loop().sock_recv(systemd, 256)).decode()


def has_heard(systemd: socket.socket) -> list[str]:
    said = []
    try:
        while True:
            said.append(systemd.recv(256).decode())
    except BlockingIOError:
        return said


async def test_a_program_tells_that_it_is_ready(systemd: socket.socket) -> None:
    notify("READY=1")
    assert await hears(systemd) == "READY=1"


async def test_the_loop_is_told_of_again_and_again_and_the_end_too(
    systemd: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "200000")
    async with watched():
        for _ in range(3):
            assert await hears(systemd) == "WATCHDOG=1"
    assert has_heard(systemd)[-1] == "STOPPING=1"


async def test_a_loop_that_is_blocked_is_told_of_no_more(
    systemd: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "200000")
    async with watched():
        await hears(systemd)
        has_heard(systemd)
        threading.Event().wait(0.5)
        assert has_heard(systemd) == []


async def test_where_no_watchdog_waits_nothing_is_told_but_the_end(systemd: socket.socket) -> None:
    async with watched():
        await asyncio.sleep(0)
    assert has_heard(systemd) == ["STOPPING=1"]


@pytest.mark.parametrize("address", ["", "/nonexistent/notify", "@nobody-listens-here"])
async def test_where_nobody_hears_nothing_comes_of_it(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    notify("READY=1")
