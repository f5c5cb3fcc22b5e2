"""The street: the machines of the tests, each in a network namespace, and a router between them.

Every machine has a network of its own to the router; stations have two, Wi-Fi and Ethernet, one at a time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from tests.net.netns import Namespaces

WIFI, ETHERNET = "wlan0", "eth0"
EXCHANGE, BROWSER = "exchange", "browser"
STATIONS = ("hall", "kitchen", "yard", "attic")
ROUTER = "router"
CUT = "pref 100"


@dataclass(frozen=True)
class Link:
    """A machine's network interface and the network that it shares with the router."""

    host: str
    device: str
    number: int

    @property
    def network(self) -> str:
        return f"10.77.{self.number}.0/24"

    @property
    def gateway(self) -> str:
        return f"10.77.{self.number}.1"

    @property
    def address(self) -> str:
        return f"10.77.{self.number}.2"

    @property
    def port(self) -> str:
        """The router's end."""
        return f"{self.host}-{self.device}"


def _links() -> Iterator[Link]:
    pairs = [(EXCHANGE, ETHERNET), (BROWSER, ETHERNET), *product(STATIONS, (WIFI, ETHERNET))]
    for number, (host, device) in enumerate(pairs, start=1):
        yield Link(host, device, number)


LINKS = {(link.host, link.device): link for link in _links()}


class Street:
    """Stations begin on Wi-Fi; a context manager.  Raises NoNamespacesError."""

    def __init__(self) -> None:
        self._namespaces = Namespaces(ROUTER, EXCHANGE, BROWSER, *STATIONS)
        self._cuts: list[str] = []
        self._online = {host: WIFI if host in STATIONS else ETHERNET for host in (EXCHANGE, BROWSER, *STATIONS)}
        self.within, self.run = self._namespaces.within, self._namespaces.run

    def __enter__(self) -> "Street":
        self._namespaces.__enter__()
        self._build()
        return self

    def __exit__(self, *_: object) -> None:
        self._namespaces.__exit__()

    @property
    def holder(self) -> int:
        """The process whose end is that of the street."""
        return self._namespaces.holder

    def address(self, host: str) -> str:
        """Return a machine's address of now."""
        return LINKS[host, self._online[host]].address

    def cut(self, *pairs: tuple[str, str]) -> None:
        """Let the router drop, without a word, what each pair of machines sends to one another."""
        ends = [
            (one.network, other.network)
            for here, there in pairs
            for one, other in product(_links_of(here), _links_of(there))
        ]
        cuts = [f"{CUT} from {a} to {b} blackhole" for one, other in ends for a, b in ((one, other), (other, one))]
        self._namespaces.ip(ROUTER, *(f"rule add {each}" for each in cuts))
        self._cuts += cuts

    def mend(self) -> None:
        """Let everything pass again."""
        self._namespaces.ip(ROUTER, *(f"rule del {each}" for each in self._cuts))
        self._cuts.clear()

    def unplug(self, host: str) -> None:
        """Take away the carrier of a machine's network."""
        self._namespaces.ip(ROUTER, f"link set {LINKS[host, self._online[host]].port} down")

    def plug(self, host: str) -> None:
        """Give it back."""
        self._namespaces.ip(ROUTER, f"link set {LINKS[host, self._online[host]].port} up")

    def move(self, host: str, device: str) -> None:
        """Unplug a station from the one network and plug it into the other: another address from now on."""
        old, new = LINKS[host, self._online[host]], LINKS[host, device]
        down = (f"addr flush dev {old.device}", f"link set {old.device} down")
        self._namespaces.ip(host, *down, *_up(new))
        self._online[host] = device

    def _build(self) -> None:
        self._namespaces.run(ROUTER, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")
        self._namespaces.ip(ROUTER, *(line for link in LINKS.values() for line in _plug(link)))
        for host, device in self._online.items():
            self._namespaces.ip(host, "link set lo up", *_up(LINKS[host, device]))


def _links_of(host: str) -> list[Link]:
    return [link for link in LINKS.values() if link.host == host]


def _plug(link: Link) -> tuple[str, ...]:
    return (
        f"link add {link.port} type veth peer name {link.device} netns {link.host}",
        f"addr add {link.gateway}/24 dev {link.port}",
        f"link set {link.port} up",
    )


def _up(link: Link) -> tuple[str, ...]:
    return (
        f"addr add {link.address}/24 dev {link.device}",
        f"link set {link.device} up",
        f"route add default via {link.gateway} dev {link.device}",
    )
