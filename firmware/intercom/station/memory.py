"""What a station's comfort remembers over a restart: one small file in its state folder."""

import asyncio
import logging
from pathlib import Path
from typing import Self

import msgspec
from msgspec import Struct

from intercom import disk
from intercom.station.missed import MissedCalls
from intercom.station.quiet import Switch
from intercom.vital import vital

NAME = "comfort.json"

logger = logging.getLogger(__name__)


class Memory(Struct, frozen=True):
    """Whether privacy is on, how do-not-disturb was switched by hand, and the missed calls."""

    is_private: bool = False
    by_hand: Switch | None = None
    missed: MissedCalls = MissedCalls()


class MemoryFile:
    """An async context manager that reads the file, writes what `keep` is given, and has all written at its end.

    A file that can't be read is taken for privacy switched on: a microphone that is silent in error is noticed, one
    that is open is not.  `why` tells what is wrong with the file.
    """

    def __init__(self, state: Path) -> None:
        self.memory, self.why = Memory(), ""
        self._path = state / NAME
        self._unwritten, self._writing = asyncio.Event(), asyncio.Lock()

    async def __aenter__(self) -> Self:
        self.memory, self.why = await asyncio.to_thread(_read, self._path)
        if self.why:
            logger.warning("%s", self.why)
        self._keeping = vital(self._keep(), name="the memory of missed calls and privacy")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.written()
        self._keeping.cancel()
        await asyncio.gather(self._keeping, return_exceptions=True)

    def keep(self, memory: Memory) -> None:
        """Remember this from now on."""
        self.memory = memory
        self._unwritten.set()

    async def written(self) -> None:
        """Have all written; `why` tells where that failed."""
        async with self._writing:
            if self._unwritten.is_set():
                self._unwritten.clear()
                await self._write()

    async def _keep(self) -> None:
        while await self._unwritten.wait():
            await self.written()

    async def _write(self) -> None:
        try:
            await asyncio.to_thread(disk.write, self._path, msgspec.json.encode(self.memory) + b"\n")
            self.why = ""
        except OSError as error:
            self.why = f"{self._path} can't be written ({error.strerror}), so it is forgotten at the next start."
            logger.warning("%s", self.why)


def _read(path: Path) -> tuple[Memory, str]:
    """Return what the file holds, and what is wrong with it."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Memory), ""
    except FileNotFoundError:
        return Memory(), ""
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return Memory(is_private=True), f"{path} can't be read, so privacy is on."
