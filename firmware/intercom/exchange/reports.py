"""`/v4/EndpointEvents` and `/v4/EndpointMetrics`: what phones report of their calls (Voice JS SDK v1, EventPublisher).

The SDK's pages come from elsewhere, so both answer a browser's preflight (Fetch standard, CORS protocol).
"""

import asyncio
import time
from collections import defaultdict
from functools import partial

from aiohttp import hdrs, web

from intercom.errors import IntercomError, RemoteProtocolError, TokenError
from intercom.exchange import accounts, archive, filing, ledger
from intercom.exchange.allowance import Allowance
from intercom.exchange.database import Store

READERS = {"/v4/EndpointEvents": filing.event, "/v4/EndpointMetrics": filing.metrics}
TOKEN = "X-Twilio-Token"
ANY_ORIGIN = {hdrs.ACCESS_CONTROL_ALLOW_ORIGIN: "*"}
PREFLIGHT = {
    **ANY_ORIGIN,
    hdrs.ACCESS_CONTROL_ALLOW_METHODS: "POST",
    hdrs.ACCESS_CONTROL_ALLOW_HEADERS: f"content-type,{TOKEN.lower()}",
    hdrs.ACCESS_CONTROL_MAX_AGE: "7200",
}
BODY_S = 10.0
PER_S = 20.0
AT_ONCE = 60.0  # a call begins with some thirty
PRUNE_BYTES = 1_000_000
PRUNE_S = 3_600.0


class Reports:
    """Takes reports from whoever may sign in, as `listen` does; `taken` and `refused` count them."""

    def __init__(self, store: Store) -> None:
        self.taken = self.refused = 0
        self._store = store
        self._allowances: defaultdict[str, Allowance] = defaultdict(partial(Allowance, PER_S, at_once=AT_ONCE))
        self._clock = asyncio.get_running_loop().time
        self._unpruned_bytes, self._prune_at = 0, self._clock()

    def routes(self) -> list[web.RouteDef]:
        """Serve both paths."""
        return [route for path in READERS for route in (web.options(path, _preflight), web.post(path, self._post))]

    async def tend(self) -> None:
        """Forget what is too old or too much.  To be called every second."""
        if self._unpruned_bytes > PRUNE_BYTES or self._clock() >= self._prune_at:
            self._unpruned_bytes, self._prune_at = 0, self._clock() + PRUNE_S
            await self._store.run(ledger.prune, time.time())
            await self._store.run(archive.prune, time.time())

    async def _post(self, request: web.Request) -> web.Response:
        try:
            await self._take(request)
        except web.HTTPException as refusal:
            self.refused += 1
            refusal.headers.update(ANY_ORIGIN)
            raise
        self.taken += 1
        return web.Response(headers=ANY_ORIGIN)

    async def _take(self, request: web.Request) -> None:
        try:
            identity = await self._identity(request)
            body = await self._body(request, identity)
            filed = READERS[request.path](body)
            await self._store.run(archive.add, identity, filed, body.decode(errors="replace"), at=time.time())
        except TokenError as error:
            raise web.HTTPUnauthorized(text=error.message) from error
        except RemoteProtocolError as error:
            raise web.HTTPBadRequest(text=error.message) from error
        except IntercomError as error:
            raise web.HTTPServiceUnavailable(text=error.message) from error
        self._unpruned_bytes += len(body)

    async def _identity(self, request: web.Request) -> str:
        credentials = await self._store.run(accounts.read)
        return credentials.admit(request.headers.get(TOKEN, ""), now=time.time()).claims.identity

    async def _body(self, request: web.Request, identity: str) -> bytes:
        if not self._allowances[identity].take(self._clock()):
            raise web.HTTPTooManyRequests(text=f"More than {PER_S:.0f} reports a second are not taken.")
        try:
            async with asyncio.timeout(BODY_S):
                return await request.read()
        except TimeoutError as error:
            raise web.HTTPRequestTimeout(text="The report came too slowly.") from error
        except ConnectionError as error:
            raise web.HTTPBadRequest(text="The report broke off.") from error


async def _preflight(_request: web.Request) -> web.Response:
    return web.Response(status=204, headers=PREFLIGHT)
