"""The latest lines of the log, for the console: bounded, numbered, kept in memory alone."""

import logging
import queue
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from logging.handlers import QueueHandler

MOST = 500
LONGEST = 1000  # letters of one line


@dataclass(frozen=True, slots=True)
class LogLine:
    """`number` counts all lines since the start, `at` is the time as people here have it on their clocks."""

    number: int
    at: str
    level: str
    text: str


class LogLines(QueueHandler):
    """Takes lines from any thread, and never has one wait."""

    def __init__(self) -> None:
        super().__init__(queue.SimpleQueue())  # stays empty
        self._latest: deque[LogLine] = deque(maxlen=MOST)
        self._tell: Callable[[LogLine], None] | None = None
        self.count = 0

    def latest(self, count: int, *, after: int = 0) -> list[LogLine]:
        """The last ones, the oldest first, of those with higher numbers than `after`."""
        self.acquire()
        try:
            lines = [line for line in self._latest if line.number > after]
        finally:
            self.release()
        return lines[-count:]

    @contextmanager
    def told(self, tell: Callable[[LogLine], None]) -> Iterator[None]:
        """Have each line told at once, in the thread that wrote it; it must not log."""
        self._tell = tell
        try:
            yield
        finally:
            self._tell = None

    def enqueue(self, record: logging.LogRecord) -> None:
        """Keep a line, which is formatted by now."""
        self.count += 1
        at = datetime.fromtimestamp(record.created).astimezone().isoformat(" ", "seconds")
        line = LogLine(self.count, at, record.levelname.lower(), str(record.msg)[:LONGEST])
        self._latest.append(line)
        if self._tell:
            self._tell(line)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Drop the line: what is wrong with it must not stop who logs."""


@contextmanager
def kept() -> Iterator[LogLines]:
    """Keep what is logged from now on."""
    lines = LogLines()
    root = logging.getLogger()
    root.addHandler(lines)
    try:
        yield lines
    finally:
        root.removeHandler(lines)
