"""How long the far end's sound waits here between its arrival and the playout buffer: measured packet by packet."""

WEIGHT = 1 / 16
MOST_ARRIVALS = 64


class Transit:
    """`ms` is smoothed as RFC 3550 smoothes jitter; None while not one packet was followed all the way.

    aiortc counts a frame's time from its first packet, so the oldest packet known when the first frame comes out is
    taken for that one; where aiortc dropped it, `ms` is too long by as much as a packet.
    """

    def __init__(self) -> None:
        self.ms: float | None = None
        self._arrivals: dict[int, float] = {}
        self._origin: int | None = None

    def arrived(self, timestamp: int, *, at_s: float) -> None:
        """Note a packet by its RTP timestamp."""
        self._arrivals.setdefault(timestamp, at_s)
        if len(self._arrivals) > MOST_ARRIVALS:
            del self._arrivals[next(iter(self._arrivals))]

    def begin(self) -> None:
        """Forget what is under way: another track, whose time begins anew."""
        self._arrivals.clear()
        self._origin = None

    def decoded(self, time: int | None, *, at_s: float) -> None:
        """Note a frame by its time, in ticks since the first one's."""
        if time is None or not self._arrivals:
            return
        if self._origin is None:
            self._origin = next(iter(self._arrivals)) - time
        arrived_s = self._arrivals.get((self._origin + time) % (1 << 32))
        if arrived_s is not None:
            waited_ms = (at_s - arrived_s) * 1000
            self.ms = waited_ms if self.ms is None else self.ms + WEIGHT * (waited_ms - self.ms)
