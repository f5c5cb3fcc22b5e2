"""Small working parts in place of codecs and a playout, typed against what they stand for."""

import asyncio

from intercom.call.ports import DigitHeard
from intercom.rtc import sdp
from intercom.rtc.keypad import Keypad
from tests.rtc.test_sdp import CHROMIUM

OPUS = 111


class Words:
    """An encoder whose packets are what it is given; empty: silence."""

    look_ahead_ms = 0.0

    def __init__(self, rate_hz: int = 48_000) -> None:
        self.rate_hz = rate_hz
        self.heard: list[bytes] = []
        self.losses: list[float] = []

    def encode(self, pcm: bytes) -> bytes:
        self.heard.append(pcm)
        return pcm

    def adapt(self, *, loss: float) -> None:
        self.losses.append(loss)


async def posted() -> None:
    """Wait until the loop has run what was handed over to it from whichever thread."""
    ran = asyncio.Event()
    asyncio.get_running_loop().call_soon_threadsafe(ran.set)
    await ran.wait()


def agreed(codec: str, *, packet_ms: int = 20, text: str = CHROMIUM) -> tuple[Keypad, list[DigitHeard]]:
    """Return the keypad of a call with Chromium, and the digits that it hears."""
    heard: list[DigitHeard] = []
    keypad = Keypad(heard.append, packet_ms=packet_ms)
    keypad.agree(sdp.parse(text, "offer"), codec)
    return keypad, heard
