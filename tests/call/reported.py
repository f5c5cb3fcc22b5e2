"""A world in which seconds pass and reports are read."""

import asyncio
from typing import Any

import msgspec

from intercom.call.connection import Connection
from intercom.call.options import Options
from intercom.quality.sample import Record
from tests.call.world import World

LOUD, QUIET = b"\x00\x40\x00\xc0" * 480, b"\x00" * 960
SPEECH = LOUD, QUIET
Key = tuple[str, str, str, str]


class Calls(World):
    """Calls through an exchange that says where it is; `told` are the reports by path, level, group and name."""

    def __init__(self) -> None:
        super().__init__(Options(enable_ringing_state=True, enable_ice_restart=True))
        self.wire.edge, self.wire.origin = "ashburn", {"gateway": "local-gateway", "region": "US_EAST_VIRGINIA"}
        self._began_at = asyncio.get_running_loop().time()
        self._second = 0

    @property
    def told(self) -> list[tuple[Key, dict[str, Any]]]:
        return [((path, body["level"], body["group"], body["name"]), body) for path, body in self.office.reports]

    async def answered(self) -> Connection:
        """Return a call to us that is open."""
        call = self.incoming()
        call.accept()
        await self.settle()
        return call

    async def seconds(
        self,
        call: Connection,
        number: int,
        *,
        sent: int = 50,
        heard: int = 50,
        voice: tuple[bytes, ...] = (LOUD, QUIET),
    ) -> None:
        """Let that many seconds pass, in each of which so many packets are sent and heard, and both sides sound so."""
        sound = self.sounds[-1]
        for _ in range(number):
            self._second += 1
            for pcm in voice:
                sound.pcm = pcm, pcm
                call.quality.listen()
            counters = msgspec.structs.asdict(sound.record)
            for name, more in (("sent", sent), ("received", heard)):
                counters[f"packets_{name}"] += more
                counters[f"bytes_{name}"] += 80 * more
            sound.record = Record(**counters)
            await call.quality.measure(at=self._began_at + self._second)
