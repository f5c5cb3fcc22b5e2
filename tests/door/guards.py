"""A guard as its process is, with the test in the station's place."""

import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from intercom.door.guard_process import COMMAND
from intercom.door.relay import Relay

WITHIN_S = 20.0
RELAY = Relay(26, is_safe_high=False, pulse_s=0.3, longest_s=0.8, is_simulated=True)


class Guard:
    """A context manager: the process, its socket, what it says; killed at the end if it is there still."""

    def __init__(self, relay: Relay = RELAY, *, command: Sequence[str] = COMMAND, chip: str = "/nonexistent") -> None:
        self._command, self._chip = [*command, relay.text()], chip

    def __enter__(self) -> Self:
        self.socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.settimeout(WITHIN_S)
        environment = os.environ | {"INTERCOM_GPIOCHIP": self._chip}
        with theirs:
            self.process = subprocess.Popen(
                self._command, stdin=theirs.fileno(), stderr=subprocess.PIPE, text=True, env=environment
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()
        self.process.kill()
        self.process.communicate()

    def says(self) -> str:
        """Wait for its next message; empty: it is gone."""
        return self.socket.recv(2048).decode()

    def send(self, message: bytes) -> None:
        self.socket.send(message)

    def open(self) -> str:
        """Ask it to open; return its answer."""
        self.send(f"open {time.monotonic()}".encode())
        return self.says()

    def tick(self) -> str:
        """Give a sign of life; return the answer."""
        self.send(f"tick {time.monotonic()}".encode())
        return self.says()

    def tick_until(self, start: str) -> str:
        """Give signs of life until it says something that begins so."""
        while not (said := self.tick()).startswith(start):
            select.select([self.socket], [], [], 0.02)
        return said

    def stat(self) -> list[str]:
        """Return the fields of proc(5) stat; the name in them holds no space."""
        return Path(f"/proc/{self.process.pid}/stat").read_text().split()

    def ends(self) -> tuple[int, str]:
        """Wait for its end; return exit code and log."""
        _, log = self.process.communicate(timeout=WITHIN_S)
        return self.process.returncode, log

    def gets(self, number: int) -> None:
        self.process.send_signal(number)


def python(script: str) -> tuple[str, ...]:
    """Return the command that runs a script; it may import the tests."""
    return (sys.executable, "-c", script)
