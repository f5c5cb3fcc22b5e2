"""A line that nobody reads, its buffers full to the brim: the station goes on as if it weren't there."""

import asyncio
import select
import time
from pathlib import Path

from intercom.console import client
from intercom.console.control import control_socket
from intercom.console.port import SerialPort
from intercom.settings.schema import Console
from tests.console.station import SmallStation
from tests.console.terminal import PATIENCE_S, Terminal

ASKED = 20
LATE_S = 0.5  # a busy machine's own delays; a write that waited would take a second


async def test_while_nobody_reads_the_socket_answers_and_the_event_loop_is_never_late(tmp_path: Path) -> None:
    station, late_s = SmallStation(), [0.0]
    with Terminal(tmp_path / "tty") as terminal:
        port = SerialPort(Console(port=str(terminal.device)))
        async with port.serving(station), control_socket(station, state=tmp_path) as path:
            await terminal.shown("hall> ")
            ticking = asyncio.create_task(tick(late_s))
            await terminal.type(b"help\r" * 60)
            await full(terminal)
            for _ in range(ASKED):
                answer = await asyncio.to_thread(client.ask, ["status"], path=path, patience_s=PATIENCE_S)
                assert answer.result["identity"] == "hall"
            ticking.cancel()
            assert is_full(terminal)
    assert max(late_s) < LATE_S


async def test_a_port_that_nobody_reads_is_left_within_a_second(tmp_path: Path) -> None:
    with Terminal(tmp_path / "tty") as terminal:
        async with SerialPort(Console(port=str(terminal.device))).serving(SmallStation()):
            await terminal.shown("hall> ")
            await terminal.type(b"help\r" * 60)
            await full(terminal)
            began = time.monotonic()
    assert time.monotonic() - began < PATIENCE_S / 2


async def full(terminal: Terminal) -> None:
    """Wait until the station can't write one more byte."""
    async with asyncio.timeout(PATIENCE_S):
        while not is_full(terminal):  # noqa: ASYNC110  the kernel tells nobody
            await asyncio.sleep(0)


def is_full(terminal: Terminal) -> bool:
    """Whether the kernel takes no more of what is printed."""
    return not select.select([], [terminal._near], [], 0)[1]


async def tick(late_s: list[float]) -> None:
    """Note how late the event loop wakes who sleeps."""
    while True:
        began = time.monotonic()
        await asyncio.sleep(0.01)
        late_s.append(time.monotonic() - began - 0.01)
