"""The audit log on disk: segments of a chain, and its head in two files of which one is always whole."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from intercom import disk
from intercom.door.chain import BROKEN, CUT, Finding, Head, Point, Record, State, encode, encode_head, examine

FOLDER = "door"  # in the state folder
SEGMENT_BYTES = 256 * 1024
MOST_SEGMENTS = 8  # some 8000 records
HEADS = ("audit.head.0", "audit.head.1")
PREFIX, _SUFFIX = "audit.", ".jsonl"  # of its segments; those of HEADS begin so too


def read(folder: Path) -> Finding:
    """How the log in a folder is, as it lies; raises OSError."""
    heads = [path.read_bytes() for name in HEADS if (path := folder / name).exists()]
    return examine({n: path.read_bytes() for n, path in _segments(folder).items()}, heads)


class AuditLog:
    """Appends records; what a power cut left is put in order first, what somebody changed is told in a record.

    Blocks, as each record is on the disk when `append` returns.
    """

    def __init__(self, folder: Path, *, segment_bytes: int = SEGMENT_BYTES) -> None:
        self._folder, self._segment_bytes = folder, segment_bytes
        self._end: Point | None = None  # unknown until it was looked at, and after a failure
        self._segment = self._size = self._first = 0

    def open(self, at: str) -> Finding:
        """Look at what is there and put it in order, `at` that local time; raises OSError."""
        found = read(self._folder)
        self._segment, self._size, self._first = found.segment, found.size, found.first
        if found.state is not State.BROKEN:
            self._tidy()
        if found.is_ahead:  # else a cut after the next record would leave two of which it doesn't know
            self._write_head(Head(found.end, found.first))
        self._end = found.end
        is_told = any(line.what == BROKEN and line.why == found.why for line in found.lines)
        if found.state is State.CUT:
            self.append(Record(at=at, what=CUT, why=found.why))
        if found.state is State.BROKEN and not is_told:
            self.append(Record(at=at, what=BROKEN, why=found.why))
        return found

    def append(self, record: Record) -> None:
        """Write one more; raises OSError, and then it may be missing."""
        if self._end is None:
            self.open(record.at)
        assert self._end is not None
        line, end = encode(record, self._end)
        if self._size and self._size + len(line) > self._segment_bytes:
            self._segment, self._size = end.n, 0
        with self._doubting():
            _append(_path(self._folder, self._segment), line)
            segments = sorted(_segments(self._folder))
            self._first = segments[-MOST_SEGMENTS:][0]
            self._write_head(Head(end, self._first))
            self._end, self._size = end, self._size + len(line)
        for segment in segments[:-MOST_SEGMENTS]:
            with suppress(OSError):  # it is looked for again at the next one
                disk.remove(_path(self._folder, segment))

    def _tidy(self) -> None:
        """Remove what is not of the log: a record's beginning, segments that were to be removed."""
        for segment, path in _segments(self._folder).items():
            if segment > self._segment or segment < self._first:
                disk.remove(path)
            elif segment == self._segment and path.stat().st_size > self._size:
                os.truncate(path, self._size)

    def _write_head(self, head: Head) -> None:
        path = self._folder / HEADS[head.end.n % len(HEADS)]
        is_new = not path.exists()
        with _opened(path, os.O_CREAT) as file:
            os.pwrite(file, encode_head(head), 0)
            os.fsync(file)
        if is_new:
            disk.sync(self._folder)

    @contextmanager
    def _doubting(self) -> Iterator[None]:
        """Have the log looked at again before the next record, where writing this one failed."""
        try:
            yield
        except OSError:
            self._end = None
            raise


def _append(path: Path, line: bytes) -> None:
    is_new = not path.exists()
    with _opened(path, os.O_CREAT | os.O_APPEND) as file:
        rest = memoryview(line)
        while rest:
            rest = rest[os.write(file, rest) :]
        os.fsync(file)
    if is_new:
        disk.sync(path.parent)


@contextmanager
def _opened(path: Path, flags: int) -> Iterator[int]:
    file = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC | flags, 0o600)
    try:
        yield file
    finally:
        os.close(file)


def _segments(folder: Path) -> dict[int, Path]:
    named = {path.name.removeprefix(PREFIX).removesuffix(_SUFFIX): path for path in folder.glob(f"{PREFIX}*{_SUFFIX}")}
    return {int(name): path for name, path in named.items() if name.isdecimal()}


def _path(folder: Path, segment: int) -> Path:
    return folder / f"{PREFIX}{segment:010}{_SUFFIX}"
