"""`/panel`: stations show their panel, pages watch and press."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from intercom.exchange import accounts
from tests.exchange.wires import Net, Wire, net

IDLE: dict[str, Any] = {"identity": "door", "call": None, "light": {"pattern": "off", "colour": "", "overlays": []}}
OPEN: dict[str, Any] = {**IDLE, "light": {"pattern": "steady", "colour": "green", "overlays": []}}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Net]:
    async with net(tmp_path / "state") as made, made.exchange():
        yield made


async def station(house: Net, identity: str = "door", *, simulated: bool = True) -> Wire:
    wire = await house.wire("/panel")
    await wire.say("listen", token=house.station(identity), role="station", simulated=simulated)
    await wire.hear("connected")
    return wire


async def page(house: Net) -> Wire:
    wire = await house.wire("/panel")
    await wire.say("listen", token=house.page("anna"), role="page", simulated=False)
    await wire.hear("connected")
    return wire


async def test_a_page_sees_each_panel_at_once_at_each_change_and_when_it_goes(house: Net) -> None:
    door = await station(house)
    early = await page(house)
    await door.say("snapshot", status=IDLE)
    assert await early.hear("snapshot") == {"station": "door", "simulated": True, "status": IDLE}
    late = await page(house)
    assert await late.hear("snapshot") == {"station": "door", "simulated": True, "status": IDLE}
    await door.say("snapshot", status=OPEN)
    assert (await late.hear("snapshot"))["status"] == (await early.hear("snapshot"))["status"] == OPEN
    await door.socket.close()
    assert await late.hear("gone") == {"station": "door"}


async def test_presses_reach_a_simulated_panel(house: Net) -> None:
    door, other, browser = await station(house), await station(house, "hall"), await page(house)
    await browser.say("press", station="door", button="answer")
    assert await door.hear("press") == {"button": "answer"}
    await browser.say("release", station="door", button="answer")
    assert await door.hear("release") == {"button": "answer"}
    await browser.say("press", station="hall", button="mute")
    assert await other.hear("press") == {"button": "mute"}


async def test_what_a_page_holds_down_goes_up_when_the_page_goes(house: Net) -> None:
    door, browser = await station(house), await page(house)
    await browser.say("press", station="door", button="answer")
    await door.hear("press")
    await browser.socket.close()
    assert await door.hear("release") == {"button": "answer"}


async def test_real_buttons_are_pressed_at_the_station_only(house: Net) -> None:
    await station(house, simulated=False)
    browser = await page(house)
    await browser.say("press", station="door", button="answer")
    assert "real buttons" in (await browser.hear("error"))["error"]["message"]
    await browser.say("press", station="nowhere", button="answer")
    assert "no such station" in (await browser.hear("error"))["error"]["message"]


async def test_a_station_that_comes_again_takes_its_panel_over(house: Net) -> None:
    old = await station(house)
    new, browser = await station(house), await page(house)
    await new.say("snapshot", status=OPEN)
    await browser.hear("snapshot")
    await old.say("snapshot", status=IDLE)
    await old.hear("error")
    await old.socket.close()
    await browser.say("press", station="door", button="answer")
    await new.hear("press")


@pytest.mark.parametrize(
    ("kind", "payload", "code"),
    [
        ("listen", {"token": "nonsense", "role": "page"}, 31204),
        ("listen", {"role": "page"}, 31400),
        ("snapshot", {"status": {}}, 31400),
        ("press", {"station": "door", "button": "answer"}, 31400),
        ("release", {"button": ""}, 31400),
        ("unheard-of", {}, 31400),
    ],
)
async def test_who_does_not_sign_in_first_is_sent_away(
    house: Net, kind: str, payload: dict[str, Any], code: int
) -> None:
    wire = await house.wire("/panel")
    await wire.say(kind, **payload)
    assert (await wire.hear("error"))["error"]["code"] == code
    assert await wire.hear_end() == 1008


@pytest.mark.parametrize("role", ["page", "station"])
async def test_an_sdk_s_token_is_for_neither(house: Net, role: str) -> None:
    wire = await house.wire("/panel")
    await wire.say("listen", token=house.sdk("anna"), role=role)
    assert (await wire.hear("error"))["error"]["code"] == 31201


async def test_a_page_shows_no_panel_and_a_station_presses_none(house: Net) -> None:
    door, browser = await station(house), await page(house)
    await browser.say("snapshot", status=IDLE)
    await browser.hear("error")
    await door.say("press", station="door", button="answer")
    await door.hear("error")
    await door.say("snapshot", status=IDLE)
    await browser.hear("snapshot")


async def test_a_revoked_station_shows_nothing_any_more(house: Net) -> None:
    door = await station(house)
    accounts.revoke_station(house.state, "door")
    assert await door.hear_end() == 1008
