"""The programs as an operator starts them: processes with a log, a ready line and a way to be killed."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

INTERCOM = Path(sys.executable).parent / "intercom"
STARTS_WITHIN_S = 60.0
ENDS_WITHIN_S = 15.0


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Program:
    """`intercom WORDS`, an async context manager; its log goes into the note of a test that fails.

    `within` are words that run the command after them somewhere else, such as in a network namespace.
    """

    def __init__(
        self, *words: str, log: Path, environment: Mapping[str, str] | None = None, within: Sequence[str] = ()
    ) -> None:
        self._words, self._log, self._within = words, log, within
        self._environment = {"PATH": os.environ["PATH"], "HOME": str(log.parent), **(environment or {})}
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._within, INTERCOM, *self._words, env=self._environment, stdout=asyncio.subprocess.PIPE, stderr=log
            )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            error.add_note(f"The log of intercom {' '.join(self._words)}:\n{self.log}")
        await self.end()

    @property
    def pid(self) -> int:
        return self._running.pid

    @property
    def log(self) -> str:
        return self._log.read_text()

    async def says(self, start: str) -> str:
        """Wait for a line on its standard output that begins so."""
        assert self._running.stdout
        async with asyncio.timeout(STARTS_WITHIN_S):
            while line := (await self._running.stdout.readline()).decode():
                if line.startswith(start):
                    return line.strip()
        raise AssertionError(f"it ended without saying {start!r}:\n{self.log}")

    async def ends(self) -> int:
        """Wait until it ends by itself and return its exit code; one that doesn't is killed, and fails the test."""
        try:
            async with asyncio.timeout(ENDS_WITHIN_S):
                await self._running.communicate()
        except TimeoutError:
            self._running.kill()
            raise
        return self._running.returncode or 0

    async def end(self) -> None:
        """Stop it as systemd does."""
        await self._stop(signal.SIGTERM)

    async def kill(self) -> None:
        """Kill it as a power cut does."""
        await self._stop(signal.SIGKILL)

    async def _stop(self, number: signal.Signals) -> None:
        if self._running.returncode is None:
            self._running.send_signal(number)
            await self.ends()

    @property
    def _running(self) -> asyncio.subprocess.Process:
        assert self._process, "not started"
        return self._process
