"""Our transport and Chromium's peer connection: descriptions, DTLS, SRTP and ICE restarts fit, whoever offers."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from intercom.call.ports import MediaState
from intercom.rtc import rtp
from intercom.rtc.preferences import Preferences
from tests.browser.chromium import Chromium, Page
from tests.rtc.party import CONNECTED, Party, parties

PEER = """
const context = new AudioContext(), tone = context.createOscillator(), out = context.createMediaStreamDestination();
tone.connect(out); tone.start(); context.resume();
window.pc = new RTCPeerConnection(); window.heard = 0;
out.stream.getTracks().forEach(track => pc.addTrack(track, out.stream));
window.describe = async () => { await pc.setLocalDescription(); return pc.localDescription.sdp };
window.take = async (type, sdp) => { await pc.setRemoteDescription({type, sdp}) };
window.received = async () => {
    for (const each of (await pc.getStats()).values()) if (each.type === "inbound-rtp") return each.packetsReceived;
    return 0;
};
"""


@pytest.fixture
async def page(chromium: Chromium) -> AsyncIterator[Page]:
    async with chromium.page(before=PEER) as page:
        await page.goto("data:text/html,")
        yield page


async def offer_to(page: Page, offer: str) -> str:
    """Return the browser's answer."""
    await page.evaluate("offer => take('offer', offer)", offer)
    return str(await page.evaluate("describe()"))


async def answer_of(page: Page, party: Party, *, is_again: bool = False) -> None:
    """Have the browser offer to us."""
    offer = str(await page.evaluate("describe()"))
    answer = await (party.negotiation.follow if is_again else party.negotiation.answer)(offer)
    await page.evaluate("answer => take('answer', answer)", answer)


async def talk(page: Page, party: Party, *, begin: int, number: int) -> None:
    """Send the browser 20 packets, and wait until it and we have received more than before."""
    before, ours = int(await page.evaluate("received()")), len(party.packets)
    for sequence in range(begin, begin + 20):
        voice = rtp.Packet(number, sequence, sequence * 160, party.negotiation.ssrc, bytes([255]) * 160)
        party.negotiation.send(rtp.pack(voice))
    await page.wait(f"(async () => await received() >= {before + 20})()")
    async with asyncio.timeout(8):
        while len(party.packets) < ours + 20:
            await party.news()


@pytest.mark.parametrize("is_browser_offering", [True, False])
async def test_a_call_with_a_browser_goes_over_its_restarts(is_browser_offering: bool, page: Page) -> None:
    party = Party(Preferences(["pcmu"]))
    async with parties(party):
        if is_browser_offering:
            await answer_of(page, party)
        else:
            await party.negotiation.accept(await offer_to(page, await party.negotiation.offer()))
        await party.until(CONNECTED)
        await page.wait("pc.connectionState === 'connected'")
        await talk(page, party, begin=0, number=0)
        await party.negotiation.restarted(await offer_to(page, await party.negotiation.restart()))
        await party.until_path(2)
        await talk(page, party, begin=20, number=0)
        await page.evaluate("pc.restartIce()")
        await answer_of(page, party, is_again=True)
        await party.until_path(3)
        await talk(page, party, begin=40, number=0)
        await page.evaluate("pc.close()")
        await party.until(MediaState.CLOSED)
        assert party.negotiation.drops.refused == 0
