"""By which names and private addresses this machine is reached."""

import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from intercom.errors import SettingsError
from intercom.network import interface_addresses

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

PRIVATE: tuple[Network, ...] = tuple(
    map(
        ipaddress.ip_network,
        (
            "10.0.0.0/8",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "::1/128",
            "fc00::/7",
            "fe80::/10",
        ),
    )
)
NOTE = "address"
LOOPBACK = ("127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Names:
    """What a certificate of this machine vouches for, each in a steady order."""

    host: str
    dns: tuple[str, ...]
    addresses: tuple[Address, ...]


def own_names(more: Iterable[str]) -> Names:
    """Return localhost, the host's name with and without `.local`, its private addresses, and `more` of either."""
    host = socket.gethostname().split(".")[0].lower() or "localhost"
    return names(host, [*LOOPBACK, *(address for _, address in interface_addresses()), *more])


def names(host: str, words: Iterable[str]) -> Names:
    """Sort words into host names and addresses; an address that is not private is left out.  Raises SettingsError."""
    dns = {"localhost", host, f"{host}.local"}
    addresses: set[Address] = set()
    for word in words:
        try:
            address = ipaddress.ip_address(word)
        except ValueError:
            dns.add(_host_name(word))
            continue
        if any(address in network for network in PRIVATE):
            addresses.add(address)
    return Names(host, tuple(sorted(dns)), tuple(sorted(addresses, key=lambda each: (each.version, int(each)))))


def own_name() -> str:
    """Return the name by which other machines of the network find this one (RFC 6762)."""
    return f"{socket.gethostname().split('.')[0].lower()}.local"


def note(state: Path, address: str) -> None:
    """Leave word in the state folder where the exchange listens, as HOST:PORT."""
    (state / NOTE).write_text(address)


def noted(state: Path) -> str | None:
    """Return where the exchange of this state folder listens, or listened last."""
    path = state / NOTE
    return path.read_text() if path.exists() else None


def is_loopback(address: str) -> bool:
    """Whether an address or a host name, without port, is this machine's own."""
    try:
        return address == "localhost" or ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _host_name(word: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*", word):
        raise SettingsError(
            f"exchange.names: {word} is neither a host name nor an address.", "Write intercom.home.arpa."
        )
    return word.lower()
