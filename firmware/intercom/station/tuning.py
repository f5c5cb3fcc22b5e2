"""The settings of a running station: kept in the file, and taken alive where that can be."""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Coroutine, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

from intercom.errors import ConflictError, SettingsError
from intercom.settings import schema
from intercom.settings.history import Entry
from intercom.settings.last_good import Origin
from intercom.settings.paths import get, replace
from intercom.settings.schema import Settings
from intercom.settings.transaction import Candidate, Commit
from intercom.station.plan import is_taken_alive
from intercom.vital import vital

SETTLE_S = 2.0  # of many presses, one write
FULL = 100
WRITTEN = "Written to {}."

T = TypeVar("T")

logger = logging.getLogger(__name__)


class Keeper(Protocol):
    """Where settings and their history are kept; all methods block, and raise SettingsError where they can't write."""

    path: Path

    @property
    def revision(self) -> int:
        """The number of the settings that were committed last."""

    @property
    def returns_at(self) -> float | None:
        """When, by `time.monotonic`, the last commit is undone; None: it stays."""

    def commit(self, settings: Settings, commit: Commit, *, only: Collection[str] = ()) -> None:
        """Write them, or these paths alone, as a revision of their own; ConflictError while one is unconfirmed."""

    def put(self, values: Mapping[str, Any]) -> None:
        """Write these alone, by their paths, without a revision."""

    def confirm(self) -> int:
        """Let the last commit stay, and return its revision; ConflictError where it stays anyhow."""

    def go_back(self) -> Settings:
        """Undo the last commit, and return what was before."""

    def entries(self) -> list[Entry]:
        """The history, the oldest first."""

    def settings_of(self, revision: int) -> Settings:
        """Those of that revision; raises UsageError."""


class Voice(Protocol):
    """The sound, as far as it is set while it runs."""

    def tune(self, settings: schema.Audio) -> None:
        """Take volumes and gain, at once."""

    async def apply(self, settings: schema.Audio) -> list[str]:
        """Take all that can be taken alive; return sentences on what can't."""


class Tuning:
    """An async context manager: what buttons changed is written at its end at the latest.

    `store` is None where there is no file; `rebuild` is called with the settings before and after, for what is not
    taken alive.
    """

    def __init__(
        self,
        settings: Settings,
        voice: Voice,
        *,
        store: Keeper | None,
        rebuild: Callable[[Settings, Settings], None],
    ) -> None:
        self.settings = settings  # as committed last: those in use, but for what waits for the restart
        self.revision = store.revision if store else 0  # the number of the settings; 0 where there is no file
        self._voice, self._store, self._rebuild = voice, store, rebuild
        self._writing = asyncio.Lock()
        self._turned = asyncio.Event()
        self._told = asyncio.Event()  # that it may be another time at which settings return
        self._unkept: set[str] = set()

    async def __aenter__(self) -> Self:
        self._keeping = vital(self._keep(), name="the keeping of volumes")
        self._returning = vital(self._return(), name="the return of settings")
        return self

    async def __aexit__(self, *_: object) -> None:
        async with self._writing:  # a write is not cut short
            self._keeping.cancel()
            self._returning.cancel()
        await asyncio.gather(self._keeping, self._returning, return_exceptions=True)
        if self._turned.is_set():
            await self._write_turned()

    def returns_in_s(self) -> float | None:
        """How long until the last commit is undone; None: it stays."""
        at = self._store.returns_at if self._store else None
        return None if at is None else max(0.0, at - time.monotonic())

    def turn(self, path: str, by: int) -> None:
        """Turn a volume up or down by so many percent, heard at once; it is written when no more turns follow."""
        percent = min(max(get(self.settings, path) + by, 0), FULL)
        if percent != get(self.settings, path):
            self.settings = replace(self.settings, path, percent)
            self._voice.tune(self.settings.audio)
            self._unkept.add(path)
            self._turned.set()

    async def commit(self, settings: Settings, commit: Commit | None = None) -> list[str]:
        """Write the settings and take them: alive, or by building parts anew.  Returns where they are kept.

        None is for volumes, which are no revision.  Raises SettingsError where they can't be written, ConflictError
        while others are, or where others wait to be confirmed: then nothing has changed.
        """
        if self._writing.locked():
            raise _busy()
        return await self._alone(partial(self._commit, settings, commit, self.revision))

    async def confirm(self) -> int:
        """Let the last commit stay, and return its revision; raises ConflictError where it stays anyhow."""
        return await self._alone(partial(asyncio.to_thread, self._kept.confirm))

    async def entries(self) -> list[Entry]:
        """The history of the file, the oldest first."""
        return await asyncio.to_thread(self._kept.entries)

    async def settings_of(self, revision: int) -> Settings:
        """Those of that revision; raises UsageError."""
        return await asyncio.to_thread(self._kept.settings_of, revision)

    @property
    def _kept(self) -> Keeper:
        if self._store is None:
            raise SettingsError("This station was started without a settings file.", "Start it with --config FILE.")
        return self._store

    async def _alone(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Do it while nothing else is written, and to its end: who asked may leave, as its line is built anew."""
        await self._writing.acquire()
        task = asyncio.create_task(work())
        task.add_done_callback(lambda _: self._writing.release())
        return await asyncio.shield(task)

    async def _commit(self, settings: Settings, commit: Commit | None, revision: int) -> list[str]:
        if revision != self.revision:
            raise _busy()
        before = self.settings
        kept = await self._write(settings, commit)
        refused = await self._take(settings)
        self._rebuild(before, settings)
        self._told.set()
        return [kept, *refused]

    async def _take(self, settings: Settings) -> list[str]:
        self.settings, self.revision = settings, self._store.revision if self._store else 0
        return await self._voice.apply(settings.audio)

    async def _return(self) -> None:
        while True:
            try:
                async with asyncio.timeout(self.returns_in_s()):
                    await self._told.wait()
                self._told.clear()
            except TimeoutError:
                await self._go_back()

    async def _go_back(self) -> None:
        async with self._writing:
            if self.returns_in_s() != 0:
                return  # it was confirmed
            before, settings = self.settings, await asyncio.to_thread(self._kept.go_back)
            await self._take(settings)
        self._rebuild(before, settings)

    async def _keep(self) -> None:
        while await self._turned.wait():
            await asyncio.sleep(SETTLE_S)
            await self._write_turned()

    async def _write_turned(self) -> None:
        async with self._writing:
            self._turned.clear()
            paths, self._unkept = self._unkept, set()
            try:
                await self._put(self.settings, paths)
            except SettingsError as error:
                logger.warning("a volume is not kept: %s", error)

    async def _write(self, settings: Settings, commit: Commit | None) -> str:
        """Write what is taken alive by itself: somebody may be editing the file for the next start."""
        paths, is_alive = Candidate(self.settings, settings).paths(), is_taken_alive(self.settings, settings)
        if commit is None or (self._store is None and is_alive):
            return await self._put(settings, paths)
        await asyncio.to_thread(self._kept.commit, settings, commit, only=paths if is_alive else ())
        return WRITTEN.format(self._kept.path)

    async def _put(self, settings: Settings, paths: Collection[str]) -> str:
        if self._store is None:
            return "It is forgotten when the station ends, which was started without a settings file."
        await asyncio.to_thread(self._store.put, {path: get(settings, path) for path in paths})
        return WRITTEN.format(self._store.path)


def _busy() -> ConflictError:
    return ConflictError("Other settings are being written now.", "Try it again.")


class Ledger:
    """What `intercom status` shows under `settings`: where they are from, their revision, when they return."""

    def __init__(self, origin: Origin, tuning: Tuning) -> None:
        self._origin, self._tuning = origin, tuning

    def status(self) -> dict[str, Any]:
        """Return it; `confirm_within_s` is there while a commit waits to be confirmed."""
        remaining_s = self._tuning.returns_in_s()
        waits = {} if remaining_s is None else {"confirm_within_s": int(remaining_s)}
        return {**self._origin.status(), "revision": self._tuning.revision, **waits}
