"""The Node program that drives Chromium: orders and answers as JSON lines over its pipes."""

import asyncio
import itertools
import json
import subprocess
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


class BrowserError(AssertionError):
    """What the browser was told to do did not happen."""


class Driver:
    """Runs `driver.mjs`; a context manager.  `do` may be awaited in any event loop, so one browser serves all tests.

    `within` are words that run the command after them somewhere else, such as in a network namespace.
    """

    def __init__(self, within: Sequence[str] = ()) -> None:
        self._within = within
        self._ids = itertools.count(1)
        self._pending: dict[int, Future[Any]] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> "Driver":
        self._process = subprocess.Popen(
            [*self._within, "node", "driver.mjs"], cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._reader = threading.Thread(target=self._read, name="browser driver")
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._reader.join()

    async def do(self, verb: str, **arguments: Any) -> Any:
        """Give an order and return its value; raises BrowserError."""
        return await asyncio.wrap_future(self.order(verb, **arguments))

    def order(self, verb: str, **arguments: Any) -> "Future[Any]":
        """Give an order; its value comes in the future."""
        future: Future[Any] = Future()
        with self._lock:
            number = next(self._ids)
            self._pending[number] = future
            assert self._process.stdin
            print(json.dumps({"id": number, "do": verb, **arguments}), file=self._process.stdin, flush=True)
        return future

    def _read(self) -> None:
        assert self._process.stdout
        with self._process.stdout as lines:
            for line in lines:
                self._resolve(json.loads(line))
        for future in self._pending.values():
            future.set_exception(BrowserError("The browser's driver has ended; see what it printed above."))

    def _resolve(self, reply: dict[str, Any]) -> None:
        future = self._pending.pop(reply["id"])
        if future.cancelled():
            return
        if "error" in reply:
            future.set_exception(BrowserError(reply["error"]))
        else:
            future.set_result(reply["value"])
