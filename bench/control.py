"""baresip's ctrl_tcp: commands and events as netstrings of JSON."""

import asyncio
import json
import time
from types import TracebackType
from typing import Self

from bench.journal import Journal

WITHIN_S = 20.0
POLL_S = 0.05


class Control:
    """A connection to a baresip, an async context manager; events are written to `journal` as `TYPE param`."""

    def __init__(self, port: int) -> None:
        self.journal = Journal()
        self._port = port
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        async with asyncio.timeout(WITHIN_S):
            while self._writer is None:
                try:
                    reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
                except OSError:  # it is starting
                    await asyncio.sleep(POLL_S)
        self._reading = asyncio.create_task(self._read(reader))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._writer
        assert self._reading
        self._writer.close()
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)

    def send(self, command: str, params: str = "") -> int:
        """Give a command; return the moment, in ns of CLOCK_MONOTONIC."""
        assert self._writer
        moment_ns = time.monotonic_ns()
        frame = json.dumps({"command": command, "params": params}).encode()
        self._writer.write(b"%d:%s," % (len(frame), frame))
        return moment_ns

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while length := await reader.readuntil(b":"):
            frame = json.loads((await reader.readexactly(int(length[:-1]) + 1))[:-1])
            self.journal.write(f"{frame.get('type', 'RESPONSE')} {frame.get('param', frame.get('data'))}")
