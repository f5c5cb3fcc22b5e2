"""The latest calls on the page: with whom, when, how long, how they sounded."""

import time

from tests.browser.chromium import Chromium
from tests.browser.webphone import WebPhone
from tests.exchange.test_history import heard, placed
from tests.exchange.wires import Net
from tests.page.stations import appear, url

ROWS = "[...document.querySelectorAll('#history li')].filter(row => !row.hidden)"
PARTS = "['.who', 'time', '.outcome', '.word']"
WORDS = f"{ROWS}.map(row => {PARTS}.map(part => row.querySelector(part).innerText))"
DAY_S = 86_400


async def test_past_calls_are_listed_with_what_became_of_them(chromium: Chromium, demo: Net) -> None:
    now = time.time()
    placed(demo.state, "CA1", "intercom", "web", "web", at=now - 60)
    heard(demo.state, "CA1", "intercom", 86.0, 20)
    placed(demo.state, "CA2", "web", "client:intercom", "intercom", at=now - DAY_S - 60)
    heard(demo.state, "CA2", "intercom", 40.0, 20)
    placed(demo.state, "CA3", "intercom", "web", None, at=now - 30 * DAY_S)
    placed(demo.state, "CA4", "web", "garden", None, at=now - 30 * DAY_S - 60)
    async with WebPhone(chromium) as page:
        await page.open(url(demo))
        await page.wait(f"{ROWS}.length === 4")
        rows = await page.evaluate(WORDS)
        assert [(who, outcome, word) for who, _, outcome, word in rows] == [
            ("intercom", "0:20", "very good"), ("intercom", "0:20", "poor"), ("intercom", "missed", ""),
            ("garden", "not answered", ""),
        ]  # fmt: skip
        assert rows[1][1].startswith("Yesterday ")
        arrows = "[...document.querySelectorAll('#history svg')].map(svg => svg.getAttribute('aria-label'))"
        assert await page.evaluate(arrows) == ["incoming", "outgoing", "incoming", "outgoing"]
        assert await page.evaluate("document.querySelector('.score').title") == "4.3 of 5"


async def test_a_call_is_listed_soon_after_its_end(chromium: Chromium, demo: Net) -> None:
    await appear(demo)
    station = await demo.registered(demo.station("intercom"))
    async with WebPhone(chromium) as page:
        await page.open(url(demo))
        assert await page.evaluate("document.querySelector('#history').hidden")
        await page.call("intercom")
        await station.hear("invite")
        await page.hang_up()
        await page.shows("Recent calls")
        assert (await page.evaluate(WORDS))[0][2] == "not answered"


async def test_earlier_calls_are_a_press_away_by_keyboard_too(chromium: Chromium, demo: Net) -> None:
    for number in range(8):
        placed(demo.state, f"CA{number}", "intercom", "web", "web", at=time.time() - 1000 * number)
    async with WebPhone(chromium) as page:
        await page.open(url(demo))
        await page.wait(f"{ROWS}.length === 5")
        await page.focus("#history button")
        await page.press("Enter")
        await page.wait(f"{ROWS}.length === 8")
        assert await page.evaluate("[...document.querySelectorAll('#history li')].indexOf(document.activeElement)") == 5
