"""What the soft phones on the official SDKs v1 and v2 have in common."""

from dataclasses import dataclass
from types import TracebackType
from typing import Any, ClassVar, Self

from tests.browser.chromium import WITHIN_S, Chromium
from tests.browser.phone import Phone


@dataclass(frozen=True)
class SoftEvent:
    """An event of the SDK: `"device ready"`, `"connection accept"`; `status` is the call's at that moment."""

    name: str
    at_ms: int
    status: str | None
    code: int | None
    message: str


class SdkPhone(Phone):
    """One SDK device in a page of its own; an async context manager.

    Its actions go to the latest call: the one it made, or the last that came in.  The events of a call are named
    `connection …` with either SDK; `READY` is the event of a device that has registered.
    """

    STREAM = "phone.remoteStream()"
    PAGE: ClassVar[str]
    READY: ClassVar[str]

    def __init__(self, chromium: Chromium) -> None:
        super().__init__(chromium)
        self._url = f"{chromium.files}/{self.PAGE}"

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
        """Register with an exchange ("localhost:8443"); await `saw(READY)` for the outcome.  Options are the SDK's."""
        raise NotImplementedError

    async def renew(self, token: str) -> None:
        """Give a new token over the living socket."""
        await self._call("renew", token)

    async def connect(self, **params: str) -> str:
        """Call: `await phone.connect(To="intercom")`; return the call's status in that very moment."""
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
        """Return the call's status: pending, connecting, ringing, open, reconnecting, closed; None before any."""
        status = await self._call("status")
        return None if status is None else str(status)

    async def device_status(self) -> str:
        """Return ready, busy or offline (v1); registered, registering or unregistered (v2)."""
        return str(await self._call("deviceStatus"))

    async def parameters(self) -> dict[str, str]:
        """Return the call's `parameters` (CallSid, From, To, …)."""
        return dict(await self._call("parameters"))

    async def custom_parameters(self) -> dict[str, str]:
        return dict(await self._call("customParameters"))

    async def events(self) -> list[SoftEvent]:
        """Return every event so far, in order; `sample` and `volume`, which come all the time, are left out."""
        return [SoftEvent(**event) for event in await self.evaluate("journal.events")]

    async def names(self) -> list[str]:
        """Return the events' names so far, in order."""
        return [event.name for event in await self.events()]

    async def forget(self) -> None:
        """Forget the events so far."""
        await self.evaluate("journal.events.splice(0)")

    async def saw(self, name: str, *, times: int = 1, within_s: float = WITHIN_S) -> SoftEvent:
        """Wait until an event has come that many times and return the last of those."""
        script = "([name, times]) => journal.events.filter(event => event.name === name)[times - 1]"
        return SoftEvent(**await self.wait(script, [name, times], within_s=within_s))

    async def _call(self, method: str, *arguments: Any) -> Any:
        return await self.evaluate(f"args => phone.{method}(...args)", list(arguments))
