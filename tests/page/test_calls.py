"""The page's phone: against a station's bare frames, and against the official SDK with real sound."""

import re

import pytest

from tests.browser.chromium import Chromium
from tests.browser.softphone import SoftPhone
from tests.browser.webphone import WebPhone
from tests.exchange.wires import SDP, Net
from tests.page.stations import appear, url

DENIED = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', '%s'); };"


async def test_the_page_calls_with_all_its_candidates_and_follows_the_call(chromium: Chromium, demo: Net) -> None:
    await appear(demo)
    station = await demo.registered(demo.station("intercom"))
    async with WebPhone(chromium) as page:
        await page.open(url(demo))
        await page.call("intercom")
        invite = await station.hear("invite")
        assert re.search(r"^a=candidate:", invite["sdp"], re.MULTILINE)
        assert invite["parameters"]["From"] == "client:web"
        await page.reaches("ringing")
        await page.hang_up()
        assert (await station.hear("cancel"))["callsid"] == invite["callsid"]
        await page.shows("The call has ended.")


@pytest.mark.parametrize(
    ("act", "words", "frame"),
    [("reject", "Declined.", "hangup"), ("ignore", "Ignored", None)],
)
async def test_an_incoming_call_can_be_refused(
    chromium: Chromium, demo: Net, act: str, words: str, frame: str | None
) -> None:
    station = await demo.registered(demo.station("intercom"))
    async with WebPhone(chromium) as page:
        await page.open(url(demo))
        await station.say(
            "invite",
            callsid="TJS1",
            sdp=SDP + "a=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n",
            twilio={"params": "To=web"},
        )
        await station.hear("ringing")
        await page.shows("is calling you")
        assert await page.evaluate("document.title") == "intercom is calling"
        await page.click(f"[data-act={act}]")
        await page.shows(words)
        if frame:
            assert (await station.hear(frame))["error"]["code"] == 31603


async def test_a_call_that_the_caller_gives_up_stops_ringing(chromium: Chromium, demo: Net) -> None:
    station = await demo.registered(demo.station("intercom"))
    async with WebPhone(chromium) as page:
        await page.open(url(demo))
        await station.say("invite", callsid="TJS1", sdp=SDP, twilio={"params": "To=web"})
        sid = (await station.hear("ringing"))["callsid"]
        await page.reaches("pending")
        await station.say("hangup", callsid=sid)
        await page.shows("Too late")


async def test_why_a_call_failed_is_said_and_the_next_one_is_at_hand(chromium: Chromium, demo: Net) -> None:
    await appear(demo)
    async with WebPhone(chromium) as page:
        await page.open(url(demo))
        await page.call("intercom")
        await page.shows("Nobody of that name is connected at the moment.")
        await page.shows("Try again in a while.")
        assert await page.evaluate("document.activeElement.textContent") == "Call intercom"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("NotAllowedError", "The browser may not use the microphone."),
        ("NotFoundError", "No microphone was found."),
        ("NotReadableError", "The microphone can't be used."),
    ],
)
async def test_a_microphone_that_is_not_to_be_had_is_named(
    chromium: Chromium, demo: Net, error: str, words: str
) -> None:
    await appear(demo)
    async with WebPhone(chromium, before=DENIED % error) as page:
        await page.open(url(demo))
        await page.call("intercom")
        await page.shows(words)


async def test_a_call_is_made_by_keyboard_alone(chromium: Chromium, demo: Net) -> None:
    await appear(demo)
    station = await demo.registered(demo.station("intercom"))
    async with WebPhone(chromium) as page:
        await page.open(url(demo))
        await page.wait("document.querySelector('.callable button')?.disabled === false")
        stops: list[str] = []
        while "Call intercom" not in stops and len(stops) < 6:
            await page.press("Tab")
            stops.append(await page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.textContent"))
            assert await page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        assert stops == ["answer button of intercom", "mute button of intercom", "Call intercom"]
        await page.press("Enter")
        await station.hear("invite")
        await page.wait("document.activeElement.dataset.act === 'hangUp'")
        await page.press("Enter")
        await station.hear("cancel")


async def test_page_and_official_sdk_hear_each_other(chromium: Chromium, demo: Net) -> None:
    async with WebPhone(chromium) as page, SoftPhone(chromium) as phone:
        await page.open(url(demo))
        await phone.setup(demo.sdk("anna"), f"localhost:{demo.port}")
        await phone.saw("device ready")
        await phone.connect(To="web")
        await page.shows("is calling you")
        await page.accept()
        await phone.saw("connection accept")
        await page.reaches("open")
        await page.hears(chromium.microphone_hz)
        await phone.hears(chromium.microphone_hz)
        await page.toggle_mute()
        await phone.hears_silence()
        await page.toggle_mute()
        await phone.hears(chromium.microphone_hz)
        await phone.mute()
        await page.hears_silence()
        await phone.disconnect()
        await page.shows("anna hung up.")


async def test_a_call_goes_on_while_the_exchange_restarts_and_its_end_still_arrives(
    chromium: Chromium, bare: Net
) -> None:
    net = bare
    async with WebPhone(chromium) as page, SoftPhone(chromium) as phone:
        async with net.exchange(page="web"):
            await page.open(url(net))
            await phone.setup(net.sdk("anna"), f"localhost:{net.port}")
            await phone.saw("device ready")
            await phone.connect(To="web")
            await page.accept()
            await page.hears(chromium.microphone_hz)
        await page.shows("No connection")
        await page.hears(chromium.microphone_hz)
        async with net.exchange(page="web"):
            await phone.saw("device ready", times=2, within_s=30)
            await page.is_connected(within_s=30)
            assert await page.state() == "open"
            await page.hang_up()
            await phone.saw("connection disconnect")
