"""The exchange's own web page, used as a person would."""

from types import TracebackType

from tests.browser.chromium import WITHIN_S
from tests.browser.phone import Phone

_STATE = "document.querySelector('#phone').dataset.state"
_RING = "document.querySelector(`[data-station='${name}'] .ring`)?.getAttribute('aria-label').replace('Ring: ', '')"


class WebPhone(Phone):
    """A page in a fresh context; leaving it fails where the page's own code did.

    Besides the phone there are `shows`, `text`, `click`, `screenshot` and the rest of Page.
    """

    STREAM = "document.querySelector('#speaker').srcObject"

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        failures = [line for line in await self.said() if line.startswith("uncaught:")]
        await super().__aexit__(kind, error, trace)
        assert error or not failures, failures

    async def open(self, url: str, *, within_s: float = WITHIN_S) -> None:
        """Load the page and wait until it is registered."""
        await self.goto(url)
        await self.is_connected(within_s=within_s)

    async def is_connected(self, *, within_s: float = WITHIN_S) -> None:
        """Wait until it is registered with the exchange."""
        await self.wait("document.querySelector('#link').dataset.state === 'ready'", within_s=within_s)

    async def call(self, name: str) -> None:
        """Press the call button of a station, once it can be pressed."""
        await self.click(f".callable [data-name='{name}']")

    async def accept(self) -> None:
        await self.click("[data-act=accept]")

    async def reject(self) -> None:
        await self.click("[data-act=reject]")

    async def ignore(self) -> None:
        await self.click("[data-act=ignore]")

    async def hang_up(self) -> None:
        await self.click("[data-act=hangUp]")

    async def toggle_mute(self) -> None:
        await self.click("[data-act=mute]")

    async def state(self) -> str:
        """Return idle, pending, connecting, ringing, open, reconnecting or closed."""
        return str(await self.evaluate(_STATE))

    async def reaches(self, state: str, *, within_s: float = WITHIN_S) -> None:
        """Wait until the phone is in this state."""
        await self.wait(f"s => {_STATE} === s", state, within_s=within_s)

    async def ring(self, station: str) -> str:
        """Return what a station's ring shows, in words: `green, steady`."""
        return str(await self.evaluate(f"name => {_RING}", station))

    async def sees(self, station: str, light: str, *, within_s: float = WITHIN_S) -> None:
        """Wait until a station's ring shows this light: `blue, chasing`."""
        await self.wait(f"([name, light]) => {_RING} === light", [station, light], within_s=within_s)
