"""`GET /history`: a person sees their own calls, missed ones too, and how they sounded."""

from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from intercom.exchange import accounts, archive, database, history, ledger
from intercom.exchange.directory import Kind
from intercom.exchange.effects import Answered, End, Ended, Started
from intercom.exchange.filing import Figures, Filed
from tests.exchange.wires import Net, call, net

GROUPS = {"house": ["web", "anna"], "shed": ["anna"]}


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Net]:
    async with net(tmp_path / "state") as made, made.exchange(page="web"):
        yield made


def end(identity: str) -> End:
    return End(identity, Kind.STATION)


def told(state: Path, me: str = "web", *groups: str) -> list[dict[str, Any]]:
    with closing(database.connect(state)) as db:
        return history.latest(db, me, [me, *groups])


def placed(state: Path, sid: str, caller: str, to: str, callee: str | None, *, at: float) -> None:
    """Write down a call that rang 10 s, and, answered, lasted 20 s."""
    with closing(database.connect(state)) as db:
        ledger.write(db, Started(sid, f"TJ{sid}", to, end(caller)), at)
        if callee:
            ledger.write(db, Answered(sid, end(callee)), at + 10)
        ledger.write(db, Ended(sid, 0 if callee else 31480, "hung up" if callee else "Nobody answered."), at + 30)


def heard(state: Path, sid: str, identity: str, mos_sum: float, seconds: int) -> None:
    with closing(database.connect(state)) as db:
        filed = Filed("", "", "", sid, {sid: Figures(seconds, seconds, mos_sum)})
        archive.add(db, identity, filed, "{}", at=0)


def test_calls_are_told_the_newest_first_each_from_ones_own_side(tmp_path: Path) -> None:
    placed(tmp_path, "CA1", "web", "client:hall", "hall", at=100)
    placed(tmp_path, "CA2", "hall", "web", None, at=200)
    placed(tmp_path, "CA3", "hall", "house", "web", at=300)
    placed(tmp_path, "CA4", "web", "house", "anna", at=400)
    placed(tmp_path, "CA5", "hall", "anna", "anna", at=500)
    calls = told(tmp_path)
    assert [(each["sid"], each["direction"], each["who"], each["duration_s"]) for each in calls] == [
        ("CA4", "outgoing", "anna", 20), ("CA3", "incoming", "hall", 20), ("CA2", "incoming", "hall", None),
        ("CA1", "outgoing", "hall", 20),
    ]  # fmt: skip
    assert calls[2] == {
        "sid": "CA2", "direction": "incoming", "who": "hall", "started_at": 200, "answered_at": None, "ended_at": 230,
        "duration_s": None, "code": 31480, "reason": "Nobody answered.", "mos": None,
    }  # fmt: skip


def test_a_groups_call_that_nobody_took_was_missed_by_each_member(tmp_path: Path) -> None:
    placed(tmp_path, "CA1", "hall", "client:house", None, at=100)
    placed(tmp_path, "CA2", "hall", "house", "anna", at=200)
    assert [each["sid"] for each in told(tmp_path, "web", "house")] == ["CA1"]
    assert told(tmp_path, "web") == []


def test_a_call_sounded_as_the_end_says_that_heard_it_worse(tmp_path: Path) -> None:
    placed(tmp_path, "CA1", "web", "hall", "hall", at=100)
    heard(tmp_path, "CA1", "web", 90.0, 20)
    heard(tmp_path, "CA1", "hall", 40.0, 10)
    heard(tmp_path, "CA1", "hall", 0.0, 0)
    assert told(tmp_path)[0]["mos"] == 4.0


def test_only_the_latest_are_told(tmp_path: Path) -> None:
    for number in range(history.LATEST + 5):
        placed(tmp_path, f"CA{number}", "web", "hall", "hall", at=100 + number)
    assert [each["sid"] for each in told(tmp_path)][::29] == ["CA34", "CA5"]


async def ask(house: Net) -> tuple[int, Any]:
    async with house.http.get(house.origin + "/history", ssl=house.tls) as answer:
        return answer.status, await answer.json()


async def test_the_page_of_the_demo_sees_its_calls_while_they_are_on_and_after(demo: Net) -> None:
    web, hall = await demo.registered(demo.page("web")), await demo.registered(demo.station("hall"))
    sid = await call(web, hall, "hall")
    [now] = (await ask(demo))[1]["calls"]
    assert (now["who"], now["ended_at"]) == ("hall", None)
    await web.say("hangup", callsid=sid)
    await hall.hear("hangup")
    [after] = (await ask(demo))[1]["calls"]
    assert after["ended_at"] >= after["answered_at"] >= after["started_at"] > 1e9


async def test_a_person_sees_their_own_calls_alone_and_a_stranger_none(tmp_path: Path) -> None:
    async with net(tmp_path / "state") as house, house.exchange():
        assert (await ask(house))[0] == 401
        placed(house.state, "CA1", "hall", "anna", "anna", at=100)
        placed(house.state, "CA2", "hall", "bob", "bob", at=200)
        code = accounts.invite(house.state, "anna").partition("#")[2]
        headers = {"Origin": house.origin}
        async with house.http.post(house.origin + "/join", json={"code": code}, headers=headers, ssl=house.tls) as done:
            assert isinstance(done, aiohttp.ClientResponse)
            assert done.status == 200
        assert [each["sid"] for each in (await ask(house))[1]["calls"]] == ["CA1"]
