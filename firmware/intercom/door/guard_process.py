"""The guard as the station holds it: one process, from its start to its end."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from intercom.door.guard import LONGEST_MESSAGE
from intercom.door.relay import NAME, Relay
from intercom.errors import DoorError

COMMAND = (sys.executable, "-I", "-m", "intercom.door.guard")
PASSED_ON = ("INTERCOM_GPIOCHIP", "PATH", "LD_LIBRARY_PATH")
ENDS_WITHIN_S = 2.0
SAFE_WITHIN_S = 10.0


class GuardProcess:
    """An async context manager; leaving it has the guard lock and end.  Entering raises DoorError.

    `hear` is called with each message of the guard's (see `door.guard`).
    """

    def __init__(self, relay: Relay, hear: Callable[[str], None]) -> None:
        self._relay, self._hear = relay, hear
        self._ended = asyncio.Event()
        self._parts = ExitStack()

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        try:
            self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs, ExitStack() as parts:
                parts.enter_context(self._socket).setblocking(False)
                self._process = _start(self._relay.text(), stdin=theirs)
                end = os.pidfd_open(self._process.pid)
                parts.callback(os.close, end)
                loop.add_reader(end, self._ended.set)
                parts.callback(loop.remove_reader, end)
                loop.add_reader(self._socket, self._read)
                self._parts = parts.pop_all()
        except OSError as error:
            raise DoorError(f"The guard of the lock can't be started: {error.strerror}.") from error
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()
        try:
            async with asyncio.timeout(ENDS_WITHIN_S):
                await self.ended()
        except TimeoutError:
            self.kill()
            await self.ended()
        finally:
            self._parts.close()

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def say(self, words: str) -> None:
        """Send a message; raises DoorError where it can't be sent."""
        try:
            self._socket.send(words.encode())
        except OSError as error:
            raise DoorError(f"The guard of the lock does not listen: {error.strerror}.") from error

    def kill(self) -> None:
        """End it by force, when it does not answer."""
        self._process.kill()

    async def ended(self) -> int:
        """Wait until it has ended; return its exit code."""
        await self._ended.wait()
        return self._process.wait()

    def _read(self) -> None:
        """Take all that it has said: what it says last must be heard before its end is."""
        while self._socket.fileno() >= 0:
            try:
                message = self._socket.recv(LONGEST_MESSAGE)
            except BlockingIOError:
                return
            except ConnectionResetError:  # it has ended without having read all; what it said comes after this
                continue
            except OSError:
                message = b""
            if message:
                self._hear(message.decode(errors="replace"))
            else:
                self._hang_up()

    def _hang_up(self) -> None:
        if self._socket.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()


def make_safe(state: Path) -> str:
    """Have the line driven safe once, by the facts in this folder; return what was said, if anything.  Blocks."""
    try:
        ran = subprocess.run(
            [*COMMAND, "--safe", state / NAME], capture_output=True, text=True, check=False, timeout=SAFE_WITHIN_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"The lock may be open: {error}."
    return ran.stderr.strip()


def _start(facts: str, *, stdin: socket.socket) -> subprocess.Popen[bytes]:
    """Start it in a session of its own, so that the Ctrl-C of a terminal reaches the station alone."""
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return subprocess.Popen(
        [*COMMAND, facts], stdin=stdin.fileno(), stdout=subprocess.DEVNULL, env=environment, start_new_session=True
    )
