"""A browser phone on the official Voice JS SDK v2 (npm @twilio/voice-sdk 2.18.5), as a foreign far end."""

from typing import Any

from tests.browser.sdkphone import SdkPhone


class SoftPhone2(SdkPhone):
    """The SDK v2: connects when it is to register or to call."""

    PAGE = "softphone2.html"
    READY = "device registered"

    async def setup(self, token: str, exchange: str, **options: Any) -> None:
        """Make the device and register; it publishes no events to a gateway unless said otherwise."""
        await self._call("setup", token, {"chunderw": exchange, "publishEvents": False, **options})
        await self._call("begin")

    async def register(self) -> None:
        """Wait until the SDK's promise is kept, which a `ready` frame does."""
        await self._call("register")

    async def unregister(self) -> None:
        """Wait until the SDK's promise is kept, which an `offline` frame does."""
        await self._call("unregister")

    async def connect_token(self) -> str:
        """Return what lets another device take the latest call over."""
        return str(await self._call("connectToken"))

    async def take_over(self, connect_token: str) -> str:
        """Take a call over from another device of this identity; return its status in that very moment."""
        return str(await self._call("takeOver", connect_token))

    async def send_message(self, content: Any, message_type: str = "user-defined-message") -> str:
        """Send an application's message within the call; return its id."""
        return str(await self._call("sendMessage", content, message_type))
