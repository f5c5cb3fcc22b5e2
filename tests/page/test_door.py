"""What the page shows of a station's door, and what it says to a station that asks for one."""

from tests.browser.chromium import Chromium
from tests.browser.webphone import WebPhone
from tests.exchange.wires import SDP, Net
from tests.page.stations import appear, status, url

DOORS = [
    ({"lock": "open", "alarm": "", "tampered": False}, "The door is open"),
    ({"lock": "locked", "alarm": "held open", "tampered": False}, "The door is held open"),
    ({"lock": "open", "alarm": "", "tampered": True}, "Case opened: the door stays locked"),
    ({"lock": "none", "alarm": "", "tampered": False}, ""),
]


async def test_a_door_is_shown_where_there_is_something_to_tell(chromium: Chromium, demo: Net) -> None:
    async with WebPhone(chromium) as page:
        await page.open(url(demo))
        station = await appear(demo)
        for door, words in DOORS:
            await station.say("snapshot", status=status(door=door))
            await page.wait("words => document.querySelector('.lock')?.textContent === words", words)


async def test_a_page_that_is_asked_for_its_door_says_that_it_has_none(chromium: Chromium, demo: Net) -> None:
    async with WebPhone(chromium) as page:
        await page.open(url(demo))
        station = await demo.registered(demo.station("intercom"))
        await station.say("invite", callsid="TJS1", sdp=SDP, twilio={"params": "To=web"})
        sid = (await station.hear("ringing"))["callsid"]
        await page.shows("is calling you")
        await station.say("message", callsid=sid, messagetype="door", voiceeventsid="KX1", content={"open": True})
        await station.hear("ack")
        told = (await station.hear("message"))["content"]
        assert told == {"result": "failed", "why": "The other end is a browser, which has no door.", "request": "KX1"}
