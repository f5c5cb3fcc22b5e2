"""A person at a terminal: a program on a real pseudo-terminal, and the screen that it draws."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

PATIENCE_S = 20.0
ROWS, COLUMNS = 60, 120


class Screen:
    """Runs a program until it is left; `lines` is what it shows now."""

    def __init__(self, words: Sequence[str | Path], *, environment: Mapping[str, str] | None = None) -> None:
        self._words = words
        self._environment = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", **(environment or {})}
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._screen.write_process_input = self.type  # type: ignore[method-assign, assignment]
        self._stream = pyte.ByteStream(self._screen)
        self._file, self._near = pty.openpty()
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def __enter__(self) -> Self:
        words = ["setsid", "--ctty", *self._words]
        self._program = subprocess.Popen(
            words, env=self._environment, stdin=self._near, stdout=self._near, stderr=self._near
        )
        os.close(self._near)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            error.add_note("\n".join(["The screen:", *self.lines]))
        self._program.kill()
        self._program.wait()
        os.close(self._file)

    @property
    def lines(self) -> list[str]:
        """The screen from its top, as far as something is on it."""
        return "\n".join(line.rstrip() for line in self._screen.display).rstrip().split("\n")

    def colour(self, text: str) -> str:
        """The colour of the first letter of that text, where it stands last."""
        row, line = next((row, line) for row, line in reversed([*enumerate(self._screen.display)]) if text in line)
        return str(self._screen.buffer[row][line.index(text)].fg)

    def type(self, keys: str) -> None:
        """Press these keys."""
        os.write(self._file, keys.encode())

    def shows(self, *lines: str) -> None:
        """Wait until the last lines are those."""
        end_s = time.monotonic() + PATIENCE_S
        while self.lines[-len(lines) :] != list(lines):
            self._read(end_s)

    def has(self, text: str) -> None:
        """Wait until that stands anywhere."""
        end_s = time.monotonic() + PATIENCE_S
        while text not in "\n".join(self.lines):
            self._read(end_s)

    def ends(self) -> int:
        """Wait until the program has ended; its exit code."""
        end_s = time.monotonic() + PATIENCE_S
        with suppress(OSError):
            while True:
                self._read(end_s)
        return self._program.wait(PATIENCE_S)

    def _read(self, end_s: float) -> None:
        if not select.select([self._file], [], [], max(end_s - time.monotonic(), 0.0))[0]:
            raise TimeoutError("The screen never showed it.")
        self._stream.feed(os.read(self._file, 4096))
