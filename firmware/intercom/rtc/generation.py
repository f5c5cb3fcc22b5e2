"""One generation of a call's ICE: a pair of credentials with its own sockets (RFC 8445 section 2.4, ICE restart).

Private names of aioice 0.13 that only this file touches: `Connection._check_list`, `_check_list_done`, `_nominated`,
`_nominating`, `_protocols`; `TurnTransport.__close_task`, `__inner_protocol`.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from intercom.rtc.addresses import LOOPBACK, offered
from intercom.rtc.lean import RETRY_RTO, Candidate, CandidatePair, Connection, Message, TransportPolicy
from intercom.rtc.path import Direct, Path, Relayed, Take, expedite
from intercom.rtc.servers import Servers

GATHER_S = 2
CLOSE_S = 0.5
KICK_S = 2.0
CLOSE_TASK, INNER = "_TurnTransport__close_task", "_TurnTransport__inner_protocol"
STALLED = {CandidatePair.State.IN_PROGRESS, CandidatePair.State.FAILED}


class Generation(Connection):
    """An aioice connection whose packets go to `received`, so that they need not be asked of the one that has them.

    It may be closed at any moment and leaves nothing behind.  `closed` is called when it has been, also by itself:
    a path over which the far end has answered no check for 30 s is given up (RFC 7675).  `moved` is called when
    another pair than before is selected.
    """

    def __init__(self, servers: Servers, *, loopback: bool) -> None:
        super().__init__(
            ice_controlling=False,
            stun_server=servers.stun,
            turn_server=servers.turn,
            turn_username=servers.username,
            turn_password=servers.credential,
            turn_ssl=servers.is_tls,
            turn_transport=servers.turn_transport,
            transport_policy=TransportPolicy.RELAY if servers.is_relay_only else TransportPolicy.ALL,
        )
        self.received: Take = lambda *_: None
        self.closed: Callable[[], None] = lambda: None
        self.moved: Callable[[], None] = lambda: None
        self._checked_at: dict[CandidatePair, float] = {}
        self._took_s: dict[CandidatePair, float] = {}
        self._loopback, self._is_relay_only = loopback, servers.is_relay_only
        self._is_closed = False
        self._connecting = asyncio.Lock()
        self._gathering: asyncio.Task[None] | None = None

    @property
    def has_address(self) -> bool:
        """Whether a candidate is there that can be of use; on a machine without network there is none."""
        return self._loopback or any(candidate.host != LOOPBACK for candidate in self.local_candidates)

    @property
    def selected(self) -> tuple[Candidate, Candidate] | None:
        """The candidates, ours and the far end's, between which packets travel; None while there is no path."""
        pair = self._nominated.get(1)
        return (pair.local_candidate, pair.remote_candidate) if pair else None

    @property
    def address(self) -> str:
        """This machine's address that the selected pair goes by; empty without one, and over a TURN server."""
        pair = self._nominated.get(1)
        made = pair.protocol.transport.get_extra_info("socket") if pair else None
        return str(made.getsockname()[0]) if made else ""

    def path(self) -> Path | None:
        """Return a new way into the selected pair, for packets of any thread; its user closes it.  None: no path."""
        pair = self._nominated.get(1)
        if pair is None:
            return None
        transport = pair.protocol.transport
        if made := transport.get_extra_info("socket"):
            with suppress(OSError):  # closed by the system
                return Direct(made, pair.remote_addr, media=self.received, others=pair.protocol.datagram_received)
            return None
        expedite(getattr(transport, INNER).transport.get_extra_info("socket"))
        return Relayed(transport.sendto, pair.remote_addr)

    @property
    def rtt_s(self) -> float | None:
        """How long the path's check took; None where its answer may be to one that was sent again."""
        pair = self._nominated.get(1)
        took_s = self._took_s.get(pair) if pair else None
        return took_s if took_s and took_s < RETRY_RTO else None

    def begin(self) -> None:
        """Begin to gather, once."""
        if self._gathering is None:
            self._gathering = asyncio.create_task(super().gather_candidates())

    async def gather_candidates(self) -> None:
        """Wait until everything has been gathered; whoever waits may be cancelled, the gathering itself goes on."""
        self.begin()
        assert self._gathering
        await asyncio.shield(self._gathering)

    async def get_component_candidates(
        self,
        component: int,
        addresses: list[str],
        timeout: int = 0,  # noqa: ARG002, ASYNC109
    ) -> list[Candidate]:
        """Gather on these addresses, and 127.0.0.1 where it is needed; servers have `GATHER_S` to answer."""
        hosts = [] if self._is_relay_only else offered(addresses, loopback=self._loopback)
        return await super().get_component_candidates(component, hosts, GATHER_S)

    def build_request(self, pair: CandidatePair, nominate: bool) -> Message:
        """Make a check, and note when."""
        self._checked_at[pair] = asyncio.get_running_loop().time()
        return super().build_request(pair, nominate)

    def check_state(self, pair: CandidatePair, state: CandidatePair.State) -> None:
        """Take the news of a pair."""
        if state is CandidatePair.State.SUCCEEDED:
            self._took_s[pair] = asyncio.get_running_loop().time() - self._checked_at[pair]
        super().check_state(pair, state)

    def check_complete(self, pair: CandidatePair) -> None:
        """Take the end of a check, which may have selected its pair."""
        before = self._nominated.get(1)
        super().check_complete(pair)
        if before not in (None, self._nominated.get(1)):
            self.moved()

    def data_received(self, data: bytes, component: int) -> None:  # noqa: ARG002
        """Take a packet that is not ICE's own."""
        self.received(data, asyncio.get_running_loop().time())

    async def connect(self) -> None:
        """Find a path; raises ConnectionError once it has been closed.  Never fails by itself."""
        async with self._connecting:
            kicking = asyncio.create_task(self._kick())
            try:
                await super().connect()
            finally:
                kicking.cancel()
            if self._is_closed:  # aioice would ask for consent for ever, where checks had just succeeded
                await super().close()
                raise ConnectionError("closed")

    async def close(self) -> None:
        """Close it; idempotent.  A TURN server out of reach is told no more than `CLOSE_S` that we have gone."""
        is_first, self._is_closed = not self._is_closed, True
        if self._gathering:
            await asyncio.wait([self._gathering])
        closing = asyncio.create_task(super().close())
        await asyncio.wait([closing], timeout=CLOSE_S)
        while not closing.done():
            for protocol in self._protocols:
                if task := getattr(protocol.transport, CLOSE_TASK, None):
                    task.cancel()
            await asyncio.wait([closing], timeout=CLOSE_S)
        async with self._connecting:
            pass
        if is_first:
            self.closed()

    async def _kick(self) -> None:
        """Begin stalled checks anew from time to time, for when the path comes back.

        aioice doubles the wait between two tries, up to 32 s, and a check of the far end does not shorten it.
        """
        while True:
            await asyncio.sleep(KICK_S)
            for pair in [] if self._check_list_done else self._check_list:
                if pair.state in STALLED:
                    if pair.task:
                        pair.task.cancel()
                    pair.task = None
                    self._nominating.discard(pair.component)
                    self.check_state(pair, CandidatePair.State.WAITING)
