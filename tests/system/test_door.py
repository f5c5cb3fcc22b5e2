"""The door between real programs: a gate, a kitchen whose door button opens it, clients that say what they like."""

import asyncio
import time
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from intercom.exchange import accounts
from intercom.signaling import token
from tests.browser.chromium import Chromium
from tests.browser.webphone import WebPhone
from tests.exchange.wires import Wire
from tests.system.estate import Dwelling, Estate

GATE = '[call]\nto = "house"\n\n[door]\npin = 26\npulse_s = 1.0\nallow = ["kitchen", "cellar"]\n'
GROUPS = '\n[exchange.groups]\nhouse = ["kitchen", "attic", "cellar"]\n'
CODE = "7305814"


@pytest.fixture
async def estate(tmp_path: Path, cards: Path) -> AsyncIterator[Estate]:
    """A gate that calls the house, and the kitchen in it."""
    async with Estate(tmp_path, cards, {"gate": GATE, "kitchen": ""}, exchange=GROUPS).living() as made:
        yield made


def openings(gate: Dwelling) -> int:
    """Return how often the gate's lock was seen to open."""
    locks = [status["door"]["lock"] for status in gate.seen]
    return sum(now == "open" != before for before, now in pairwise(locks))


async def opens(gate: Dwelling, *, times: int = 1) -> None:
    """Wait until the gate's lock has opened for that many times, and is locked again."""
    await gate.sees(lambda status: openings(gate) == times and status["door"]["lock"] == "locked")


async def asked(kitchen: Dwelling) -> str:
    """Wait until the kitchen shows what came of its question, and return it."""
    await kitchen.sees(lambda status: (status["door"]["asked"] or {"step": "asking"})["step"] != "asking")
    return str(kitchen.seen[-1]["door"]["asked"]["step"])


async def said(gate: Dwelling) -> list[tuple[Any, ...]]:
    """Return what the gate's log tells of who asked: who, how, what, allowed."""
    records = (await gate.ask("door", "log"))["records"]
    return [(one["who"], one["how"], one["what"], one.get("allowed")) for one in records if one.get("how")]


async def asks(wire: Wire, sid: str, event: str, **members: Any) -> dict[str, Any]:
    """Have a client say that it wants the door opened; return the next frame that it hears."""
    content = {"open": True}
    await wire.say("message", callsid=sid, messagetype="door", voiceeventsid=event, content=content, **members)
    frame = await wire.next()
    assert frame
    return frame


async def test_the_door_button_opens_where_it_rings_and_where_it_is_talked_and_both_logs_tell(estate: Estate) -> None:
    gate, kitchen = estate.stations["gate"], estate.stations["kitchen"]
    attic = await estate.wire(accounts.mint_token(estate.state, "attic", 600))
    await gate.ask("press", "answer")
    sid = (await attic.hear("invite"))["callsid"]
    await kitchen.is_in("pending")
    await kitchen.ask("press", "door")
    assert await asked(kitchen) == "opened"
    await opens(gate)
    assert (await attic.hear("message"))["content"]["result"] == "opened"
    assert (await attic.hear("cancel"))["callsid"] == sid
    ends = [status["call"]["ended"]["how"] for status in kitchen.seen if (status["call"] or {}).get("ended")]
    assert set(ends) == {"taken"}  # nobody has missed it
    await gate.is_in(None)
    await kitchen.is_in(None)

    await gate.ask("press", "answer")
    await kitchen.is_in("pending")
    await kitchen.ask("answer")
    await gate.is_in("open")
    await kitchen.sees(lambda status: status["door"]["asked"] is None)
    await kitchen.ask("press", "door")
    assert await asked(kitchen) == "opened"
    await opens(gate, times=2)
    assert gate.seen[-1]["call"]["status"] == "open"
    once = [("kitchen", "station", "asked", True), ("kitchen", "station", "opened", None)]
    assert await said(gate) == once * 2
    assert kitchen.program.log.count("the door of the other end: opened") == 2
    await gate.ask("door", "open")
    assert [how for _, how, what, _ in await said(gate) if what == "opened"] == ["station", "station", "socket"]
    await gate.ask("door", "log", "--verify")


async def test_who_may_not_asks_in_vain_and_so_does_who_says_it_twice_or_too_late(estate: Estate) -> None:
    gate = estate.stations["gate"]
    attic = await estate.wire(station_token(estate, "attic"))
    cellar = await estate.wire(station_token(estate, "cellar"))
    visitor = await estate.wire(accounts.mint_token(estate.state, "visitor", 600))
    await gate.ask("call", "house")
    sid = (await attic.hear("invite"))["callsid"]
    await cellar.hear("invite")
    assert (await asks(visitor, sid, "KX1"))["payload"]["error"]["code"] == 31404  # not a call of its own
    assert (await asks(attic, "CA" + "0" * 32, "KX2"))["payload"]["error"]["code"] == 31404  # no call at all
    await asks(attic, sid, "KX3", **{"from": "kitchen"})  # the exchange writes who it is
    assert (await attic.hear("message"))["content"]["result"] == "refused"
    assert (await cellar.hear("message"))["content"]["request"] == "KX3"
    assert openings(gate) == 0
    await asks(cellar, sid, "KX4")
    await opens(gate)
    await cellar.hear("message")
    await cellar.hear("cancel")
    assert (await asks(cellar, sid, "KX4"))["payload"]["error"]["code"] == 31404  # the same again, after the end
    assert await said(gate) == [
        ("attic", "station", "asked", False),
        ("cellar", "station", "asked", True),
        ("cellar", "station", "opened", None),
    ]


async def test_a_browsers_code_opens_in_an_open_call_and_not_after_it(estate: Estate, chromium: Chromium) -> None:
    gate = estate.stations["gate"]
    await gate.ask("door", "code", "add", "courier", CODE)
    link = accounts.invite(estate.state, "anna")
    async with WebPhone(chromium) as page:
        await page.goto(f"{estate.url}{link}")
        await page.click("text=Sign in on this device")
        await page.call("gate")
        await gate.is_in("pending")
        await gate.ask("answer")
        await page.reaches("open")
        await gate.is_in("open")
        await page.click("[data-act=keypad]")
        for digit in CODE:
            await page.click(f"[data-digit='{digit}']")
        await page.click("[data-digit='#']")
        await asyncio.gather(page.shows("The door is open"), opens(gate))
        for digit in CODE:
            await page.evaluate("digit => dispatchEvent(new KeyboardEvent('keydown', { key: digit }))", digit)
        await page.hang_up()
        await gate.is_in(None)
    assert await said(gate) == [("anna", "code", "asked", True), ("anna", "code", "opened", None)]
    assert CODE not in gate.program.log


def station_token(estate: Estate, identity: str) -> str:
    """Return a token of a station."""
    key = accounts.station_key(estate.state, identity)
    return token.mint(key.api_key, key.api_secret, identity, now=time.time(), ttl_s=600)
