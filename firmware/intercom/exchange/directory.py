"""Who is there: clients, identities, groups.  Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto


class Kind(StrEnum):
    """What a client is, as its token proves."""

    STATION = auto()
    PAGE = auto()
    FOREIGN = auto()


@dataclass(slots=True)
class Client:
    """One signalling socket whose token was taken; `expires_at` is in seconds of the switch's clock.

    `keep_s` is how long it wants its calls kept when its socket is lost, `beat_s` how often it gets a heartbeat.
    """

    id: int
    identity: str
    kind: Kind
    expires_at: float
    may_receive: bool = True
    may_call: bool = True
    sdk: str = ""
    keep_s: float = 0
    beat_s: float = 0
    is_registered: bool = False
    is_expired: bool = False

    @property
    def is_ours(self) -> bool:
        """Stations and our own pages: their SDP has candidates, and they take one call at a time."""
        return self.kind is not Kind.FOREIGN

    @property
    def is_v1(self) -> bool:
        """The SDK v1, in which a `ringing` frame rewrites the id of every call that it has."""
        return not self.is_ours and self.sdk.startswith("1.")

    @property
    def names_its_calls(self) -> bool:
        """The SDK v2 says on a new socket which calls it has, by their reconnect tokens."""
        return not self.is_ours and not self.is_v1


class Directory:
    """The clients that are connected, the identities that are known, the groups."""

    def __init__(self, groups: Mapping[str, Iterable[str]]) -> None:
        self.known: frozenset[str] = frozenset()
        self._groups = {name: frozenset(members) for name, members in groups.items()}
        self._clients: dict[int, Client] = {}

    def __iter__(self) -> Iterator[Client]:
        return iter(tuple(self._clients.values()))

    def __contains__(self, client_id: object) -> bool:
        return client_id in self._clients

    def get(self, client_id: int) -> Client | None:
        """Return the client of that number, if it is still here."""
        return self._clients.get(client_id)

    def add(self, client: Client) -> None:
        """Take in a client, or replace what is known about it."""
        self._clients[client.id] = client

    def remove(self, client_id: int) -> None:
        """Forget a client; idempotent."""
        self._clients.pop(client_id, None)

    def members(self, to: str) -> frozenset[str]:
        """Return the identities that an address reaches; empty for one that nobody has."""
        name = to.removeprefix("client:")
        if name in self._groups:
            return self._groups[name]
        return frozenset({name} & (self.known | {client.identity for client in self}))

    def registered(self, identities: Iterable[str]) -> list[Client]:
        """Return the clients of these identities that take calls, the oldest first."""
        wanted = frozenset(identities)
        return [client for client in self if client.identity in wanted and client.is_registered]
