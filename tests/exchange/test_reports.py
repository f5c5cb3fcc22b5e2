"""`/v4`: what phones report is taken from those who may sign in, bounded, kept, and forgotten in time."""

import asyncio
import json
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from intercom.errors import RemoteProtocolError
from intercom.exchange import accounts, archive, database, reports
from intercom.exchange.filing import event, metrics
from tests.exchange.wires import PATIENCE_S, Net, call, net

EVENTS, METRICS = "/v4/EndpointEvents", "/v4/EndpointMetrics"
MEMBERS = ("group", "name", "level", "payload", "call_sid", "temp_call_sid", "mos")
EVENT = {"group": "connection", "name": "muted", "level": "INFO", "payload": {"call_sid": "CA1"}}


def seconds(sid: str, *scores: float | None) -> dict[str, Any]:
    payload = [{"call_sid": sid, "mos": mos, "jitter": 3} for mos in scores]
    return {"group": "quality-metrics-samples", "name": "metrics-sample", "level": "INFO", "payload": payload}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Net]:
    async with net(tmp_path / "state") as made, made.exchange():
        yield made


async def tell(house: Net, token: str, body: Any, path: str = EVENTS) -> tuple[int, str]:
    text = body if isinstance(body, bytes) else json.dumps(body)
    headers = {"X-Twilio-Token": token, "Content-Type": "application/json", "Origin": "https://elsewhere.example"}
    async with house.http.post(house.origin + path, data=text, headers=headers, ssl=house.tls) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        return answer.status, await answer.text()


def rows(house: Net, query: str) -> list[Any]:
    with closing(database.connect(house.state)) as db:
        return db.execute(query).fetchall()


async def counts(house: Net) -> dict[str, int]:
    async with house.http.get(house.origin + "/metrics", ssl=house.tls) as answer:
        found = re.findall(r'intercom_reports_total\{outcome="(\w+)"\} (\d+)', await answer.text())
    return {outcome: int(number) for outcome, number in found}


@pytest.mark.parametrize("path", [EVENTS, METRICS])
async def test_a_browser_may_ask_from_any_page_whether_it_may_report(house: Net, path: str) -> None:
    headers = {
        "Origin": "https://elsewhere.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,x-twilio-token",
    }
    async with house.http.options(house.origin + path, headers=headers, ssl=house.tls) as answer:
        told = {name: answer.headers[f"Access-Control-Allow-{name}"] for name in ("Origin", "Methods", "Headers")}
        assert (answer.status, await answer.read()) == (204, b"")
    assert told == {"Origin": "*", "Methods": "POST", "Headers": "content-type,x-twilio-token"}


@pytest.mark.parametrize("kind", ["sdk", "station", "page"])
async def test_who_may_sign_in_may_report(house: Net, kind: str) -> None:
    assert await tell(house, getattr(house, kind)("anna"), EVENT) == (200, "")
    assert rows(house, "SELECT identity, call, topic, name, level FROM reports") == [
        ("anna", "CA1", "connection", "muted", "INFO")
    ]
    [(body,)] = rows(house, "SELECT body FROM reports")
    assert json.loads(body) == EVENT


async def test_a_stranger_may_not_and_the_log_never_holds_a_token(house: Net, caplog: pytest.LogCaptureFixture) -> None:
    key = accounts.station_key(house.state, "hall")
    good = [house.sdk("anna"), house.station("hall")]
    accounts.revoke_station(house.state, key.api_key)
    for token in ("", "nonsense", good[0][:-6] + "AAAAAA", house.sdk("anna", -1), good[1]):
        status, words = await tell(house, token, EVENT)
        assert status == 401
        assert words.startswith("The access token")
        assert "\n" not in words
    assert rows(house, "SELECT * FROM reports") == []
    assert not [token for token in good if token in caplog.text]
    assert await counts(house) == {"taken": 0, "refused": 5}


@pytest.mark.parametrize("path", [EVENTS, METRICS])
@pytest.mark.parametrize(
    "body",
    [
        b"", b"nonsense", b"[]", b"7", b'{"group": 7, "name": "x"}', b'{"name": "muted", "payload": {}}',
        b'{"group": "x", "name": "y", "payload": 7}', b"[" * 60_000, b'{"group": "\xff", "name": "y"}',
        json.dumps(seconds("CA1", *[4.0] * 101)).encode().replace(b'"jitter": 3', b'"mos": "high"'),
    ],
    ids=lambda body: repr(body[:20]),
)  # fmt: skip
async def test_what_can_t_be_read_is_refused_in_one_sentence(house: Net, path: str, body: bytes) -> None:
    status, words = await tell(house, house.sdk("anna"), body, path)
    assert (status, words) == (400, "This is no report: a JSON object with group, name and payload is.")


async def test_a_body_of_more_than_64_kib_is_refused(house: Net) -> None:
    assert (await tell(house, house.sdk("anna"), b'"' + b"x" * 65_536 + b'"'))[0] == 413


async def test_who_reports_too_much_is_told_so_and_others_are_not(house: Net) -> None:
    anna = house.sdk("anna")
    told = [status for status, _ in await asyncio.gather(*(tell(house, anna, EVENT) for _ in range(200)))]
    assert told.count(200) >= reports.AT_ONCE
    assert told.count(429) > 0
    assert (await tell(house, house.sdk("bob"), EVENT))[0] == 200
    assert await counts(house) == {"taken": told.count(200) + 1, "refused": told.count(429)}


async def test_a_body_that_never_ends_is_given_up(house: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "BODY_S", 0.2)
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port, ssl=house.tls)
    head = f"POST {EVENTS} HTTP/1.1\r\nHost: x\r\nX-Twilio-Token: {house.sdk('anna')}\r\nContent-Length: 100\r\n\r\n"
    writer.write(head.encode() + b"{")
    async with asyncio.timeout(PATIENCE_S):
        assert b" 408 " in await reader.readline()
    writer.transport.abort()


async def test_a_body_that_breaks_off_is_counted_and_no_fault_of_ours(
    house: Net, caplog: pytest.LogCaptureFixture
) -> None:
    _, writer = await asyncio.open_connection("localhost", house.port, ssl=house.tls)
    token = accounts.mint_token(house.state, "anna", 60)
    writer.write(
        f"POST {EVENTS} HTTP/1.1\r\nHost: x\r\nX-Twilio-Token: {token}\r\nContent-Length: 9\r\n\r\n{{".encode()
    )
    await writer.drain()
    writer.transport.abort()
    async with asyncio.timeout(PATIENCE_S):
        while (await counts(house)).get("refused") != 1:
            pass
    assert "Traceback" not in caplog.text


async def test_the_seconds_of_a_call_are_summed_up_for_those_who_had_it(house: Net) -> None:
    anna, hall = await house.registered(house.sdk("anna")), await house.registered(house.station("hall"))
    sid = await call(anna, hall, "hall")
    for scores in ((None, 4.0, 4.5), (3.5, 99.0)):
        assert (await tell(house, house.sdk("anna"), seconds(sid, *scores), METRICS))[0] == 200
    await tell(house, house.station("hall"), seconds(sid, None), METRICS)
    await tell(house, house.sdk("bob"), seconds(sid, 1.0), METRICS)
    summed_up = rows(house, "SELECT call, identity, seconds, scored, mos_sum FROM quality ORDER BY identity")
    assert summed_up == [(sid, "anna", 5, 3, 12.0), (sid, "hall", 1, 0, 0.0)]


def test_what_is_old_or_too_much_is_forgotten_the_oldest_first(tmp_path: Path) -> None:
    now = 200 * 86_400.0
    with closing(database.connect(tmp_path)) as db:
        for days, size in ((100, 10), (89, 10), (3, 30_000_000), (2, 30_000_000), (1, 10)):
            archive.add(db, "anna", event(b'{"group": "g", "name": "n"}'), "x" * size, at=now - days * 86_400)
        db.execute("INSERT INTO quality VALUES ('CA gone', 'anna', 1, 1, 4.0)")
        archive.prune(db, now)
        assert [round((now - at) / 86_400) for (at,) in db.execute("SELECT at FROM reports ORDER BY id")] == [2, 1]
        assert db.execute("SELECT * FROM quality").fetchall() == []


async def test_the_exchange_forgets_by_itself(house: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "KEPT_BYTES", 1_000)
    monkeypatch.setattr(reports, "PRUNE_BYTES", 10_000)
    body = {**EVENT, "note": "x" * 400}
    for _ in range(30):
        await tell(house, house.sdk("anna"), body)
    async with asyncio.timeout(PATIENCE_S):
        while rows(house, "SELECT count(*) FROM reports")[0][0] > 2:
            await house.http.get(house.origin + "/healthz", ssl=house.tls)


@pytest.mark.parametrize(("payload", "about"), [({}, ""), ({"call_sid": "CA1", "temp_call_sid": "TJ1"}, "CA1"),
    ({"temp_call_sid": "TJ1"}, "TJ1"), (None, "")])  # fmt: skip
def test_a_report_is_filed_under_its_call(payload: Any, about: str) -> None:
    body = json.dumps({"group": "connection", "name": "muted", "level": "INFO", "payload": payload})
    assert event(body.encode()).call == about


def test_figures_are_filed_under_each_call_they_tell_of() -> None:
    both = seconds("CA1", 4.0, None)
    both["payload"] += seconds("CA2", 3.0)["payload"] + [{"mos": 2.0}]
    filed = metrics(json.dumps(both).encode())
    assert filed.call == "CA1"
    assert {sid: (each.seconds, each.scored, each.mos_sum) for sid, each in filed.figures.items()} == {
        "CA1": (2, 1, 4.0), "CA2": (1, 1, 3.0),
    }  # fmt: skip


@given(
    body=st.binary()
    | st.recursive(
        st.none() | st.text() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
        lambda inner: st.dictionaries(st.sampled_from(MEMBERS), inner) | st.lists(inner),
    ).map(lambda value: json.dumps(value).encode())
)
@example(b"[" * 100_000)
def test_any_bytes_are_filed_or_refused(body: bytes) -> None:
    for read in (event, metrics):
        try:
            filed = read(body)
        except RemoteProtocolError:
            continue
        assert all(1 * each.scored <= each.mos_sum <= 5 * each.scored for each in filed.figures.values())


async def test_a_file_that_fails_is_said_and_nothing_else_breaks(house: Net) -> None:
    anna = house.sdk("anna")
    with closing(sqlite3.connect(house.state / database.FILE)) as db:
        db.execute("DROP TABLE reports")
    status, words = await tell(house, anna, EVENT)
    assert (status, "file can't be used" in words) == (503, True)
    async with house.http.get(house.origin + "/healthz", ssl=house.tls) as answer:
        assert answer.status == 200
