"""Who the page is, and what it says to strangers."""

from intercom.exchange import accounts
from tests.browser.chromium import Chromium
from tests.browser.webphone import WebPhone
from tests.exchange.wires import Net
from tests.page.stations import appear, url

# Tokens that are to be renewed after 0.8 s, and what the page did with them.
SHORT_LIVED = """
globalThis.tokens = 0;
globalThis.lines = [];
const { fetch: load, WebSocket: Line } = globalThis;
globalThis.fetch = async (...request) => {
  const answer = await load(...request);
  if (request[0] !== "/token") return answer;
  tokens += 1;
  return Response.json({ ...await answer.json(), ttl: 1 });
};
globalThis.WebSocket = class extends Line {
  constructor(url) {
    super(url);
    lines.push(url);
  }
};
"""

# What Safari does with a certificate that was clicked away: the page loads, its WebSockets fail.
NO_LINES = """
const { WebSocket: Line } = globalThis;
globalThis.WebSocket = class extends Line {
  constructor() {
    super(`wss://${location.host}/nowhere`);
  }
};
"""


async def test_the_demo_signs_this_machines_browser_in_by_itself(chromium: Chromium, demo: Net) -> None:
    async with WebPhone(chromium) as page:
        await page.open(url(demo))
        assert await page.text("#link") == "Connected as web"
        await page.shows("No station is here yet")
        assert await page.said() == []  # nor did the browser refuse a style, a script or a line


async def test_a_stranger_is_told_how_to_get_a_link_and_shown_nothing_else(chromium: Chromium, house: Net) -> None:
    await appear(house)
    async with WebPhone(chromium) as page:
        await page.goto(url(house))
        await page.shows("intercom invite NAME")
        assert await page.text("#link") == "Not signed in"
        assert not await page.evaluate("!!document.querySelector('.faceplate')")


async def test_an_invite_link_signs_a_browser_in_for_good(chromium: Chromium, house: Net) -> None:
    link = accounts.invite(house.state, "anna")
    async with WebPhone(chromium) as page:
        await page.goto(url(house, link))
        await page.click("text=Sign in on this device")
        await page.shows("Connected as anna")
        assert await page.evaluate("location.pathname + location.hash") == "/"
        await page.reload()
        await page.shows("Connected as anna")


async def test_an_invite_link_is_good_once(chromium: Chromium, house: Net) -> None:
    link = accounts.invite(house.state, "anna")
    accounts.redeem(house.state, link.partition("#")[2])
    async with WebPhone(chromium) as page:
        await page.goto(url(house, link))
        await page.click("text=Sign in on this device")
        await page.shows("no longer good")
        await page.shows("intercom invite NAME")


async def test_the_token_is_renewed_on_the_living_line(chromium: Chromium, demo: Net) -> None:
    async with WebPhone(chromium, before=SHORT_LIVED) as page:
        await page.open(url(demo))
        await page.wait("tokens >= 3")
        await page.is_connected()
        assert await page.evaluate("lines.filter(line => line.endsWith('/signal')).length") == 1


async def test_a_person_who_is_revoked_is_shown_the_door(chromium: Chromium, house: Net) -> None:
    link = accounts.invite(house.state, "anna")
    async with WebPhone(chromium) as page:
        await page.goto(url(house, link))
        await page.click("text=Sign in on this device")
        await page.is_connected()
        accounts.revoke_person(house.state, "anna")
        await page.shows("You need an invite link")
        assert await page.text("#link") == "Not signed in"


async def test_a_line_that_the_browser_refuses_for_its_certificate_is_named_so(chromium: Chromium, demo: Net) -> None:
    async with WebPhone(chromium, before=NO_LINES) as page:
        await page.goto(url(demo))
        await page.shows("does not trust the exchange's certificate")


async def test_the_page_comes_back_by_itself_when_the_exchange_does(chromium: Chromium, bare: Net) -> None:
    async with WebPhone(chromium) as page:
        async with bare.exchange(page="web"):
            await page.open(url(bare))
        await page.shows("No connection")
        await page.shows("The exchange can't be reached")
        async with bare.exchange(page="web"):
            await page.is_connected(within_s=30)
            assert not await page.evaluate("document.querySelector('#trouble').checkVisibility()")
