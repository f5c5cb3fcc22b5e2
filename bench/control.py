"""baresip's ctrl_tcp: commands and events as netstrings of JSON."""

import asyncio
import json
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from bench.journal import Journal

# It listens on its machine's own 127.0.0.1, so the way to it is a shell there, which tries until baresip has started.
DOOR = "until exec 3<>/dev/tcp/127.0.0.1/$0; do sleep 0.05; done 2>/dev/null; cat <&0 >&3 & exec cat <&3"


class Control:
    """A connection to a baresip, an async context manager; events are written to `journal` as `TYPE param`.

    `within` are the words that run a command on its machine.
    """

    def __init__(self, port: int, *, within: Sequence[str]) -> None:
        self.journal = Journal()
        self._words = (*within, "bash", "-c", DOOR, str(port))
        self._door: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        pipe = asyncio.subprocess.PIPE
        self._door = await asyncio.create_subprocess_exec(*self._words, stdin=pipe, stdout=pipe)
        self._reading = asyncio.create_task(self._read(self._door))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._door
        assert self._reading
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        if self._door.returncode is None:
            self._door.kill()
        await self._door.wait()

    def send(self, command: str, params: str = "") -> int:
        """Give a command; return the moment, in ns of CLOCK_MONOTONIC."""
        assert self._door
        assert self._door.stdin
        moment_ns = time.monotonic_ns()
        frame = json.dumps({"command": command, "params": params}).encode()
        self._door.stdin.write(b"%d:%s," % (len(frame), frame))
        return moment_ns

    async def _read(self, door: asyncio.subprocess.Process) -> None:
        reader = door.stdout
        assert reader
        while length := await reader.readuntil(b":"):
            frame = json.loads((await reader.readexactly(int(length[:-1]) + 1))[:-1])
            self.journal.write(f"{frame.get('type', 'RESPONSE')} {frame.get('param', frame.get('data'))}")
