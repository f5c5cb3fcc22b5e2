"""The exchange's SQLite file: opened by the running exchange, in a thread of its own, and by the command line."""

import asyncio
import os
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from intercom.errors import IntercomError, RefusedError

FILE = "exchange.db"
BUSY_TIMEOUT_S = 5.0
SCHEMA = """
CREATE TABLE IF NOT EXISTS keys (
    id TEXT PRIMARY KEY, secret TEXT NOT NULL, identity TEXT, made_at REAL NOT NULL, revoked_at REAL
);
CREATE TABLE IF NOT EXISTS identities (name TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS invites (code_hash BLOB PRIMARY KEY, identity TEXT NOT NULL, expires_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS people (
    id INTEGER PRIMARY KEY, cookie_hash BLOB UNIQUE NOT NULL, identity TEXT NOT NULL, made_at REAL NOT NULL,
    revoked_at REAL
);
CREATE TABLE IF NOT EXISTS calls (
    sid TEXT PRIMARY KEY, temporary TEXT NOT NULL, target TEXT NOT NULL,
    caller TEXT NOT NULL, caller_kind TEXT NOT NULL, caller_reconnect TEXT NOT NULL,
    callee TEXT, callee_kind TEXT, callee_reconnect TEXT,
    started_at REAL NOT NULL, answered_at REAL, ended_at REAL, code INTEGER, reason TEXT
);
CREATE INDEX IF NOT EXISTS calls_live ON calls (started_at) WHERE ended_at IS NULL;
CREATE TABLE IF NOT EXISTS reports (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, identity TEXT NOT NULL, call TEXT NOT NULL, topic TEXT NOT NULL,
    name TEXT NOT NULL, level TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS reports_of_call ON reports (call);
CREATE TABLE IF NOT EXISTS quality (
    call TEXT NOT NULL, identity TEXT NOT NULL, seconds INTEGER NOT NULL, scored INTEGER NOT NULL,
    mos_sum REAL NOT NULL, PRIMARY KEY (call, identity)
);
"""

P = ParamSpec("P")
T = TypeVar("T")


def connect(state: Path) -> sqlite3.Connection:
    """Open the file, made with mode 0600 in a folder of mode 0700 where it is not there.

    Raises RefusedError where rights are missing, IntercomError where the file is of no use.
    """
    path = state / FILE
    try:
        make_folder(state)
        make_private(path)
        with ExitStack() as unless_ready:
            connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
            unless_ready.callback(connection.close)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.executescript(SCHEMA)
            unless_ready.pop_all()
    except PermissionError as error:
        raise RefusedError(
            f"{path} can't be opened: no rights.", "Run this as root or as the exchange's user."
        ) from error
    except (OSError, sqlite3.Error) as error:
        raise IntercomError(
            f"{path} can't be used ({error}).", "Free or repair the disk, or move the file away."
        ) from error
    return connection


def make_folder(state: Path) -> None:
    """Make the state folder, for its owner only."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)


def make_private(path: Path) -> None:
    """Make an empty file with mode 0600 that belongs to whom the folder belongs, also when root makes it."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY, 0o600))
    except FileExistsError:
        return
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


@contextmanager
def failures() -> Iterator[None]:
    """Raise IntercomError where SQLite fails."""
    try:
        yield
    except sqlite3.Error as error:
        raise IntercomError(f"The exchange's file can't be used ({error}).", "Is the disk full?") from error


class Store:
    """The file in a thread of its own, so that the event loop never waits on the disk."""

    def __init__(self, state: Path) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="exchange.db")
        self._connection = self._thread.submit(connect, state)

    async def run(self, work: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what `work(connection, …)` returns; raises IntercomError where the file fails."""

        def call() -> T:
            with failures():
                return work(self._connection.result(), *args, **kwargs)

        return await asyncio.wrap_future(self._thread.submit(call))

    async def close(self) -> None:
        """Close the file, if it could be opened."""
        with suppress(IntercomError):
            await self.run(sqlite3.Connection.close)
        self._thread.shutdown()
