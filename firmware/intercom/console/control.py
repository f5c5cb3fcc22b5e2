"""The control socket: the machine grammar on a Unix socket, for the command line on the same machine."""

import asyncio
import grp
import logging
import os
import socket
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

from intercom.console.address import to_listen
from intercom.console.alongside import alongside
from intercom.console.desk import Desks
from intercom.console.machine import MachineSession
from intercom.console.operator import Operator
from intercom.errors import IntercomError, PortInUseError

GROUP = "intercom"
AT_ONCE = 32
STALL_S = 5.0
NOBODY = 65534

logger = logging.getLogger(__name__)


@asynccontextmanager
async def control_socket(operator: Operator, *, state: Path) -> AsyncIterator[Path]:
    """Serve the commands to whom the file's rights let in, at the path that is given.

    It is the first of the usual places that may be written, `state` the last of them.

    Raises PortInUseError where another station listens there, IntercomError where the socket can't be made.
    """
    path = to_listen(state)
    with _listening(path) as server:
        logger.info("control socket at %s", path)
        async with alongside(_accept(server, Desks(operator))):
            yield path


async def _accept(server: socket.socket, desks: Desks) -> None:
    loop = asyncio.get_running_loop()
    free = asyncio.Semaphore(AT_ONCE)
    async with asyncio.TaskGroup() as connections:
        while True:
            await free.acquire()
            connection, _ = await loop.sock_accept(server)
            serving = connections.create_task(_serve(connection, desks))
            serving.add_done_callback(lambda _: free.release())


async def _serve(connection: socket.socket, desks: Desks) -> None:
    loop = asyncio.get_running_loop()

    turn = asyncio.Lock()

    async def write(answer: bytes) -> None:
        async with turn, asyncio.timeout(STALL_S):
            await loop.sock_sendall(connection, answer)

    with connection, suppress(OSError):  # the far side is gone, or doesn't read
        connection.setblocking(False)
        session = MachineSession(desks.of(_who(connection)))
        async with alongside(session.stream(write)):
            while received := await loop.sock_recv(connection, 4096):
                await session.feed(received, write)


def _who(connection: socket.socket) -> str:
    """Who is at the far side, by the kernel's word; under PrivateUsers= most read as nobody."""
    size = struct.calcsize("3i")
    _, uid, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return f"a member of {GROUP}" if uid == NOBODY else f"uid {uid}"


@contextmanager
def _listening(path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        try:
            _make_way(path)
            os.fchmod(server.fileno(), 0o600)  # before bind: the file is never open to more
            server.bind(os.fspath(path))
            _admit_group(path)
            server.listen()
        except OSError as error:
            raise IntercomError(
                f"The control socket {path} can't be made: {error.strerror or error}.",
                "Name a folder that may be written, with a short path, as --state.",
            ) from error
        server.setblocking(False)
        made = path.stat()
        try:
            yield server
        finally:
            with suppress(FileNotFoundError):
                if os.path.samestat(made, path.stat()):
                    path.unlink()


def _make_way(path: Path) -> None:
    """Remove a socket that nobody listens at."""
    if not path.is_socket():
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(os.fspath(path))
        except ConnectionRefusedError:
            path.unlink()
        else:
            raise PortInUseError(f"Another station listens at {path}.", "Stop it, or run this one with --state.")


def _admit_group(path: Path) -> None:
    with suppress(KeyError, PermissionError):  # no such group, or not ours to give: then the owner alone
        os.chown(path, -1, grp.getgrnam(GROUP).gr_gid)
        path.chmod(0o660)
