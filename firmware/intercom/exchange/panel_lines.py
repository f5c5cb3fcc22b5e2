"""`/panel`: the sockets of stations that show their panel and of pages that watch, around `panels`."""

import logging
import time
from collections.abc import Iterable

from aiohttp import WSCloseCode, web

from intercom.errors import IntercomError, TokenError
from intercom.exchange import accounts, panels
from intercom.exchange.credentials import Credentials
from intercom.exchange.database import Store
from intercom.exchange.directory import Kind
from intercom.exchange.line import BEAT_S, STATION_BEAT_S, Line, Lines
from intercom.exchange.panels import Failed, Frame, Listen, Panels, Problem
from intercom.signaling.token import NOT_ALLOWED

logger = logging.getLogger(__name__)

BAD_REQUEST = 31400
KINDS = {"station": Kind.STATION, "page": Kind.PAGE}


class PanelLines:
    """Lines that are named by number towards the panels."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._panels = Panels()
        self._lines = Lines()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Carry one client's socket until it closes."""
        return await self._lines.serve(request, take=self._take, leave=self._leave)

    def tend(self, credentials: Credentials) -> None:
        """Cut off who was revoked.  To be called every second."""
        for line in self._lines.revoked(credentials):
            line.end(WSCloseCode.POLICY_VIOLATION)

    def end(self) -> None:
        """Close all lines."""
        self._lines.end()

    async def _take(self, line: Line, text: str) -> None:
        """Take one frame; only a failed sign-in ends the line."""
        try:
            frame = panels.decode(text)
            if not isinstance(frame, Listen):
                self._send(self._panels.receive(line.number, frame))
            elif line.is_stranger:
                await self._join(line, frame)
        except IntercomError as error:
            code = error.code if isinstance(error, TokenError) else BAD_REQUEST
            line.send(panels.encode(Failed(Problem(code, str(error)))))
            if line.is_stranger:
                logger.info("a client at %s was refused: %s", line.address, error.message)
                line.end(WSCloseCode.POLICY_VIOLATION)

    async def _leave(self, number: int) -> None:
        self._send(self._panels.leave(number))

    async def _join(self, line: Line, frame: Listen) -> None:
        credentials = await self._store.run(accounts.read)
        admission = credentials.admit(frame.token, now=time.time())
        if admission.kind is not KINDS[frame.role]:
            raise TokenError("This access token is not for that.", code=NOT_ALLOWED)
        line.welcome(admission.claims, beat_s=STATION_BEAT_S if admission.kind is Kind.STATION else BEAT_S)
        self._send(self._panels.join(line.number, admission.claims.identity, frame))

    def _send(self, frames: Iterable[tuple[int, Frame]]) -> None:
        for number, frame in frames:
            if line := self._lines.get(number):
                line.send(panels.encode(frame))
