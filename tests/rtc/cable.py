"""The cable between two ends in one process: it can be cut, for all or for one kind of packet."""

from collections.abc import Callable
from typing import Any

import aioice.ice
import pytest


class Cable:
    """Every datagram that aioice takes passes through it; `is_cut` loses all, `loses` some."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_cut = False
        self.loses: Callable[[bytes], bool] = lambda _: False
        arrives = aioice.ice.StunProtocol.datagram_received

        def arrive(protocol: aioice.ice.StunProtocol, packet: bytes, address: tuple[Any, ...]) -> None:
            if not self.is_cut and not self.loses(packet):
                arrives(protocol, packet, address)

        monkeypatch.setattr(aioice.ice.StunProtocol, "datagram_received", arrive)


def is_dtls(packet: bytes) -> bool:
    """Whether it is a packet of DTLS (RFC 7983)."""
    return 20 <= packet[0] <= 63
