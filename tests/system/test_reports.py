"""Reports of whole calls: the official SDK's and our station's reach the exchange, and nothing waits for them."""

import asyncio
import json
import socket
from collections import Counter
from contextlib import closing
from typing import Any

import pytest

from intercom.errors import ConflictError, NoAnswerError
from intercom.exchange import database, history
from tests.browser.chromium import Chromium
from tests.browser.softphone import SoftPhone
from tests.system.house import House, living
from tests.system.test_calls import talks

WITHIN_S = 30.0
STORY = {"connection", "settings", "get-user-media"}


def reports(house: House, identity: str) -> list[dict[str, Any]]:
    with closing(database.connect(house.state)) as db:
        rows = db.execute("SELECT body FROM reports WHERE identity = ? ORDER BY id", (identity,))
        return [json.loads(body) for (body,) in rows]


def names(house: House, identity: str, groups: set[str] = STORY) -> Counter[str]:
    return Counter(f"{each['group']} {each['name']}" for each in reports(house, identity) if each["group"] in groups)


async def until_told(house: House, identity: str, name: str) -> None:
    async with asyncio.timeout(WITHIN_S):
        while name not in names(house, identity, {*STORY, "feedback", "quality-metrics-samples"}):
            await house.ask("status")


async def test_a_call_s_story_is_told_by_both_ends_and_its_score_is_in_the_history(
    house: House, chromium: Chromium
) -> None:
    async with SoftPhone(chromium) as phone:
        await talks(phone, house, chromium)
        await house.sees(lambda status: bool((status["sample"] or {}).get("mos")), within_s=WITHIN_S)
        assert (await house.ask("feedback", "4", "choppy-audio")) == {"score": 4, "issue": "choppy-audio"}
        await phone.disconnect()
        await house.is_in(None)
        assert (await house.ask("feedback", "5")) == {"score": 5, "issue": None}
        for identity in ("anna", "hall"):
            await until_told(house, identity, "quality-metrics-samples metrics-sample")
        await until_told(house, "anna", "connection disconnected-by-local")
        await until_told(house, "hall", "connection disconnected-by-remote")
        said = await phone.said()
    assert not [line for line in said if "CORS" in line or "v4/" in line]
    theirs, ours = names(house, "anna"), names(house, "hall")
    assert theirs.keys() >= {"connection outgoing", "connection accepted-by-remote", "settings codec"}
    assert dict(ours) == {
        "connection incoming": 1, "settings init": 1, "get-user-media succeeded": 1, "settings edge": 1,
        "connection accepted-by-local": 1, "settings codec": 1, "connection disconnected-by-remote": 1,
    }  # fmt: skip
    transports = names(house, "hall", {"ice-connection-state", "dtls-transport-state", "pc-connection-state"})
    assert transports.keys() >= {f"{group} connected" for group in
        ("ice-connection-state", "dtls-transport-state", "pc-connection-state")}  # fmt: skip
    with closing(database.connect(house.state)) as db:
        [call] = history.latest(db, "anna", ["anna"])
        heard = {row[0] for row in db.execute("SELECT identity FROM quality WHERE call = ?", (call["sid"],))}
    assert (call["who"], call["direction"]) == ("hall", "outgoing")
    assert 1 < call["mos"] <= 4.6
    assert heard == {"anna", "hall"}
    scores = [each["payload"].get("quality_score") for each in reports(house, "hall") if each["group"] == "feedback"]
    assert scores == [4, 5]
    assert (await house.ask("status"))["reports"]["dropped"] == 0


@pytest.mark.parametrize("backlog", [100, None], ids=["tarpit", "nobody"])
async def test_a_gateway_that_is_of_no_use_disturbs_no_call(
    empty_house: House, chromium: Chromium, backlog: int | None
) -> None:
    house = empty_house
    with socket.create_server(("127.0.0.1", 0)) as tarpit:  # it takes connections and never says a word
        gateway = f"https://127.0.0.1:{tarpit.getsockname()[1]}"
        if backlog is None:
            tarpit.close()
        async with living(house, more=f'\n[quality]\nreports = "{gateway}"\n'):
            async with SoftPhone(chromium) as phone:
                await talks(phone, house, chromium)
                with pytest.raises(NoAnswerError, match="was not taken"):
                    await house.ask("feedback", "3")
                await phone.disconnect()
                await house.is_in(None)
            told = (await house.ask("status"))["reports"]
            assert (told["state"], told["taken"]) == ("lost", 0)
            assert told["dropped"] > 10
    assert house.station.log.count("reports: ") == 1
    assert reports(house, "hall") == []


async def test_before_any_call_there_is_nothing_to_be_said(house: House) -> None:
    with pytest.raises(ConflictError, match="no call yet"):
        await house.ask("feedback", "5")
