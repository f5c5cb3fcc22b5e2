"""The way of our packets: straight into a UDP socket from whichever thread, or through the loop to a TURN server."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

Address = tuple[str, int]

EXPEDITED = 46 << 2  # DSCP EF (RFC 8837, audio), as the field of the IP header has it
FIELDS = {
    socket.AF_INET: (socket.IPPROTO_IP, socket.IP_TOS),
    socket.AF_INET6: (socket.IPPROTO_IPV6, socket.IPV6_TCLASS),
}


class Path(Protocol):
    """Neither method may be called while the other runs."""

    def send(self, packet: bytes) -> bool:
        """Return whether it left; from any thread, never waits."""

    def close(self) -> None:
        """Let go of it."""


class Direct:
    """A path from a socket of this machine, of which it has a copy: whoever made the socket may close it."""

    def __init__(self, made: socket.socket, address: Address) -> None:
        self._socket, self._address = made.dup(), address
        expedite(self._socket)

    def send(self, packet: bytes) -> bool:
        """Return whether the kernel took it: its buffer may be full, or its network away."""
        try:
            self._socket.sendto(packet, self._address)
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Close the copy."""
        self._socket.close()


class Relayed:
    """A path over a TURN server: aioice alone can wrap a packet for it, in the loop."""

    def __init__(self, sendto: Callable[[bytes, Address], None], address: Address) -> None:
        self._loop = asyncio.get_running_loop()
        self._sendto, self._address = sendto, address

    def send(self, packet: bytes) -> bool:
        """Hand it over; what becomes of it is not known."""
        self._loop.call_soon_threadsafe(self._sendto, packet, self._address)
        return True

    def close(self) -> None:
        """Nothing is held: aioice ignores what comes after its own end."""


def expedite(made: socket.socket) -> None:
    """Have routers prefer what this socket sends, where the system allows it."""
    with suppress(OSError):
        made.setsockopt(*FIELDS[made.family], EXPEDITED)
