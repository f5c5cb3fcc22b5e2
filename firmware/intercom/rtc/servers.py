"""Which STUN and TURN server a call uses: aioice takes one of each."""

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from intercom.call.ports import IceServer
from intercom.errors import UsageError

logger = logging.getLogger(__name__)

Address = tuple[str, int]

# Scheme: port and transport where the URI names none; None: it can't name one (RFC 7064, RFC 7065).
DEFAULTS = {"stun": (3478, None), "stuns": (5349, None), "turn": (3478, "udp"), "turns": (5349, "tcp")}

_URI = re.compile(r"(stuns?|turns?):([^?:]+)(?::([0-9]{1,5}))?(?:\?transport=(\w+))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Servers:
    """What aioice is given; with `is_relay_only` it names no address but that of the TURN server."""

    stun: Address | None = None
    turn: Address | None = None
    turn_transport: str = "udp"
    is_tls: bool = False
    username: str | None = None
    credential: str | None = None
    is_relay_only: bool = False


@dataclass(frozen=True, slots=True)
class _Uri:
    """One URI, read, and the server that it is of."""

    text: str
    scheme: str
    address: Address
    transport: str | None
    server: IceServer


def choose(servers: Sequence[IceServer], *, relay_only: bool = False) -> Servers:
    """Return the first STUN and the first TURN server that can be used; the log names those that are left out.

    Raises UsageError for a URI that is none.  Not used are `stuns:`, and `turns:` over UDP.
    """
    uris = [uri for server in servers for uri in _uris(server)]
    stun = next((uri for uri in uris if uri.scheme == "stun"), None)
    turn = next((uri for uri in uris if _is_usable_turn(uri)), None)
    if unused := [uri.text for uri in uris if uri not in (stun, turn)]:
        logger.warning("one STUN and one TURN server is used for a call; not used: %s", ", ".join(unused))
    if turn is None:
        return Servers(stun=stun.address if stun else None, is_relay_only=relay_only)
    return Servers(
        stun=stun.address if stun else None,
        turn=turn.address,
        turn_transport=turn.transport or "udp",
        is_tls=turn.scheme == "turns",
        username=turn.server.username,
        credential=turn.server.credential,
        is_relay_only=relay_only,
    )


def _is_usable_turn(uri: _Uri) -> bool:
    return (uri.scheme, uri.transport) in {("turn", "udp"), ("turn", "tcp"), ("turns", "tcp")}


def _uris(server: IceServer) -> Iterator[_Uri]:
    for text in server.urls:
        match = _URI.fullmatch(text)
        if match is None or (match[4] and not DEFAULTS[match[1]][1]):
            message = "The address of an ICE server can't be read."
            raise UsageError(message, "Write it as stun:HOST:PORT, turn:HOST:PORT or turns:HOST:PORT.")
        port, transport = DEFAULTS[match[1]]
        yield _Uri(text, match[1], (match[2], int(match[3] or port)), match[4] or transport, server)
