"""News for those who watch: bounded, numbered, the oldest dropped first, so that nobody ever waits for a reader."""

import asyncio
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

MOST = 200  # that wait for a slow reader

KINDS = {
    "status": "something that `status` tells has changed: `changed` names it",
    "call": "what has become of a call, its `state`: began, answered, reconnecting, reconnected, ended",
    "log": "a line of the log",
}


@dataclass(frozen=True, slots=True)
class News:
    """`number` counts all that there was for this watch, told or dropped: a gap tells what was lost."""

    number: int
    kind: str
    members: Mapping[str, Any]


class Watch:
    """What one reader has not read yet, of the kinds that it asked for."""

    def __init__(self, kinds: Collection[str]) -> None:
        self.kinds = frozenset(kinds)
        self.dropped = 0
        self._count = 0
        self._waiting: deque[News] = deque(maxlen=MOST)
        self._is_there = asyncio.Event()

    def want(self, kinds: Collection[str]) -> None:
        """Be told of these kinds alone from now on."""
        self.kinds = frozenset(kinds)

    def put(self, kind: str, members: Mapping[str, Any]) -> None:
        """Keep it for the reader; never waits."""
        self._count += 1
        self.dropped += len(self._waiting) == MOST
        self._waiting.append(News(self._count, kind, members))
        self._is_there.set()

    async def next(self) -> News:
        """The oldest that waits; waits for one."""
        while not self._waiting:
            self._is_there.clear()
            await self._is_there.wait()
        return self._waiting.popleft()


class Newsroom:
    """Tells all who watch; to be called in the event loop's thread."""

    def __init__(self) -> None:
        self._watches: list[Watch] = []

    def tell(self, kind: str, **members: Any) -> None:
        """Tell those who watch this kind."""
        for watch in self._watches:
            if kind in watch.kinds:
                watch.put(kind, members)

    @contextmanager
    def watch(self, kinds: Collection[str]) -> Iterator[Watch]:
        """What is told from now on."""
        watch = Watch(kinds)
        self._watches.append(watch)
        try:
            yield watch
        finally:
            self._watches.remove(watch)
