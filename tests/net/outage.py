"""An outage of the town's network during its calls."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.net.street import BROWSER, EXCHANGE, STATIONS
from tests.net.talk import Talk, timed
from tests.net.town import Town

MEDIA = (("hall", BROWSER), ("kitchen", BROWSER), ("yard", "attic"))
SIGNALLING = tuple((host, EXCHANGE) for host in (BROWSER, *STATIONS))
RING_WITHIN_S = 3.0


@dataclass(frozen=True)
class Outage:
    """Pairs of machines are cut off from one another for so long; `note` takes what is measured."""

    town: Town
    pairs: tuple[tuple[str, str], ...]
    lasts_s: float
    note: Callable[[str], None]

    def __str__(self) -> str:
        what = "path" if self.pairs == MEDIA else "path and signalling"
        return f"{what} cut for {self.lasts_s} s"

    async def passes(self, *, within_s: float) -> None:
        """Let it happen: every ring shows it, and so soon after its end all hear each other in the calls they had."""
        mended_at = time.monotonic() + self.lasts_s
        self.town.street.cut(*self.pairs)
        await self._is_noticed()
        await asyncio.sleep(mended_at - time.monotonic())
        self.town.street.mend()
        await asyncio.gather(*(self._is_healed(talk, within_s) for talk in self.town.talks))

    async def _is_noticed(self) -> None:
        rings = [timed(each.shows(pattern="swing", within_s=RING_WITHIN_S)) for each in self.town.stations]
        self.note(f"{self}: the last ring showed it after {max(await asyncio.gather(*rings)):.2f} s")
        await asyncio.gather(*(talk.miss_each_other() for talk in self.town.talks))

    async def _is_healed(self, talk: Talk, within_s: float) -> None:
        heard = await talk.is_sound(within_s=within_s)
        self.note(f"{self}: with {talk.title} heard again after {heard}")
