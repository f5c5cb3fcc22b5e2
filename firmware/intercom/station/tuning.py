"""The settings of a running station: kept in the file, and taken alive where that can be."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol, Self

from intercom.errors import ConflictError, SettingsError
from intercom.settings import schema
from intercom.settings.paths import get, replace
from intercom.settings.schema import Settings
from intercom.settings.transaction import Candidate
from intercom.station.plan import needs_restart
from intercom.vital import vital

SETTLE_S = 2.0  # of many presses, one write
FULL = 100
WRITTEN = "Written to {}."

logger = logging.getLogger(__name__)


class Keeper(Protocol):
    """Where settings are kept."""

    path: Path

    def write(self, settings: Settings) -> None:
        """Write them; blocks; raises SettingsError."""

    def put(self, values: Mapping[str, Any]) -> None:
        """Write these alone, by their paths; blocks; raises SettingsError."""


class Voice(Protocol):
    """The sound, as far as it is set while it runs."""

    def tune(self, settings: schema.Audio) -> None:
        """Take volumes and gain, at once."""

    async def apply(self, settings: schema.Audio) -> list[str]:
        """Take all that can be taken alive; return sentences on what can't."""


class Tuning:
    """An async context manager: what buttons changed is written at its end at the latest.

    `store` is None where there is no file; `restart` is called for what is not taken alive.
    """

    def __init__(self, settings: Settings, voice: Voice, *, store: Keeper | None, restart: Callable[[], None]) -> None:
        self.settings = settings  # as committed last: those in use, but for what waits for the restart
        self._voice, self._store, self._restart = voice, store, restart
        self._writing = asyncio.Lock()
        self._turned = asyncio.Event()
        self._unkept: set[str] = set()

    async def __aenter__(self) -> Self:
        self._keeping = vital(self._keep(), name="the keeping of volumes")
        return self

    async def __aexit__(self, *_: object) -> None:
        async with self._writing:  # a write is not cut short
            self._keeping.cancel()
        await asyncio.gather(self._keeping, return_exceptions=True)
        if self._turned.is_set():
            await self._write_turned()

    def turn(self, path: str, by: int) -> None:
        """Turn a volume up or down by so many percent, heard at once; it is written when no more turns follow."""
        percent = min(max(get(self.settings, path) + by, 0), FULL)
        if percent != get(self.settings, path):
            self.settings = replace(self.settings, path, percent)
            self._voice.tune(self.settings.audio)
            self._unkept.add(path)
            self._turned.set()

    async def commit(self, settings: Settings) -> list[str]:
        """Write the settings and take them: alive, or by a restart.  Returns sentences on where they are kept.

        Raises SettingsError where they can't be written, ConflictError while others are: then nothing has changed.
        """
        if self._writing.locked():
            raise ConflictError("Other settings are being written now.", "Try it again.")
        is_restart = needs_restart(self.settings, settings)
        async with self._writing:
            kept = await self._write(settings)
            self.settings = settings
            refused = await self._voice.apply(settings.audio)
        if is_restart:
            self._restart()
        return [kept, *refused]

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

    async def _write(self, settings: Settings) -> str:
        if not needs_restart(self.settings, settings):
            return await self._put(settings, Candidate(self.settings, settings).paths())
        if self._store is None:
            raise SettingsError("This station was started without a settings file.", "Start it with --config FILE.")
        await asyncio.to_thread(self._store.write, settings)
        return WRITTEN.format(self._store.path)

    async def _put(self, settings: Settings, paths: Iterable[str]) -> str:
        """Write what is taken alive by itself: somebody may be editing the file for the next start."""
        if self._store is None:
            return "It is forgotten when the station ends, which was started without a settings file."
        await asyncio.to_thread(self._store.put, {path: get(settings, path) for path in paths})
        return WRITTEN.format(self._store.path)
