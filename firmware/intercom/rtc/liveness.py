"""Whether the far end is still heard on the network: long before ICE gives up, which takes 30 s."""

import asyncio
from collections.abc import Callable


class Liveness:
    """Tells `False` once a far end that was heard has sent nothing for `patience_s`, and `True` when it is back.

    A far end that never sends, since it has no microphone, is not missed.
    """

    def __init__(self, tell: Callable[[bool], None], *, patience_s: float) -> None:
        self.heard_at: float | None = None
        self.is_missed = False
        self._tell, self._patience_s = tell, patience_s
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None

    def heard(self) -> None:
        """Note a sign of life; costs next to nothing, as it comes with every packet."""
        self.heard_at = self._loop.time()
        if self.is_missed:
            self.is_missed = False
            self._tell(True)
        if self._timer is None:
            self._timer = self._loop.call_later(self._patience_s, self._check, self.heard_at)

    def stop(self) -> None:
        """Tell nothing more."""
        if self._timer:
            self._timer.cancel()

    def _check(self, heard_at: float) -> None:
        assert self.heard_at is not None
        if self.heard_at > heard_at:
            self._timer = self._loop.call_at(self.heard_at + self._patience_s, self._check, self.heard_at)
        else:
            self._timer = None
            self.is_missed = True
            self._tell(False)
