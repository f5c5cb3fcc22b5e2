"""The log at the console: its latest lines, and each new one until a key is pressed; never a wait, never a secret."""

import asyncio
import logging
import threading
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from intercom.console.log import told_line
from intercom.console.loglines import LONGEST, MOST, LogLines, kept
from intercom.console.port import SerialPort
from intercom.console.watch import MOST as WAITING
from intercom.console.watch import News
from intercom.settings.schema import Console
from tests.console.station import SmallStation
from tests.console.terminal import Terminal

PROMPT = "hall> "


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    logger = logging.getLogger("intercom.tests")
    logger.setLevel("INFO")
    yield logger
    logger.setLevel(logging.NOTSET)


@pytest.fixture
def lines(logger: logging.Logger) -> Iterator[LogLines]:
    with kept() as lines:
        yield lines


def texts(lines: LogLines, count: int = MOST, after: int = 0) -> list[str]:
    return [line.text for line in lines.latest(count, after=after)]


def test_the_latest_lines_are_kept_and_numbered(lines: LogLines, logger: logging.Logger) -> None:
    for number in range(MOST + 10):
        logger.info("line %s", number)
    assert texts(lines, 2) == [f"line {MOST + 8}", f"line {MOST + 9}"]
    assert texts(lines, after=MOST + 9) == [f"line {MOST + 9}"]
    assert len(lines.latest(10 * MOST)) == MOST
    assert lines.count == MOST + 10


def test_a_line_is_cut_where_it_is_long_and_dropped_where_it_is_wrong(lines: LogLines, logger: logging.Logger) -> None:
    logger.info("x" * 5000)
    lines.handle(logging.LogRecord("intercom", logging.INFO, "", 0, "%d and %d", (1,), None))
    assert texts(lines) == ["x" * LONGEST]


def test_a_traceback_is_part_of_its_line(lines: LogLines, logger: logging.Logger) -> None:
    try:
        raise ValueError("odd")  # noqa: TRY301  it is what is logged
    except ValueError:
        logger.exception("it failed")
    assert texts(lines)[0].startswith("it failed\nTraceback")


def test_lines_come_from_all_threads(lines: LogLines, logger: logging.Logger) -> None:
    def write() -> None:
        for _ in range(100):
            logger.info("x")

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        lines.latest(MOST)
    assert [line.number for line in lines.latest(MOST)] == list(range(1, 401))


@pytest.mark.parametrize(("level", "told"), [("info", "07:51:12 hello"), ("warning", "07:51:12 warning: hello")])
def test_a_line_tells_its_time_and_that_it_is_serious(level: str, told: str) -> None:
    line = {"number": 1, "at": "2026-11-23 07:51:12+01:00", "level": level, "text": "hello"}
    assert told_line(line) == told


class Follower:
    """A station that logs, and a terminal at it."""

    def __init__(self, lines: LogLines, path: Path) -> None:
        self.station = SmallStation()
        self.station.log_lines = lines
        self.path = path

    def tell(self, text: str) -> None:
        """As the station's log would, in the event loop's thread."""
        self.station.news.tell("log", number=1, at="2026-11-23 07:51:12+01:00", level="info", text=text)


async def follow(terminal: Terminal, lines: LogLines) -> None:
    """Follow, and see the line with which that begins."""
    lines.handle(logging.LogRecord("intercom", logging.INFO, "", 0, "the line before", (), None))
    await terminal.shown(PROMPT)
    await terminal.type(b"log follow\r\n")
    await terminal.shown("the line before\r\n")


@pytest.mark.parametrize("key", [b"q", b"\x03", b"\r", b"\r\n", b"\x1b[A", b" "])
async def test_any_key_ends_it_and_means_nothing_else(key: bytes, lines: LogLines, tmp_path: Path) -> None:
    follower = Follower(lines, tmp_path / "tty")
    with Terminal(tmp_path / "tty") as terminal:
        async with SerialPort(Console(port=str(terminal.device))).serving(follower.station):
            await follow(terminal, lines)
            follower.tell("a call began")
            await terminal.shown("07:51:12 a call began\r\n")
            await terminal.type(key)
            assert await terminal.shown(PROMPT) == PROMPT
            follower.tell("nobody sees this")
            await terminal.type(b"mute on\r")
            assert await terminal.shown(PROMPT) == "mute on\nMute on.\nhall> "


async def test_it_begins_with_what_was_there(lines: LogLines, logger: logging.Logger, tmp_path: Path) -> None:
    follower = Follower(lines, tmp_path / "tty")
    with Terminal(tmp_path / "tty") as terminal:
        async with SerialPort(Console(port=str(terminal.device))).serving(follower.station):
            await terminal.shown(PROMPT)
            logger.warning("before")
            await terminal.type(b"log 1\r")
            assert (await terminal.shown(PROMPT)).endswith(" warning: before\nhall> ")
            await terminal.type(b"log follow\r")
            await terminal.shown("warning: before\r\n")


async def test_a_flood_of_lines_starves_no_command_and_what_was_missed_is_counted(
    lines: LogLines, tmp_path: Path
) -> None:
    follower = Follower(lines, tmp_path / "tty")
    with Terminal(tmp_path / "tty") as terminal:
        async with SerialPort(Console(port=str(terminal.device))).serving(follower.station):
            await follow(terminal, lines)
            for number in range(3 * WAITING):
                follower.tell(f"line {number}")
            await terminal.shown(f"! {2 * WAITING} lines are left out")
            await terminal.type(b"q")
            await terminal.shown(PROMPT)
            await terminal.type(b"mute on\r")
            async with asyncio.timeout(5):
                await follower.station.was_muted.wait()


async def test_a_program_subscribes_instead(lines: LogLines, logger: logging.Logger) -> None:
    station = SmallStation()
    with station.watch(["log"]) as watch, lines.told(lambda line: station.news.tell("log", **asdict(line))):
        logger.info("hello")
        news = await watch.next()
    assert isinstance(news, News)
    assert news.members["text"] == "hello"


async def test_a_secret_that_is_set_is_never_in_it(lines: LogLines, tmp_path: Path) -> None:
    follower = Follower(lines, tmp_path / "tty")
    logging.getLogger("intercom").setLevel("DEBUG")
    with Terminal(tmp_path / "tty") as terminal:
        async with SerialPort(Console(port=str(terminal.device))).serving(follower.station):
            await terminal.shown(PROMPT)
            await terminal.type(b"set signaling.api_secret canary-4711\rcommit\rcanary-4711\rlog 500\r")
            await terminal.shown("log 500\r\n")
            shown = await terminal.shown(PROMPT)
    logging.getLogger("intercom").setLevel(logging.NOTSET)
    assert "admin: set" in shown
    assert "canary" not in shown
