"""One DTLS association and the SRTP that it keys (RFC 5764), by aiortc.

Private names of aiortc 1.16 that only this file touches: `RTCDtlsTransport._set_role`, `_rx_srtp`, `_tx_srtp`; and of
its ICE transport it uses `_recv` and `_send` alone, once its role is set.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from threading import Lock
from typing import Any, cast

import pylibsrtp

from intercom.rtc.lean import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport
from intercom.rtc.path import Take
from intercom.rtc.rtp import is_rtcp

ROLES = {"active": "client", "passive": "server"}
MOST_WAITING = 256
SHORTEST = 12  # no RTP and no DTLS has fewer bytes


class Dtls:
    """`send` is given its own packets, `opened` what the far end's SRTP packets held and when they
    came, one at a time, in the thread that took them from the network, `changed` each new state.

    States are those of the W3C's RTCDtlsTransportState.  `refused` counts packets that are forged, or were seen before.
    """

    def __init__(
        self,
        certificate: RTCCertificate,
        *,
        send: Callable[[bytes], Awaitable[None]],
        opened: Take,
        changed: Callable[[str], None],
    ) -> None:
        self.refused = 0
        self._opened = opened
        self._opening = Lock()
        self._waiting: deque[tuple[bytes, float]] = deque(maxlen=MOST_WAITING)
        self._arrived = asyncio.Event()
        self._is_over = False
        self._transport = RTCDtlsTransport(cast(Any, _Ice(self._next, send)), [certificate])
        self._transport.on("statechange", lambda: changed(self.state))

    @property
    def state(self) -> str:
        """`new`, `connecting`, `connected`, `closed` or `failed`."""
        return self._transport.state

    async def start(self, *, setup: str, fingerprints: Iterable[str]) -> None:
        """Shake hands in the role that our SDP names, with whom the far end's SDP names; ends in whatever state."""
        self._transport._set_role(ROLES[setup])  # noqa: SLF001
        theirs = [RTCDtlsFingerprint(*each.split(" ")) for each in fingerprints]
        await self._transport.start(RTCDtlsParameters(fingerprints=theirs))

    @property
    def has_keys(self) -> bool:
        """Whether SRTP can be opened."""
        return self._transport._rx_srtp is not None  # noqa: SLF001

    def received(self, packet: bytes, at_s: float) -> None:
        """Take a packet that the network brought at that time, whatever it is.

        In the loop; what is RTP and comes when there are keys: in any thread.
        """
        if len(packet) < SHORTEST:
            return
        if packet[0] >> 6 == 2 and self.has_keys:
            self._open(packet, at_s)
        else:
            self._waiting.append((packet, at_s))
            self._arrived.set()

    def protect(self, packet: bytes) -> bytes | None:
        """Return RTP or RTCP as it travels; None where nothing may be sent.  One thread at a time, whichever."""
        session = self._transport._tx_srtp  # noqa: SLF001
        if session is None:
            return None
        try:
            return session.protect_rtcp(packet) if is_rtcp(packet) else session.protect(packet)
        except pylibsrtp.Error:
            return None

    async def stop(self) -> None:
        """Tell the far end, and end; a handshake under way fails."""
        await self._transport.stop()
        self._is_over = True
        self._arrived.set()

    def _open(self, packet: bytes, at_s: float) -> None:
        session = self._transport._rx_srtp  # noqa: SLF001
        with self._opening:
            try:
                clear = session.unprotect_rtcp(packet) if is_rtcp(packet) else session.unprotect(packet)
            except (pylibsrtp.Error, ValueError):  # ValueError: longer than any packet of SRTP
                self.refused += 1
            else:
                self._opened(clear, at_s)

    async def _next(self) -> bytes:
        """Return the next packet of DTLS; SRTP that came before its keys is opened in its turn, or lost."""
        while True:
            while not self._waiting and not self._is_over:
                self._arrived.clear()
                await self._arrived.wait()
            if self._is_over:
                raise ConnectionError("closed")
            packet, at_s = self._waiting.popleft()
            if packet[0] >> 6 != 2:
                return packet
            if self.has_keys:
                self._open(packet, at_s)


class _Ice:
    """What `RTCDtlsTransport` asks of an ICE transport."""

    def __init__(self, recv: Callable[[], Awaitable[bytes]], send: Callable[[bytes], Awaitable[None]]) -> None:
        self._recv, self._send = recv, send
