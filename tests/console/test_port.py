"""The serial port over a real pseudo-terminal: it comes, goes, is missing, is held, or full of noise."""

import asyncio
import fcntl
import logging
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from intercom.console.frames import Request, decode_reply, encode
from intercom.console.port import SerialPort
from intercom.settings.schema import Console
from tests.console.station import SmallStation
from tests.console.terminal import PATIENCE_S, Terminal

PROMPT = "hall> "


class Notes(logging.Handler):
    """What the port logs, as it happens."""

    def __init__(self) -> None:
        super().__init__()
        self.written: asyncio.Queue[str] = asyncio.Queue()

    def emit(self, record: logging.LogRecord) -> None:
        self.written.put_nowait(record.getMessage())

    async def until(self, words: str) -> None:
        """Wait for a note with these words."""
        async with asyncio.timeout(PATIENCE_S):
            while words not in await self.written.get():
                pass


@pytest.fixture
def notes(caplog: pytest.LogCaptureFixture) -> Iterator[Notes]:
    caplog.set_level("INFO")
    logger, notes = logging.getLogger("intercom.console.port"), Notes()
    logger.addHandler(notes)
    yield notes
    logger.removeHandler(notes)


def port_at(device: Path) -> SerialPort:
    return SerialPort(Console(port=str(device)))


async def test_no_port_is_off() -> None:
    port = SerialPort(Console())
    async with port.serving(SmallStation()):
        assert port.status() == {"port": "", "state": "off", "why": ""}


async def test_a_device_that_is_missing_is_told_and_served_once_it_is_there(tmp_path: Path, notes: Notes) -> None:
    port = port_at(tmp_path / "tty")
    async with port.serving(SmallStation()):
        await notes.until("there is no such device")
        assert port.status()["state"] == "closed"
        with Terminal(tmp_path / "tty") as terminal:
            await terminal.shown(PROMPT)
            assert port.status() == {"port": str(tmp_path / "tty"), "state": "open", "why": ""}


async def test_after_an_unplug_it_is_opened_again_and_the_edits_are_gone(tmp_path: Path, notes: Notes) -> None:
    port = port_at(tmp_path / "tty")
    with Terminal(tmp_path / "tty") as first:
        async with port.serving(SmallStation()):
            await first.shown(PROMPT)
            await first.type(b"set audio.volume 3\r")
            await first.shown("was 100")
            first.unplug()
            await notes.until("the other end is gone")
            with Terminal(tmp_path / "tty") as second:
                await second.shown(PROMPT)
                await second.type(b"diff\r")
                await second.shown("Nothing is changed.")


async def test_a_port_that_another_program_holds_is_told(tmp_path: Path, notes: Notes) -> None:
    with Terminal(tmp_path / "tty") as terminal:
        fcntl.flock(terminal._near, fcntl.LOCK_EX)
        async with port_at(terminal.device).serving(SmallStation()):
            await notes.until("another program holds it")
            fcntl.flock(terminal._near, fcntl.LOCK_UN)
            await terminal.shown(PROMPT)


async def test_a_file_that_is_no_serial_device_is_told(tmp_path: Path, notes: Notes) -> None:
    (tmp_path / "tty").write_text("precious")
    async with port_at(tmp_path / "tty").serving(SmallStation()):
        await notes.until("it is not a serial device")
    assert (tmp_path / "tty").read_text() == "precious"


async def test_a_terminal_that_reads_nothing_loses_answers_but_not_the_console(tmp_path: Path) -> None:
    station = SmallStation()
    with Terminal(tmp_path / "tty") as terminal:
        async with port_at(terminal.device).serving(station):
            await terminal.shown(PROMPT)
            await terminal.type(b"help\r" * 60 + b"mute on\r")
            async with asyncio.timeout(PATIENCE_S):
                await station.was_muted.wait()
                reading = asyncio.create_task(terminal.shown('call.to = ""'))
                while not reading.done():
                    await terminal.type(b"\x15unset call.to\r")
                    await asyncio.wait([reading], timeout=0.2)


async def test_a_machine_talks_over_the_same_line(tmp_path: Path) -> None:
    with Terminal(tmp_path / "tty") as terminal:
        async with port_at(terminal.device).serving(SmallStation()):
            await terminal.shown(PROMPT)
            await terminal.type(encode(Request("x1", "status", {})).encode() + b"\n")
            await terminal.shown("\r\n")
            reply = decode_reply((await terminal.shown("\r\n")).rstrip())
    assert reply is not None
    assert reply.is_ok
    assert reply.members["identity"] == "hall"


async def test_after_noise_on_the_line_the_console_works(tmp_path: Path) -> None:
    noise = random.Random(2).randbytes(50_000)
    with Terminal(tmp_path / "tty") as terminal:
        async with port_at(terminal.device).serving(SmallStation()):
            await terminal.shown(PROMPT)
            async with asyncio.TaskGroup() as both:
                both.create_task(terminal.type(noise + b"\r\x15unset call.to\r"))
                shown = await terminal.shown('call.to = ""')
    assert "Traceback" not in shown


async def test_a_login_prompt_on_the_port_is_told_and_it_is_served_once_that_is_gone(
    tmp_path: Path, notes: Notes
) -> None:
    with Terminal(tmp_path / "tty") as terminal:
        words = ["setsid", "--ctty", "sh", "-c", "echo ready; exec sleep 60"]
        getty = await asyncio.create_subprocess_exec(*words, stdin=terminal._near, stdout=asyncio.subprocess.PIPE)
        assert getty.stdout
        await getty.stdout.readline()
        port = port_at(terminal.device)
        async with port.serving(SmallStation()):
            await notes.until("a login prompt is on it (sleep")
            assert port.status()["state"] == "closed"
            getty.kill()
            await terminal.shown(PROMPT)
        await getty.wait()


async def test_noise_is_told_in_the_status_until_a_command_comes(tmp_path: Path, notes: Notes) -> None:
    with Terminal(tmp_path / "tty") as terminal:
        port = port_at(terminal.device)
        async with port.serving(SmallStation()):
            await terminal.shown(PROMPT)
            await terminal.type(bytes(range(0x80, 0xC0)))
            await notes.until("only noise is heard; is the baud right?")
            assert port.status()["why"] == "only noise is heard; is the baud right?"
            await terminal.type(b"\x15status\r")
            await notes.until("open ")
            assert port.status()["why"] == ""
