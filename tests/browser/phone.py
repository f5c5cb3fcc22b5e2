"""What all browser phones can: hear their far end."""

from dataclasses import dataclass
from typing import Any, ClassVar

from tests.browser.chromium import Chromium, Page

HEARS_WITHIN_S = 15.0
AUDIBLE_DBFS, SILENT_DBFS = -50, -60


@dataclass(frozen=True)
class Heard:
    """The strongest frequency and the level (RMS against full scale, -200: digital silence) of 170 ms of sound."""

    hz: float
    dbfs: float


class Phone(Page):
    """A page that is a phone; an async context manager.  `STREAM` is JavaScript for the far end's MediaStream."""

    STREAM: ClassVar[str]

    def __init__(self, chromium: Chromium, **options: Any) -> None:
        """`options` are those of `Chromium.opening`."""
        super().__init__(*chromium.opening(**options))
        self.microphone_hz = chromium.microphone_hz

    async def heard(self) -> Heard | None:
        """Return what the far end sounds like right now; None where there is no far end."""
        heard = await self.evaluate(f"ear.heard({self.STREAM})")
        return heard and Heard(**heard)

    async def hears(self, hz: float, *, off_by_hz: float = 8, within_s: float = HEARS_WITHIN_S) -> None:
        """Wait until the far end's strongest frequency is this one."""
        is_heard = f"h && h.dbfs > {AUDIBLE_DBFS} && Math.abs(h.hz - hz) <= off"
        script = f"([hz, off]) => ear.heard({self.STREAM}).then(h => {is_heard})"
        await self.wait(script, [hz, off_by_hz], within_s=within_s)

    async def hears_silence(self, *, within_s: float = HEARS_WITHIN_S) -> None:
        """Wait until there is a far end and it is silent."""
        await self.wait(f"ear.heard({self.STREAM}).then(h => h && h.dbfs < {SILENT_DBFS})", within_s=within_s)
