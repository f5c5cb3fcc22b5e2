"""The one thread that waits on every input line."""

import logging
import os
import select
import threading
from collections.abc import Callable

logger = logging.getLogger(__name__)


class Reader:
    """Calls `read` of a file descriptor, in its thread, whenever that can be read; the thread starts with the first.

    A `read` that raises OSError is called no more.
    """

    def __init__(self) -> None:
        self._reads: dict[int, Callable[[], None]] = {}
        self._lock = threading.RLock()
        self._epoll = select.epoll()
        self._end = os.eventfd(0)
        self._epoll.register(self._end, select.EPOLLIN)
        self._thread = threading.Thread(target=self._run, name="pins", daemon=True)

    def watch(self, fd: int, read: Callable[[], None]) -> None:
        """Begin to call `read`."""
        with self._lock:
            self._reads[fd] = read
            self._epoll.register(fd, select.EPOLLIN)
            if not self._thread.is_alive():
                self._thread.start()

    def forget(self, fd: int) -> None:
        """Call it no more, also not from a wake-up under way."""
        with self._lock:
            if self._reads.pop(fd, None):
                self._epoll.unregister(fd)

    def close(self) -> None:
        """End the thread."""
        if self._thread.is_alive():
            os.eventfd_write(self._end, 1)
            self._thread.join()
        self._epoll.close()
        os.close(self._end)

    def _run(self) -> None:
        while True:
            for fd, _ in self._epoll.poll():
                if fd == self._end:
                    return
                with self._lock:
                    self._call(fd)

    def _call(self, fd: int) -> None:
        if fd not in self._reads:
            return
        try:
            self._reads[fd]()
        except OSError as error:
            logger.warning("a pin can't be read any more: %s", error)
            self.forget(fd)
