"""A browser phone on the official Voice JS SDK v1 (npm twilio-client 1.15.1), as a foreign far end."""

from typing import Any

from tests.browser.sdkphone import SdkPhone


class SoftPhone(SdkPhone):
    """The SDK v1: registers as soon as it has a token."""

    PAGE = "softphone.html"
    READY = "device ready"

    async def setup(self, token: str, exchange: str, **options: Any) -> None:
        """Register; the ringing state and ICE restart are on unless said otherwise."""
        defaults = {"chunderw": exchange, "eventgw": exchange, "enableRingingState": True, "enableIceRestart": True}
        await self._call("setup", token, {**defaults, **options})
