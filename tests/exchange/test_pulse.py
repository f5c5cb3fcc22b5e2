"""`/metrics`: counts for this machine, and elsewhere for who shows the token; never a name."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from intercom.exchange import pulse
from intercom.exchange.database import Store
from intercom.exchange.directory import Directory
from intercom.exchange.reports import Reports
from intercom.exchange.switch import Switch

TOKEN = "a-long-enough-secret"


@asynccontextmanager
async def asked_from(address: str, token: str, store: Store) -> AsyncIterator[Callable[..., Awaitable[int]]]:
    """Serve `/metrics` to whoever asks, as if they were at this address."""

    @web.middleware
    async def move(request: web.Request, handler: Handler) -> web.StreamResponse:
        return await handler(request.clone(remote=address))

    switch = Switch(Directory({}), no_answer_s=60, new_id=str)
    application = web.Application(middlewares=[move])
    application.add_routes(pulse.routes(switch, Reports(store), token=token))
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/metrics"

    async def ask(**headers: str) -> int:
        async with aiohttp.ClientSession() as http, http.get(url, headers=headers) as answer:
            return answer.status

    yield ask
    await runner.cleanup()


@pytest.mark.parametrize(
    ("address", "token", "shown", "status"),
    [
        ("127.0.0.1", "", None, 200),
        ("::1", TOKEN, None, 200),
        ("192.0.2.1", TOKEN, f"Bearer {TOKEN}", 200),
        ("192.0.2.1", TOKEN, None, 403),
        ("192.0.2.1", TOKEN, "Bearer ", 403),
        ("192.0.2.1", TOKEN, f"Basic {TOKEN}", 403),
        ("192.0.2.1", TOKEN, f"Bearer {TOKEN[:-1]}", 403),
        ("192.0.2.1", "", "Bearer ", 403),
        ("192.0.2.1", "", None, 403),
    ],
)
async def test_who_may_read_the_counts(
    tmp_path: Path, address: str, token: str, shown: str | None, status: int
) -> None:
    store = Store(tmp_path)
    async with asked_from(address, token, store) as ask:
        assert await ask(**({"Authorization": shown} if shown else {})) == status
    await store.close()
