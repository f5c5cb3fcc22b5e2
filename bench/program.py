"""A program under measurement."""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.journal import Journal

ENDS_WITHIN_S = 15.0


class Program:
    """A process that runs as long as this async context; `journal` is what it writes to stdout and stderr."""

    def __init__(self, *words: str | Path, folder: Path, environment: Mapping[str, str]) -> None:
        self.journal = Journal()
        self._words = words
        self._environment = {"PATH": os.environ["PATH"], "HOME": str(folder), **environment}
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int:
        assert self._process, "not started"
        return self._process.pid

    def write(self, line: str) -> None:
        """Give it a line on its standard input."""
        assert self._process
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n".encode())

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *self._words,
            env=self._environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._reading = asyncio.create_task(self._read(self._process))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process
        assert self._reading
        if self._process.returncode is None:
            self._process.terminate()
        try:
            await asyncio.wait_for(self._reading, ENDS_WITHIN_S)
        except TimeoutError:
            self._process.kill()
        await self._process.wait()

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout
        async for line in process.stdout:
            self.journal.write(line.decode(errors="replace").rstrip())
