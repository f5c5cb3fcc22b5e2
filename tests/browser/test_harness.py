"""The browser tests' own instruments, before they are trusted."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.browser.chromium import Chromium
from tests.browser.driver import HERE, BrowserError
from tests.browser.softphone import SoftPhone
from tests.browser.softphone2 import SoftPhone2

# Two peer connections in one page: the browser's microphone goes out and comes back over real ICE, DTLS and SRTP.
AROUND = """async () => {
  const near = new RTCPeerConnection(), far = new RTCPeerConnection();
  near.onicecandidate = ({candidate}) => candidate && far.addIceCandidate(candidate);
  far.onicecandidate = ({candidate}) => candidate && near.addIceCandidate(candidate);
  const microphone = await navigator.mediaDevices.getUserMedia({audio: {
    echoCancellation: false, noiseSuppression: false, autoGainControl: false}});
  near.addTrack(microphone.getTracks()[0], microphone);
  far.ontrack = ({streams}) => { globalThis.arrived = streams[0]; };
  await near.setLocalDescription();
  await far.setRemoteDescription(near.localDescription);
  await far.setLocalDescription();
  await near.setRemoteDescription(far.localDescription);
  globalThis.microphone = microphone;
}"""


async def test_the_microphones_tone_is_heard_at_its_frequency_over_webrtc(chromium: Chromium) -> None:
    async with chromium.page() as page:
        await page.goto(f"{chromium.files}/softphone.html")
        await page.evaluate(f"({AROUND})()")
        tone = "hz => ear.heard(globalThis.arrived).then(h => h && h.dbfs > -50 && Math.abs(h.hz - hz) < 4)"
        await page.wait(tone, chromium.microphone_hz, within_s=20)
        await page.evaluate("microphone.getTracks()[0].enabled = false")
        await page.wait("ear.heard(arrived).then(h => h.dbfs < -60)")


async def test_an_sdk_without_an_exchange_reports_it_in_its_events(chromium: Chromium) -> None:
    async with SoftPhone(chromium) as phone:
        await phone.setup("not a token", "localhost:1")
        error = await phone.saw("device error", within_s=20)
        assert error.code in {31000, 31005}
        assert await phone.status() is None
        assert await phone.heard() is None


async def test_the_sdk_v2_without_an_exchange_reports_it_too(chromium: Chromium) -> None:
    async with SoftPhone2(chromium) as phone:
        await phone.setup("not a token", "localhost:1")
        assert (await phone.saw("device error", within_s=20)).code in {31000, 31005, 53000, 53001}
        assert await phone.device_status() == "registering"
        assert await phone.status() is None


async def test_a_wait_that_ends_in_vain_says_what_it_waited_for(chromium: Chromium) -> None:
    async with chromium.page() as page:
        with pytest.raises(BrowserError, match="1 > 2"):
            await page.wait("1 > 2", within_s=0.1)


async def test_pages_share_no_cookies_and_act_side_by_side(chromium: Chromium) -> None:
    async with chromium.page() as one, chromium.page() as other:
        await asyncio.gather(*(page.goto(f"{chromium.files}/softphone.html") for page in (one, other)))
        await one.evaluate("document.cookie = 'signed=in'")
        assert await one.evaluate("document.cookie") == "signed=in"
        assert await other.evaluate("document.cookie") == ""


def test_the_lock_file_pins_by_hash_and_names_no_address() -> None:
    text = Path(HERE / "package-lock.json").read_text()
    packages = json.loads(text)["packages"]
    assert '"resolved"' not in text
    assert all(package.get("integrity") for name, package in packages.items() if name)
