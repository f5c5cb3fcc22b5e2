"""A bar that tells how much of something has gone over the line; nothing where nobody watches."""

import sys
import time
from collections.abc import Callable
from typing import TextIO

OnProgress = Callable[[int, int], None]  # bytes that are over, and of how many

_WIDTH = 30


def unseen(done: int, whole: int) -> None:
    """Tell nobody."""


def bar(done: int, whole: int, *, after_s: float) -> str:
    """One line: share, bytes, and how long it will still take."""
    share = done / whole if whole else 1.0
    filled = round(share * _WIDTH)
    left_s = after_s * (whole - done) / done if done else 0.0
    left = f", {left_s:.0f} s left" if left_s else ""
    return f"[{'#' * filled}{'.' * (_WIDTH - filled)}] {share:4.0%}  {done} of {whole} bytes{left}"


class Progress:
    """Shows the bar on a terminal, anew on the same line, which leaving it ends."""

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        self._stream = stream
        self._began_s = time.monotonic()
        self._is_shown = False

    def show(self, done: int, whole: int) -> None:
        """Draw it."""
        if self._stream.isatty():
            self._stream.write(f"\r{bar(done, whole, after_s=time.monotonic() - self._began_s)}\x1b[K")
            self._stream.flush()
            self._is_shown = True

    def close(self) -> None:
        """End its line, if there is one."""
        if self._is_shown:
            self._stream.write("\n")
            self._is_shown = False


class Sum:
    """The progress of many as one; `of` gives each its own.  For threads."""

    def __init__(self, tell: OnProgress) -> None:
        self._tell = tell
        self._each: dict[str, tuple[int, int]] = {}

    def of(self, name: str) -> OnProgress:
        """That of one of them."""

        def note(done: int, whole: int) -> None:
            self._each = {**self._each, name: (done, whole)}
            self._tell(sum(done for done, _ in self._each.values()), sum(whole for _, whole in self._each.values()))

        return note
