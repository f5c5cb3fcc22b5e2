"""Two phones that act alike: the official SDK v1 in a browser, and our Client, Device and Peer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

from intercom.call.connection import Connection
from intercom.call.device import Device
from intercom.call.options import Options
from intercom.rtc.peer import Peer
from intercom.rtc.preferences import Preferences
from intercom.signaling.client import Client
from intercom.signaling.credential import Credential
from intercom.signaling.tokens import Source
from intercom.signaling.trust import Trust
from tests.browser.chromium import Chromium
from tests.browser.softphone import SoftPhone
from tests.rtc.call import OPUS_FIRST
from tests.rtc.room import Room
from tests.signaling.script import Script

TOKEN, NEXT_TOKEN = "first.token", "second.token"
PATIENCE_S = 20.0


class Side(Protocol):
    """A phone whose actions go to its latest call; its microphone hears a tone."""

    microphone_hz: int

    async def connect(self, **params: str) -> str: ...
    async def accept(self) -> None: ...
    async def reject(self) -> None: ...
    async def ignore(self) -> None: ...
    async def disconnect(self) -> None: ...
    async def mute(self, flag: bool = True) -> None: ...
    async def send_digits(self, digits: str) -> None: ...
    async def renew(self, token: str) -> None: ...
    async def is_in(self, status: str) -> None:
        """Wait until the latest call is in this status."""


class TheirSide(SoftPhone):
    """The official SDK."""

    async def is_in(self, status: str) -> None:
        await self.wait("status => phone.status() === status", status, within_s=PATIENCE_S)


class OurSide:
    """Our own stack; an async context manager."""

    microphone_hz = 440

    def __init__(self, exchange: Script) -> None:
        async def given() -> str:
            return TOKEN

        self._client = Client([exchange.uri], Credential(Source("test", given)), Trust(exchange.uri, exchange.pin))
        self._room = Room(self.microphone_hz)
        self._device = Device(self._client, self._media, Options(enable_ringing_state=True, enable_ice_restart=True))
        self._connection: Connection | None = None
        self._changed = asyncio.Event()
        self._device.on("incoming", self._follow)

    async def __aenter__(self) -> "OurSide":
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self._device.__aexit__(*error)
        await self._client.__aexit__(*error)

    async def connect(self, **params: str) -> str:
        self._follow(self._device.connect(params))
        return self._latest.status()

    async def accept(self) -> None:
        self._latest.accept()

    async def reject(self) -> None:
        self._latest.reject()

    async def ignore(self) -> None:
        self._latest.ignore()

    async def disconnect(self) -> None:
        self._latest.disconnect()

    async def mute(self, flag: bool = True) -> None:
        self._latest.mute(flag)

    async def send_digits(self, digits: str) -> None:
        self._latest.send_digits(digits)

    async def renew(self, token: str) -> None:
        self._device.update_token(token)

    async def is_in(self, status: str) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while self._connection is None or self._connection.status() != status:
                self._changed.clear()
                await self._changed.wait()

    @property
    def _latest(self) -> Connection:
        assert self._connection
        return self._connection

    def _media(self, on_state: Any) -> Peer:
        return Peer(preferences=Preferences(OPUS_FIRST), voice=self._room, on_state=on_state, loopback=True)

    def _follow(self, connection: Connection) -> None:
        self._connection = connection
        connection.on("state", lambda _: self._changed.set())
        self._changed.set()


@asynccontextmanager
async def their_side(exchange: Script, chromium: Chromium) -> AsyncIterator[Side]:
    async with TheirSide(chromium) as phone:
        await phone.setup(TOKEN, exchange.uri.split("/")[2], publishEvents=False)
        yield phone


@asynccontextmanager
async def our_side(exchange: Script) -> AsyncIterator[Side]:
    async with OurSide(exchange) as phone:
        yield phone
