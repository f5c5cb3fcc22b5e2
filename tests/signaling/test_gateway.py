"""The line to the event gateway, against gateways over real sockets that do what gateways may do."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from intercom.errors import NoAnswerError, TokenError
from intercom.signaling import gateway
from intercom.signaling.gateway import TWILIO, Gateway, gateway_of
from intercom.signaling.trust import Trust
from tests.exchange.wires import net

EVENTS = "/v4/EndpointEvents"
PATIENCE_S = 10.0


class Office:
    """A gateway that keeps what it was sent, and answers as `answers` says, 200 after those."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str, Any]] = []
        self.answers: list[int] = []
        self.connections: set[Any] = set()
        self.opens = asyncio.Event()
        self.opens.set()
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        self.connections.add(request.transport)
        await self.opens.wait()
        self.taken.append((request.path, request.headers["X-Twilio-Token"], await request.json()))
        return web.Response(status=self.answers.pop(0) if self.answers else 200)


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    made = Office()
    application = web.Application()
    application.router.add_post("/v4/{which}", made.take)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    made.opens.set()
    await runner.cleanup()


async def the_token() -> str:
    return "the token"


@asynccontextmanager
async def to(url: str, token: Callable[[], Awaitable[str]] = the_token) -> AsyncIterator[Gateway]:
    async with Gateway(url, Trust(url, ""), token) as made:
        yield made


async def fails(work: Awaitable[None], match: str) -> None:
    with pytest.raises(NoAnswerError, match=match):
        async with asyncio.timeout(PATIENCE_S):
            await work


async def test_reports_go_out_in_order_over_one_connection_with_the_token(office: Office) -> None:
    async with to(office.url) as line:
        for number in range(20):
            line.post(EVENTS, {"number": number})
        await line.send("/v4/EndpointMetrics", {"number": 20})
    assert [body["number"] for _, _, body in office.taken] == list(range(21))
    assert [path for path, _, _ in office.taken[-2:]] == [EVENTS, "/v4/EndpointMetrics"]
    assert {token for _, token, _ in office.taken} == {"the token"}
    assert len(office.connections) == 1
    assert (line.status()["taken"], line.status()["dropped"]) == (21, 0)


async def test_what_was_told_last_still_goes_out_when_the_station_stops(office: Office) -> None:
    async with to(office.url) as line:
        line.post(EVENTS, {"name": "disconnected-by-local"})
    assert [body["name"] for _, _, body in office.taken] == ["disconnected-by-local"]


@pytest.mark.parametrize("status", [302, 400, 401, 413, 429, 500, 503])
async def test_a_refused_report_is_dropped_and_the_next_one_sent(office: Office, status: int) -> None:
    office.answers = [status]
    async with to(office.url) as line:
        await fails(line.send(EVENTS, {}), f"HTTP status {status}")
        assert line.status()["state"] == "lost"
        await line.send(EVENTS, {})
        assert line.status() == {"gateway": office.url, "state": "on", "why": "", "taken": 1, "dropped": 1}


async def test_a_change_for_the_worse_or_the_better_is_one_line_of_the_log(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.answers = [500, 500, 500]
    with caplog.at_level(logging.INFO):
        async with to(office.url) as line:
            for _ in range(5):
                line.post(EVENTS, {})
            await line.send(EVENTS, {})
    said = [record.getMessage() for record in caplog.records if record.name == gateway.__name__]
    assert said == [
        f"reports: {office.url} refused a report with HTTP status 500.", "reports: they are taken again",
    ]  # fmt: skip
    assert "the token" not in caplog.text


async def test_an_unreachable_gateway_costs_nothing_but_the_reports(unused_tcp_port: int) -> None:
    async with to(f"https://127.0.0.1:{unused_tcp_port}") as line:
        line.post(EVENTS, {})
        await fails(line.send(EVENTS, {}), "can't be reached for reports")
        assert (line.status()["state"], line.status()["dropped"]) == ("lost", 2)


async def test_a_gateway_that_never_answers_loses_all_that_waits(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "ANSWER_S", 0.2)
    office.opens.clear()
    async with to(office.url) as line:
        for _ in range(50):
            line.post(EVENTS, {})
        await fails(line.send(EVENTS, {}), "took no report within")
        assert line.status()["dropped"] == 51


async def test_no_more_wait_than_a_bounded_number_and_the_oldest_go(office: Office) -> None:
    office.opens.clear()
    async with to(office.url) as line:
        for number in range(3 * gateway.WAITING_AT_MOST):
            line.post(EVENTS, {"number": number})
        assert line.status()["dropped"] == 2 * gateway.WAITING_AT_MOST
        office.opens.set()
        await line.send(EVENTS, {"number": -1})
    assert office.taken[0][2] == {"number": 2 * gateway.WAITING_AT_MOST + 1}


async def test_a_gateway_that_stalls_holds_the_stop_up_for_a_second_at_most(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "LEAVE_WITHIN_S", 0.1)
    office.opens.clear()
    async with to(office.url) as line:
        waiting = asyncio.ensure_future(line.send(EVENTS, {}))
        line.post(EVENTS, {})
        await asyncio.sleep(0)
    await fails(waiting, "The station stops")
    await fails(line.send(EVENTS, {}), "No reports are sent any more")


async def test_a_gateway_whose_certificate_nobody_vouches_for_gets_nothing(tmp_path: Path) -> None:
    async with net(tmp_path / "state") as house, house.exchange(), to(house.origin) as line:
        await fails(line.send(EVENTS, {}), "certificate verify failed")


async def test_without_a_token_nothing_is_sent(office: Office) -> None:
    async def none() -> str:
        raise TokenError("The settings hold no API key.", code=31201)

    async with to(office.url, none) as line:
        await fails(line.send(EVENTS, {}), "The settings hold no API key")
    assert office.taken == []


async def test_where_reports_are_off_everything_is_taken_and_nothing_sent() -> None:
    async with to("") as line:
        line.post(EVENTS, {})
        await line.send(EVENTS, {})
        assert line.status() == {"gateway": "", "state": "off", "why": "", "taken": 0, "dropped": 0}


@pytest.mark.parametrize(
    ("reports", "signaling", "url"),
    [
        ("exchange", "wss://house.local:8443/signal", "https://house.local:8443"),
        ("exchange", "wss://[fd00::1]:8443/signal", "https://[fd00::1]:8443"),
        ("exchange", "wss://chunderw-vpc-gll-ie1.twilio.com/signal", TWILIO),
        ("exchange", "", ""),
        ("twilio", "wss://house.local/signal", TWILIO),
        ("off", "wss://house.local/signal", ""),
        ("https://reports.example:9", "wss://house.local/signal", "https://reports.example:9"),
    ],
)
def test_where_reports_go(reports: str, signaling: str, url: str) -> None:
    assert gateway_of(reports, signaling) == url
