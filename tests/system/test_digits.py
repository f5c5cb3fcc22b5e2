"""Digits between the official SDKs in a real Chromium and a script's device: by telephone events, by frames, by ear."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from intercom import Device
from intercom.call.connection import Connection
from intercom.call.ports import DigitHeard, DigitSource
from intercom.exchange import accounts
from tests.browser.chromium import Chromium
from tests.browser.sdkphone import SdkPhone
from tests.browser.softphone import SoftPhone
from tests.browser.softphone2 import SoftPhone2
from tests.exchange.wires import Net, net
from tests.rig.ear import until_heard
from tests.rig.simcard import SimCard
from tests.system.test_script import settings

# What makes a browser offer no telephone events.
NO_EVENTS = r"""
const create = RTCPeerConnection.prototype.createOffer;
RTCPeerConnection.prototype.createOffer = async function (...given) {
  const { type, sdp } = await create.apply(this, given);
  const types = [...sdp.matchAll(/a=rtpmap:(\d+) telephone-event/g)].map((match) => match[1]);
  const line = (all) => all.split(" ").filter((word) => !types.includes(word)).join(" ");
  return { type, sdp: sdp.replace(/a=rtpmap:\d+ telephone-event.*\r\n/g, "").replace(/m=audio .*/, line) };
};
"""
DIGITS = "12w*w0#"  # a group of more than two loses tones in a browser, where the SDK cuts it short after 500 ms


class Talk:
    """A call between a phone that placed it and the device that took it; `heard` are the digits so far."""

    def __init__(self, phone: SdkPhone, connection: Connection, card: SimCard) -> None:
        self.phone, self.connection, self.card = phone, connection, card
        self.heard: list[DigitHeard] = []
        self._came = asyncio.Event()
        connection.on("digit", self._hear)

    async def until_dialled(self, digits: str) -> None:
        async with asyncio.timeout(15):
            while len(self.heard) < len(digits):
                self._came.clear()
                await self._came.wait()
        assert "".join(heard.digit for heard in self.heard) == digits

    def _hear(self, heard: DigitHeard) -> None:
        self.heard.append(heard)
        self._came.set()


@asynccontextmanager
async def talking(house: Net, phone: SdkPhone, card: SimCard) -> AsyncIterator[Talk]:
    """Let the phone call the device, which answers, until both hear each other."""
    async with Device(settings(house, "hall")) as device:
        ready, incoming = asyncio.Event(), asyncio.Queue[Connection]()
        device.on("ready", lambda _: ready.set())
        device.on("incoming", incoming.put_nowait)
        async with asyncio.timeout(20):
            await ready.wait()
        await phone.setup(accounts.mint_token(house.state, "anna", 600), f"localhost:{house.port}")
        await phone.saw(phone.READY)
        await phone.connect(To="hall")
        async with asyncio.timeout(20):
            connection = await incoming.get()
        connection.accept()
        talk = Talk(phone, connection, card)
        await phone.hears(440)
        await until_heard(card, phone.microphone_hz)
        yield talk


@pytest.fixture
async def house(tmp_path: Path, cards: Path, plug_in: Callable[..., None]) -> AsyncIterator[tuple[Net, SimCard]]:
    card = SimCard(cards / "hall")
    card.hum(440)
    plug_in(hall=card)
    async with net(tmp_path) as made, made.exchange():
        yield made, card


@pytest.mark.parametrize("sdk", [SoftPhone, SoftPhone2], ids=["v1", "v2"])
async def test_what_an_sdk_dials_is_heard_as_telephone_events_and_what_we_dial_as_tones(
    house: tuple[Net, SimCard], chromium: Chromium, sdk: type[SdkPhone]
) -> None:
    async with sdk(chromium) as phone, talking(house[0], phone, house[1]) as talk:
        await phone.send_digits(DIGITS)
        await talk.until_dialled(DIGITS.replace("w", ""))
        assert {heard.source for heard in talk.heard} == {DigitSource.RTP}
        talk.connection.send_digits("5" * 12)
        await phone.hears(1336)  # Chromium plays the events that come
        await phone.hears(440)
        await until_heard(talk.card, phone.microphone_hz)


@pytest.mark.parametrize("sdk", [SoftPhone, SoftPhone2], ids=["v1", "v2"])
async def test_without_telephone_events_what_an_sdk_dials_comes_by_frames(
    house: tuple[Net, SimCard], chromium: Chromium, sdk: type[SdkPhone]
) -> None:
    async with sdk(chromium) as phone:
        await phone.evaluate(f"void (() => {{ {NO_EVENTS} }})()")
        async with talking(house[0], phone, house[1]) as talk:
            await phone.send_digits(DIGITS)
            await talk.until_dialled(DIGITS.replace("w", ""))
            assert {heard.source for heard in talk.heard} == {DigitSource.SIGNALLING}
