"""Which addresses of this machine carry, and when that changes: rtnetlink(7) wakes, then the kernel is asked anew."""

import asyncio
import logging
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from fcntl import ioctl
from types import TracebackType
from typing import Self

import ifaddr

RTMGRP_LINK, RTMGRP_IPV4_IFADDR, RTMGRP_IPV6_IFADDR = 0x1, 0x10, 0x100  # linux/rtnetlink.h
GROUPS = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR
SIOCGIFFLAGS, IFF_RUNNING = 0x8913, 0x40  # netdevice(7)
REQUEST = struct.Struct("16sH14x")
SETTLES_IN_S = 0.5  # a radio that changes from one access point to the next has no carrier for a moment
AT_ONCE = 65536  # bytes

logger = logging.getLogger(__name__)


class Network:
    """The addresses of this machine; an async context manager, before which, and where the kernel tells nothing, no
    address is missed.

    A new address is told at once, and one that is gone, or without a carrier, once it has been so for `SETTLES_IN_S`.
    """

    def __init__(self, find: Callable[[], frozenset[str]] | None = None) -> None:
        self._find = find or carrying
        self._addresses: frozenset[str] | None = None
        self._listeners: dict[object, Callable[[], None]] = {}
        self._socket: socket.socket | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        try:
            self._socket = _subscribed()
        except OSError as error:
            logger.info("network: a change of address is not noticed at once: %s", error)
        else:
            self._addresses = self._find()
            asyncio.get_running_loop().add_reader(self._socket, self._wake)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._settle()
        if self._socket:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()

    def lacks(self, address: str) -> bool:
        """Whether it is known that this is none of this machine's addresses, or one that does not carry; empty: no."""
        known = self._addresses
        return known is not None and address != "" and address.partition("%")[0] not in known

    def listen(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Have this called after each change; returns what ends that."""
        key = object()
        self._listeners[key] = changed

        def forget() -> None:
            self._listeners.pop(key, None)

        return forget

    def look(self) -> None:
        """Something of the network has changed: see what."""
        found, known = self._find(), self._addresses or frozenset()
        if found - known:
            self._take(found)
        elif found == known:
            self._settle()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SETTLES_IN_S, lambda: self._take(self._find()))

    def _wake(self) -> None:
        assert self._socket
        with suppress(OSError):  # where too many came at once, one is enough
            while self._socket.recv(AT_ONCE):
                pass
        self.look()

    def _take(self, found: frozenset[str]) -> None:
        self._settle()
        if found != self._addresses:
            self._addresses = found
            logger.info("network: %s", ", ".join(sorted(found)) or "no address")
            for changed in list(self._listeners.values()):
                changed()

    def _settle(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None


def carrying() -> frozenset[str]:
    """Return the addresses of the interfaces that are up and have a carrier."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        return frozenset(address for name, address in interface_addresses() if _is_running(asked, name))


def interface_addresses() -> list[tuple[str, str]]:
    """Return each interface's name with each of its addresses, IPv6 ones without their zone."""
    found = [(adapter.name, ip.ip) for adapter in ifaddr.get_adapters() for ip in adapter.ips]
    return [(name, ip if isinstance(ip, str) else ip[0]) for name, ip in found]


def _subscribed() -> socket.socket:
    made = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_NONBLOCK, socket.NETLINK_ROUTE)
    try:
        made.bind((0, GROUPS))
    except OSError:
        made.close()
        raise
    return made


def _is_running(asked: socket.socket, name: str) -> bool:
    try:
        flags = REQUEST.unpack(ioctl(asked, SIOCGIFFLAGS, REQUEST.pack(name.encode(), 0)))[1]
    except OSError:  # gone meanwhile
        return False
    return bool(flags & IFF_RUNNING)
