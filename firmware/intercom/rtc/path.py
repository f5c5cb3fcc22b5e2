"""The way of our packets: a UDP socket for whichever thread, or through the loop to a TURN server."""

import asyncio
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import Any, Protocol

from intercom.rtc.rtp import is_rtp

Address = tuple[str, int]
Notes = list[tuple[int, int, bytes]]
Take = Callable[[bytes, float], None]

EXPEDITED = 46 << 2  # DSCP EF (RFC 8837, audio), as the field of the IP header has it
FIELDS = {
    socket.AF_INET: (socket.IPPROTO_IP, socket.IP_TOS),
    socket.AF_INET6: (socket.IPPROTO_IPV6, socket.IPV6_TCLASS),
}
SO_TIMESTAMPNS = 35  # socket(7), which Python has no name for
STAMP = struct.Struct("@ll")
NOTES_BYTES = socket.CMSG_SPACE(STAMP.size)
MOST_BYTES = 2048  # of a packet
AT_ONCE = 25  # packets, so that nobody who floods us keeps a thread
AT_THE_END = 4096  # more than a socket's buffer holds
LONGEST_S = 1.0  # that a packet may have waited in the socket; else the clock was set meanwhile
PATIENCE_S = 1.0  # without a `fetch`, after which the loop reads


class Path(Protocol):
    """What `send` and `fetch` are called in may be any thread, one each at a time."""

    def send(self, packet: bytes) -> bool:
        """Return whether it left; never waits."""

    def fetch(self) -> None:
        """Have what has arrived taken in this thread, where that is possible; never waits."""

    def close(self) -> None:
        """Let go of it; in the loop, and not while another method runs."""


class Direct:
    """A path from the address of a socket of this machine: a socket beside it, which the kernel gives all that comes
    from the far end's address; whoever made the first one may close it.

    RTP is given to `media` with when it arrived (CLOCK_MONOTONIC), in the thread that calls `fetch`, or in the loop
    while none does; all else to `others` in the loop, with where it came from.
    """

    def __init__(
        self, made: socket.socket, address: Address, *, media: Take, others: Callable[[bytes, Any], None]
    ) -> None:
        self._media, self._others = media, others
        self._loop = asyncio.get_running_loop()
        self._reading = Lock()
        self._is_fetched, self._is_loops, self._is_closed = False, True, False
        self._timer: asyncio.TimerHandle | None = None
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket = socket.socket(made.family, socket.SOCK_DGRAM)
        try:
            self._open(made.getsockname(), address)
        except OSError:
            self._socket.close()
            raise
        self._loop.add_reader(self._socket, self._read)

    def send(self, packet: bytes) -> bool:
        """Return whether the kernel took it: its buffer may be full, or its network away."""
        try:
            self._socket.send(packet)
        except OSError:
            return False
        return True

    def fetch(self) -> None:
        """Have what has arrived taken in this thread; from the first call on the loop does not read."""
        self._is_fetched = True
        if self._is_loops:
            self._is_loops = False
            self._loop.call_soon_threadsafe(self._leave)
        if self._reading.acquire(blocking=False):
            try:
                self._take(self._hand_over)
            finally:
                self._reading.release()

    def close(self) -> None:
        """Take all that has arrived, and close the socket; idempotent."""
        with self._reading:
            if self._is_closed:
                return
            with suppress(OSError):  # nobody sends from there: what comes from now on is for whoever made the first one
                self._socket.connect(self._socket.getsockname())
            self._take(self._others, at_most=AT_THE_END)
            self._is_closed = True
            if self._timer:
                self._timer.cancel()
            self._loop.remove_reader(self._socket)
            self._socket.close()

    def _open(self, here: Address, there: Address) -> None:
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        expedite(self._socket)
        self._socket.bind(here)
        self._socket.connect(there)

    def _read(self) -> None:
        with self._reading:
            self._take(self._others)

    def _take(self, others: Callable[[bytes, Any], None], *, at_most: int = AT_ONCE) -> None:
        """Read what is there, at most so many packets."""
        for _ in range(0 if self._is_closed else at_most):
            try:
                packet, notes, _, sender = self._socket.recvmsg(MOST_BYTES, NOTES_BYTES)
            except BlockingIOError:
                return
            except OSError:  # of a packet that was sent
                continue
            self._sort(packet, notes, sender, others)

    def _sort(self, packet: bytes, notes: Notes, sender: Any, others: Callable[[bytes, Any], None]) -> None:
        if is_rtp(packet):
            self._media(packet, time.monotonic() - _waited_s(notes))
        else:
            others(packet, sender)

    def _hand_over(self, packet: bytes, sender: Any) -> None:
        self._loop.call_soon_threadsafe(self._others, packet, sender)

    def _leave(self) -> None:
        if not self._is_closed:
            self._loop.remove_reader(self._socket)
            self._timer = self._loop.call_later(PATIENCE_S, self._look)

    def _look(self) -> None:
        """Read again when nobody fetches any more."""
        if self._is_fetched:
            self._is_fetched = False
            self._timer = self._loop.call_later(PATIENCE_S, self._look)
        else:
            self._is_loops = True
            self._loop.add_reader(self._socket, self._read)


class Relayed:
    """A path over a TURN server: aioice alone can wrap a packet for it, in the loop, and takes what comes over it."""

    def __init__(self, sendto: Callable[[bytes, Address], None], address: Address) -> None:
        self._loop = asyncio.get_running_loop()
        self._sendto, self._address = sendto, address

    def send(self, packet: bytes) -> bool:
        """Hand it over; what becomes of it is not known."""
        self._loop.call_soon_threadsafe(self._sendto, packet, self._address)
        return True

    def fetch(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """Nothing is held: aioice ignores what comes after its own end."""


def expedite(made: socket.socket) -> None:
    """Have routers prefer what this socket sends, where the system allows it."""
    with suppress(OSError):
        made.setsockopt(*FIELDS[made.family], EXPEDITED)


def _waited_s(notes: Notes) -> float:
    """Return how long ago a packet arrived, as the kernel noted it; 0 where it did not."""
    for _, kind, stamp in notes:
        if kind == SO_TIMESTAMPNS:
            seconds, nanoseconds = STAMP.unpack(stamp)
            waited_s = time.time() - seconds - nanoseconds * 1e-9
            return waited_s if 0 < waited_s < LONGEST_S else 0.0
    return 0.0
