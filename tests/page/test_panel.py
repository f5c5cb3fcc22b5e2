"""What the page shows of the stations, and how its buttons are pressed."""

from typing import Any

import pytest

from tests.browser.chromium import Chromium
from tests.browser.webphone import WebPhone
from tests.exchange.wires import Net
from tests.page.stations import QUIET, appear, status, url

ANSWER = "[data-station=intercom] [data-button=answer]"
MISSING = {"state": "missing", "why": "There is no sound card. Run this and that."}


async def test_a_stations_ring_and_state_are_shown_live(chromium: Chromium, demo: Net) -> None:
    station = await appear(demo)
    async with WebPhone(chromium) as page:
        await page.open(url(demo))
        await page.sees("intercom", "white, beating faintly")
        await page.shows("Ready")
        assert await page.evaluate("document.querySelectorAll('.led').length") == 12
        call = {"status": "pending", "direction": "incoming", "from": "client:web", "to": "intercom"}
        await station.say("snapshot", status=status("chase", "blue", call=call))
        await page.sees("intercom", "blue, chasing")
        await page.shows("web is calling")
        await station.socket.close()
        await page.shows("No station is here yet")


async def test_stations_stand_in_the_order_of_their_names_each_with_its_call_button(
    chromium: Chromium, demo: Net
) -> None:
    await appear(demo, "garden")
    await appear(demo, "attic")
    async with WebPhone(chromium) as page:
        await page.open(url(demo))
        await page.wait("document.querySelectorAll('.callable button').length === 2")
        script = "[...document.querySelectorAll('.faceplate')].map(plate => plate.dataset.station)"
        assert await page.evaluate(script) == ["attic", "garden"]


async def test_a_simulated_button_is_down_for_as_long_as_the_pointer_is(chromium: Chromium, demo: Net) -> None:
    station = await appear(demo)
    async with WebPhone(chromium) as page:
        await page.open(url(demo))
        await page.pointer_down(ANSWER)
        assert await station.hear("press") == {"button": "answer"}
        await page.pointer_up()
        assert await station.hear("release") == {"button": "answer"}


@pytest.mark.parametrize("key", ["Enter", " "])
async def test_a_simulated_button_is_down_for_as_long_as_the_key_is(chromium: Chromium, demo: Net, key: str) -> None:
    station = await appear(demo)
    async with WebPhone(chromium) as page:
        await page.open(url(demo))
        await page.focus("[data-station=intercom] [data-button=mute]")
        await page.key_down(key)
        await page.key_down(key)  # what a keyboard repeats while a key is held is no second press
        assert await station.hear("press") == {"button": "mute"}
        await page.key_up(key)
        assert await station.hear("release") == {"button": "mute"}


async def test_a_button_does_not_stay_down_when_the_page_loses_the_person(chromium: Chromium, demo: Net) -> None:
    station = await appear(demo)
    async with WebPhone(chromium) as page:
        await page.open(url(demo))
        await page.pointer_down(ANSWER)
        await station.hear("press")
        await page.evaluate("dispatchEvent(new Event('blur'))")
        await station.hear("release")


async def test_real_buttons_are_shown_but_not_pressed(chromium: Chromium, demo: Net) -> None:
    await appear(demo, simulated=False)
    async with WebPhone(chromium) as page:
        await page.open(url(demo))
        await page.shows("Its buttons are real: they are pressed at the station.")
        assert await page.evaluate("s => document.querySelector(s).disabled", ANSWER)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({}, "use headphones"),
        ({"audio": QUIET | {"capture": {"state": "test voice", "why": ""}}}, "speaks with a test voice"),
        ({"audio": QUIET | {"capture": MISSING}}, "You will hear nothing from it. There is no sound card."),
        ({"audio": QUIET | {"playback": MISSING}}, "It can't play your voice. There is no sound card."),
        ({"registration": "offline"}, "Not connected to its exchange"),
        ({"panel": status()["panel"] | {"why": "No rights."}}, "Its panel is dark: No rights."),
        ({"panel": status()["panel"] | {"ring": {"why": "No bus."}}}, "Its ring is dark: No bus."),
        (
            {"panel": status()["panel"] | {"ring": {"trial": {"pattern": "spin", "colour": "violet", "overlays": []}}}},
            "violet, spinning",
        ),
    ],
)
async def test_what_a_caller_should_know_is_said(
    chromium: Chromium, demo: Net, members: dict[str, Any], words: str
) -> None:
    await appear(demo, **members)
    async with WebPhone(chromium) as page:
        await page.open(url(demo))
        await page.shows(words)
