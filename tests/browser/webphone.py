"""The exchange's own web page, used as a person would."""

from typing import Any

from tests.browser.chromium import WITHIN_S, Chromium, Heard, Page

HEARS_WITHIN_S = 15.0
_STATE = "document.querySelector('#phone').dataset.state"
_RING = "document.querySelector(`[data-station='${name}'] .ring`)?.getAttribute('aria-label').replace('Ring: ', '')"
_HEARD = "(s => s ? ear.heard(s) : {hz: 0, dbfs: -200})(document.querySelector('#speaker').srcObject)"


class WebPhone(Page):
    """A page; an async context manager.  `shows`, `text`, `click`, `screenshot` and `said` are there besides."""

    def __init__(self, chromium: Chromium, **options: Any) -> None:
        """`options` are those of `Chromium.page`."""
        super().__init__(*chromium.opening(**options))
        self.microphone_hz = chromium.microphone_hz

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

    async def heard(self) -> Heard:
        """Return what the far end sounds like right now."""
        return Heard(**await self.evaluate(_HEARD))

    async def hears(self, hz: float, *, off_by_hz: float = 8, within_s: float = HEARS_WITHIN_S) -> None:
        """Wait until the far end's strongest frequency is this one."""
        script = f"([hz, off]) => (h => h.dbfs > -50 && Math.abs(h.hz - hz) <= off)({_HEARD})"
        await self.wait(script, [hz, off_by_hz], within_s=within_s)

    async def hears_silence(self, *, within_s: float = HEARS_WITHIN_S) -> None:
        """Wait until the far end is silent."""
        await self.wait(f"({_HEARD}).dbfs < -60", within_s=within_s)
