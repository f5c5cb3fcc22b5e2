"""A browser phone on the official Voice JS SDK v1 (npm twilio-client 1.15.1), as a foreign far end."""

from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from tests.browser.chromium import WITHIN_S, Chromium
from tests.browser.phone import Phone


@dataclass(frozen=True)
class SoftEvent:
    """An event of the SDK: `"device ready"`, `"connection accept"`; `status` is the connection's at that moment."""

    name: str
    at_ms: int
    status: str | None
    code: int | None
    message: str


class SoftPhone(Phone):
    """One SDK device in a page of its own; an async context manager.

    Its actions go to the latest connection: the one it made, or the last that came in.
    """

    STREAM = "phone.remoteStream()"

    def __init__(self, chromium: Chromium) -> None:
        super().__init__(chromium)
        self._url = f"{chromium.files}/softphone.html"

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        await self.goto(self._url)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            error.add_note(f"The soft phone's events: {await self.names()}")
        await super().__aexit__(kind, error, trace)

    async def setup(self, token: str, exchange: str, **options: Any) -> None:
        """Register with an exchange ("localhost:8443"); await `saw("device ready")` for the outcome.

        `options` are the SDK's; the ringing state and ICE restart are on unless said otherwise.
        """
        defaults = {"chunderw": exchange, "eventgw": exchange, "enableRingingState": True, "enableIceRestart": True}
        await self._call("setup", token, {**defaults, **options})

    async def renew(self, token: str) -> None:
        """Give a new token over the living socket."""
        await self._call("renew", token)

    async def connect(self, **params: str) -> str:
        """Call: `await phone.connect(To="intercom")`; return the connection's status in that very moment."""
        return str(await self._call("connect", params))

    async def accept(self) -> None:
        await self._call("accept")

    async def reject(self) -> None:
        await self._call("reject")

    async def ignore(self) -> None:
        await self._call("ignore")

    async def disconnect(self) -> None:
        await self._call("disconnect")

    async def mute(self, flag: bool = True) -> None:
        await self._call("mute", flag)

    async def send_digits(self, digits: str) -> None:
        await self._call("sendDigits", digits)

    async def destroy(self) -> None:
        await self._call("destroy")

    async def status(self) -> str | None:
        """Return the connection's status: pending, connecting, ringing, open, reconnecting, closed; None before any."""
        status = await self._call("status")
        return None if status is None else str(status)

    async def device_status(self) -> str:
        """Return ready, busy or offline."""
        return str(await self._call("deviceStatus"))

    async def parameters(self) -> dict[str, str]:
        """Return `connection.parameters` (CallSid, From, To, …)."""
        return dict(await self._call("parameters"))

    async def custom_parameters(self) -> dict[str, str]:
        return dict(await self._call("customParameters"))

    async def events(self) -> list[SoftEvent]:
        """Return every event so far, in order; `sample` and `volume`, which come all the time, are left out."""
        return [SoftEvent(**event) for event in await self.evaluate("phone.events")]

    async def names(self) -> list[str]:
        """Return the events' names so far, in order."""
        return [event.name for event in await self.events()]

    async def saw(self, name: str, *, times: int = 1, within_s: float = WITHIN_S) -> SoftEvent:
        """Wait until an event has come that many times and return the last of those."""
        script = "([name, times]) => phone.events.filter(event => event.name === name)[times - 1]"
        return SoftEvent(**await self.wait(script, [name, times], within_s=within_s))

    async def _call(self, method: str, *arguments: Any) -> Any:
        return await self.evaluate(f"args => phone.{method}(...args)", list(arguments))
