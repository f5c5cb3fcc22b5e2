"""The cable between two ends in one process: it can be cut, for all or for one kind of packet."""

from collections.abc import Callable
from typing import Any

import aioice.ice
import pytest

from intercom.rtc.path import Direct
from intercom.rtc.rtp import is_rtp


class Cable:
    """Every datagram that aioice takes, or a path beside it, passes through it; `is_cut` loses all, `loses` some."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_cut = False
        self.loses: Callable[[bytes], bool] = lambda _: False
        arrives, sorts = aioice.ice.StunProtocol.datagram_received, Direct._sort

        def arrive(protocol: aioice.ice.StunProtocol, packet: bytes, address: tuple[Any, ...]) -> None:
            if not self.is_cut and not self.loses(packet):
                arrives(protocol, packet, address)

        def sort(path: Direct, packet: bytes, *rest: Any) -> None:
            if not is_rtp(packet) or (not self.is_cut and not self.loses(packet)):  # what is no RTP comes to `arrive`
                sorts(path, packet, *rest)

        monkeypatch.setattr(aioice.ice.StunProtocol, "datagram_received", arrive)
        monkeypatch.setattr(Direct, "_sort", sort)


def is_dtls(packet: bytes) -> bool:
    """Whether it is a packet of DTLS (RFC 7983)."""
    return 20 <= packet[0] <= 63
