"""The exchange: one HTTPS port for the page, its sign-in, `/signal` and `/panel`."""

import asyncio
import logging
from collections.abc import Iterable
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from intercom.errors import IntercomError
from intercom.exchange import accounts, addresses, history, pulse, site, sockets
from intercom.exchange.database import Store
from intercom.exchange.directory import Directory
from intercom.exchange.panel_lines import PanelLines
from intercom.exchange.people import People
from intercom.exchange.reports import Reports
from intercom.exchange.signal_lines import SignalLines, new_id
from intercom.exchange.switch import Switch
from intercom.exchange.tls import Tls
from intercom.settings import schema
from intercom.vital import vital

logger = logging.getLogger(__name__)

TEND_S = 1.0
RENEW_S = 60.0
BODY_BYTES = 65_536
SHUTDOWN_S = 3.0


class Exchange:
    """An async context manager that listens while it is entered.

    With `page_identity` (the demo) it listens on loopback only, and signs this machine's browsers in as that.
    `port` replaces the one of the settings; 0 takes a free one.
    """

    def __init__(
        self, settings: schema.Exchange, state: Path, *, page_identity: str | None = None, port: int | None = None
    ) -> None:
        self._settings, self._state, self._page_identity = settings, state, page_identity
        self._wanted_port = settings.port if port is None else port
        self._parts = AsyncExitStack()
        self.port = 0

    @property
    def url(self) -> str:
        """The address of the page on this machine."""
        return f"https://localhost:{self.port}/"

    async def __aenter__(self) -> Self:
        """Listen; raises PortInUseError, SettingsError, RefusedError, or IntercomError where the state is of no use."""
        async with AsyncExitStack() as parts:
            await self._start(parts)
            self._parts = parts.pop_all()
        logger.info("the exchange listens at port %d", self.port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._parts.aclose()

    async def _start(self, parts: AsyncExitStack) -> None:
        store = Store(self._state)
        parts.push_async_callback(store.close)
        if self._page_identity:
            await store.run(accounts.introduce, self._page_identity)
        switch = Switch(Directory(self._settings.groups), no_answer_s=self._settings.no_answer_s, new_id=new_id)
        signal, panels, reports = SignalLines(store, switch), PanelLines(store), Reports(store)
        await signal.restore()
        tls = Tls(self._settings, self._state)
        await asyncio.to_thread(tls.load)
        people = People(self._state, self._page_identity)
        routes = [
            web.get("/signal", signal.serve), web.get("/panel", panels.serve), *reports.routes(), *people.routes(),
            *history.routes(store, people, self._settings.groups), *site.routes(), *tls.routes(),
            *pulse.routes(switch, reports, token=self._settings.metrics_token),
        ]  # fmt: skip
        await self._listen(parts, _application(routes), tls)
        chores = {
            "the exchange's tending": _tend(store, signal, panels, reports),
            "the certificate's renewal": _renew(tls),
        }
        for name, chore in chores.items():
            parts.push_async_callback(_stop, vital(chore, name=name))
        for lines in (signal, panels):
            parts.callback(lines.end)

    async def _listen(self, parts: AsyncExitStack, application: web.Application, tls: Tls) -> None:
        host = "localhost" if self._page_identity else self._settings.host
        listening = sockets.listen(host, self._wanted_port)
        for each in listening:
            parts.callback(each.close)
        self.port = listening[0].getsockname()[1]
        addresses.note(self._state, f"{host if self._page_identity else addresses.own_name()}:{self.port}")
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=SHUTDOWN_S)
        parts.push_async_callback(_hang_up, runner)
        await runner.setup()
        for each in listening:
            await web.SockSite(runner, each, ssl_context=tls.context).start()


def _application(routes: Iterable[web.RouteDef]) -> web.Application:
    application = web.Application(client_max_size=BODY_BYTES)
    application.on_response_prepare.append(site.add_headers)
    application.add_routes(routes)
    return application


async def _tend(store: Store, signal: SignalLines, panels: PanelLines, reports: Reports) -> None:
    """Run the timers, and see to it that who is revoked is cut off."""
    while True:
        try:
            credentials = await store.run(accounts.read)
            await signal.tend(credentials)
            panels.tend(credentials)
            await reports.tend()
        except IntercomError as error:
            logger.warning("%s", error)
        await asyncio.sleep(TEND_S)


async def _renew(tls: Tls) -> None:
    while True:
        await asyncio.sleep(RENEW_S)
        try:
            await asyncio.to_thread(tls.load)
        except IntercomError as error:
            logger.warning("%s", error)


async def _hang_up(runner: web.AppRunner) -> None:
    """Close all connections; a browser that keeps one without using it would answer no TLS farewell for 30 s."""
    open_transports = [each.transport for each in runner.server.connections] if runner.server else []
    await runner.cleanup()
    for transport in open_transports:
        if transport:
            with suppress(AttributeError):  # Python 3.11.2: closed twice, gone
                transport.abort()
    await asyncio.sleep(0)


async def _stop(chore: asyncio.Task[None]) -> None:
    chore.cancel()
    await asyncio.gather(chore, return_exceptions=True)
