"""Whether the far end is still heard on the network: long before ICE gives up, which takes 30 s."""

import asyncio
from collections.abc import Callable


class Liveness:
    """Tells `False` once a far end that was heard has sent nothing for `patience_s`, and `True` at first and when it is
    back.

    A far end that never sends, since it has no microphone, is not missed.
    """

    def __init__(self, tell: Callable[[bool], None], *, patience_s: float) -> None:
        self.heard_at: float | None = None
        self.is_missed = False
        self._tell, self._patience_s = tell, patience_s
        self._loop = asyncio.get_running_loop()
        self._is_waiting, self._is_over = True, False
        self._not_before_s = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def heard(self, at_s: float) -> None:
        """Note a sign of life, in any thread; costs next to nothing, as it comes with every packet."""
        if at_s < self._not_before_s:
            return
        self.heard_at = at_s
        if self._is_waiting:
            self._is_waiting = False
            self._loop.call_soon_threadsafe(self._come)

    def miss(self) -> None:
        """Miss a far end that was heard: nothing can arrive from now on by the way that it came."""
        if self._is_waiting:
            return
        self._not_before_s = self._loop.time()
        if self._timer:
            self._timer.cancel()
        self._lose()

    def stop(self) -> None:
        """Tell nothing more."""
        self._is_over = True
        if self._timer:
            self._timer.cancel()

    def _come(self) -> None:
        if not (self._is_over or self._is_waiting):
            self.is_missed = False
            self._watch()
            self._tell(True)

    def _watch(self) -> None:
        assert self.heard_at is not None
        self._timer = self._loop.call_at(self.heard_at + self._patience_s, self._check, self.heard_at)

    def _check(self, heard_at: float) -> None:
        if self.heard_at != heard_at:
            self._watch()
        else:
            self._lose()

    def _lose(self) -> None:
        self.is_missed = self._is_waiting = True
        self._tell(False)
