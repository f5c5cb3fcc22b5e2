"""A real TURN server (coturn) on this machine."""

import asyncio
import socket
from pathlib import Path
from types import TracebackType
from typing import Self

from intercom.call.ports import IceServer

HOST, NAME, PASSWORD = "127.0.0.1", "station", "secret"
OPTIONS = (
    f"--listening-ip={HOST}", f"--relay-ip={HOST}", "--allow-loopback-peers",
    "--lt-cred-mech", f"--user={NAME}:{PASSWORD}", "--realm=intercom",
    "-n", "-v", "--no-tls", "--no-dtls", "--no-cli", "--log-file=stdout", "--simple-log", "--pidfile=",
)  # fmt: skip


class TurnServer:
    """An async context manager, entered when the server listens; leaving it kills the server."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._database = folder / "turn.db"

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            "turnserver", f"--listening-port={self.port}", f"--userdb={self._database}", *OPTIONS,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        async with asyncio.timeout(10):
            while not await self._listens():
                pass
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.die()

    async def die(self) -> None:
        """Kill it; idempotent."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
        await self._reading

    def server(self, transport: str) -> IceServer:
        return IceServer((f"turn:{HOST}:{self.port}?transport={transport}",), NAME, PASSWORD)

    async def _listens(self) -> bool:
        assert self._process.stdout
        line = await self._process.stdout.readline()
        assert line, "turnserver has ended"
        return b"DB connection success" in line

    async def _read(self) -> None:
        assert self._process.stdout
        while await self._process.stdout.readline():
            pass


def free_port() -> int:
    """Return a port that is free for UDP."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
