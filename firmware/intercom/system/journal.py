"""The log: one formatter, written in a thread of its own so that nobody who logs ever waits."""

import logging
import os
import queue
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import QueueHandler, QueueListener

# journald reads a priority in angle brackets at the start of a line (sd-daemon(3)).
PRIORITIES = {logging.DEBUG: "<7>", logging.INFO: "<6>", logging.WARNING: "<4>", logging.ERROR: "<3>"}
LIMIT_LINES = 10_000
QUIET = ("aioice", "aiortc", "aiohttp.access")


class Formatter(logging.Formatter):
    """Lines for the journal, which adds the time itself, or for a person's terminal."""

    def __init__(self, *, is_for_journal: bool) -> None:
        super().__init__("%(message)s" if is_for_journal else "%(asctime)s %(message)s", "%H:%M:%S")
        self._is_for_journal = is_for_journal

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's lines, each with its priority where the journal reads them."""
        text = super().format(record)
        if not self._is_for_journal:
            return text
        priority = PRIORITIES.get(record.levelno, "<3>")
        return "\n".join(priority + line for line in text.splitlines())


@contextmanager
def journal(level: str) -> Iterator[None]:
    """Log to standard error for as long as this lasts; when the writer can't keep up, lines are dropped."""
    writer = logging.StreamHandler(sys.stderr)
    writer.setFormatter(Formatter(is_for_journal="JOURNAL_STREAM" in os.environ))
    lines: queue.Queue[logging.LogRecord] = queue.Queue(LIMIT_LINES)
    listener = QueueListener(lines, writer)
    entry = _Entry(lines)
    root = logging.getLogger()
    root.addHandler(entry)
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    listener.start()
    try:
        yield
    finally:
        root.removeHandler(entry)
        listener.stop()


class _Entry(QueueHandler):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Drop the line: a full queue must not stop who logs."""
