"""What a station's console is strained with while it is in a call, and what is heard of it at both ends of the call."""

import asyncio
import os
import random
import time
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from tests.console.terminal import Terminal
from tests.rig.ear import until
from tests.rig.simcard import SimCard

WINDOW_MS, LOW = 10, 0.25
LATEST_MS = 200  # what a card plays now is not all written yet
NOISE_BYTES, FLOOD_LINES = 20_000, 300
FILLS_WITHIN_S = 1.0
TRIES_AGAIN_S = 1.5
PASSWORD = "correct horse battery"


@dataclass(frozen=True, order=True)
class Heard:
    """Of one interval: underruns and overruns of both cards, milliseconds in which no sound came from the far end."""

    xruns: int
    gap_ms: int
    seconds: float = field(compare=False)

    def __str__(self) -> str:
        return f"{self.xruns} xruns and {self.gap_ms} ms of gaps in {self.seconds:.0f} s"


async def heard(cards: tuple[SimCard, SimCard], during: Awaitable[object]) -> Heard:
    """Listen to both speakers, at which a steady tone is to be heard, for as long as `during` takes (20 s at most)."""
    begun, before, since = time.monotonic(), _xruns(cards), [card.now() for card in cards]
    await during
    until = [card.now() - card.rate * LATEST_MS // 1000 for card in cards]
    gap_ms = sum(_gap_ms(*each) for each in zip(cards, since, until, strict=True))
    return Heard(_xruns(cards) - before, gap_ms, time.monotonic() - begun)


class Person:
    """Somebody at a terminal who types what the station must stand; each method returns when it has been answered."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    async def says(self, line: str, *, until: str) -> None:
        """Type a line and read what comes meanwhile, or the station might read no more; the answer ends so."""
        await asyncio.gather(self._terminal.type(f"{line}\r".encode()), self._terminal.shown(until))

    async def logs_in(self) -> None:
        """Choose the first password."""
        await self.says("login", until="New password: ")
        await self.says(PASSWORD, until="Again: ")
        await self.says(PASSWORD, until="You are logged in as admin.")

    async def does_all(self, number: int) -> None:
        """All that follows."""
        await self.scrapes(number)
        await self.floods()
        await self.is_refused()
        await self.commits(number)
        await self.goes_back()

    async def scrapes(self, seed: int) -> None:
        """Let the cable be scraped: bytes of any kind, as fast as the line takes them."""
        await self._terminal.type(random.Random(seed).randbytes(NOISE_BYTES))
        await self._clears()

    async def floods(self) -> None:
        """Ask and ask again, and read the answers only afterwards."""
        await self._terminal.type(b"status\r" * FLOOD_LINES)
        await self._clears()

    async def is_refused(self) -> None:
        """Commit what can't be."""
        for button in ("mute", "reject"):
            await self.says(f"set panel.buttons.{button} 22", until="> ")
        await self.says("commit", until="! panel.buttons.reject must have a pin of its own")
        for button in ("mute", "reject"):
            await self.says(f"unset panel.buttons.{button}", until="> ")

    async def commits(self, number: int) -> None:
        """Commit what is taken at once, and what waits for the end of the call."""
        await self.says(f"set audio.ring_volume {number}", until="> ")
        await self.says("commit", until="Written to")
        await self.says(f"set station.name Hall{number}", until="> ")
        await self.says(f"commit number {number}", until="when the call has ended.")

    async def goes_back(self) -> None:
        """Commit old settings, and then for a while only, which nobody confirms."""
        await self.says("rollback", until="`commit` applies.")
        await self.says("commit", until="when the call has ended.")
        await self.says("set call.to nobody", until="> ")
        await self.says("commit confirm 5", until="without, the station goes back.")
        while "was not confirmed" not in (await self._answer("history")).splitlines()[-2]:
            pass

    async def sends_what_is_not_read(self) -> None:
        """Type until the line is full, as the station reads no more just now."""
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(FILLS_WITHIN_S):
                await self._terminal.type(b"status\r" * FLOOD_LINES * 10)

    async def _answer(self, line: str) -> str:
        await self.says(line, until=f"{line}\r\n")
        return await self._terminal.shown("> ")

    async def _clears(self) -> None:
        """Drop what was begun and try until the line is understood again, which after noise it isn't at once."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(TRIES_AGAIN_S):
                    await self.says("\x03show door.longest_s", until="door.longest_s = ")
                break
        await self._terminal.shown("> ")


class Clog:
    """In place of a file: who reads it waits, as on a disk that has stopped, until it is cleared."""

    def __init__(self, path: Path) -> None:
        self._path, self._kept = path, path.rename(path.with_suffix(".kept"))
        os.mkfifo(path)
        self._waiting: int | None = None

    async def is_awaited(self) -> None:
        """Return when somebody has opened it, and waits for what is in it."""
        await until(self._is_opened, what="a reader")

    def clear(self) -> None:
        """Have the file back, and let who waits read it."""
        assert self._waiting is not None
        os.write(self._waiting, self._kept.read_bytes())
        self._kept.rename(self._path)
        os.close(self._waiting)

    def _is_opened(self) -> bool:
        with suppress(OSError):  # as nobody reads it
            self._waiting = os.open(self._path, os.O_WRONLY | os.O_NONBLOCK)
        return self._waiting is not None


def _xruns(cards: tuple[SimCard, SimCard]) -> int:
    return sum(sum(card.xruns()) for card in cards)


def _gap_ms(card: SimCard, since: int, until: int) -> int:
    window = card.rate * WINDOW_MS // 1000
    pcm = card.played_from(since, (until - since) // window * window).astype(np.float64)
    levels = np.sqrt(np.mean(pcm.reshape(-1, window) ** 2, axis=1))
    return int(np.sum(levels < LOW * np.median(levels))) * WINDOW_MS
