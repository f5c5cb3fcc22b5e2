"""Keeps the stories: in memory those that are told, on disk in a thread, rarely, without ever being waited for."""

import asyncio
import logging
from pathlib import Path
from typing import Self

from msgspec.structs import replace

from intercom.story import file
from intercom.story.record import NEVER, Story
from intercom.vital import vital

PAUSE_S = 10.0  # between two writes: who hammers on a button wears no SD card

logger = logging.getLogger(__name__)


class Keeper:
    """An async context manager; entering never raises, `why` tells what is wrong with the files.

    `stories` are those that are told, the oldest first; at the end all is written.
    """

    def __init__(self, folder: Path) -> None:
        self.stories: list[Story] = []
        self.why = ""
        self._folder = folder
        self._unwritten: dict[int, Story] = {}
        self._news, self._writing = asyncio.Event(), asyncio.Lock()

    async def __aenter__(self) -> Self:
        try:
            self.stories = await asyncio.to_thread(file.read, self._folder)
        except OSError as error:
            self._fail(error, "read")
        self._keeping = vital(self._keep(), name="the history of calls")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.written()
        self._keeping.cancel()
        await asyncio.gather(self._keeping, return_exceptions=True)

    @property
    def next_number(self) -> int:
        """The number of the next call."""
        return self.stories[-1].n + 1 if self.stories else 1

    def keep(self, story: Story) -> None:
        """Keep a story, in place of what was known of that call; one that befalls again and again is counted."""
        stories, latest = self.stories, self.stories[-1] if self.stories else None
        if latest and story.how == latest.how == NEVER and story.message == latest.message:
            story = replace(story, n=latest.n, times=latest.times + 1)
        self.stories = sorted([*(one for one in stories if one.n != story.n), story], key=_number)[-file.KEPT :]
        self._unwritten[story.n] = story
        self._news.set()

    async def written(self) -> None:
        """Have all written; `why` tells where that failed, and it is tried again with the next story."""
        async with self._writing:
            self._news.clear()
            taken, self._unwritten = self._unwritten, {}
            if not taken:
                return
            try:
                await asyncio.to_thread(file.add, self._folder, taken.values())
                self.why = ""
            except OSError as error:
                self._unwritten = dict(list((taken | self._unwritten).items())[-file.KEPT :])
                self._fail(error, "written")

    async def _keep(self) -> None:
        while await self._news.wait():
            await self.written()
            await asyncio.sleep(PAUSE_S)

    def _fail(self, error: OSError, done: str) -> None:
        self.why = f"The history of calls can't be {done}: {error.strerror}."
        logger.warning("%s", self.why)


def _number(story: Story) -> int:
    return story.n
