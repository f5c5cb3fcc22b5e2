"""A house whose station has comfort, and a clock on the wall."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from intercom.call.connection import Connection
from intercom.panel.events import Edge
from intercom.settings.schema import Call, Settings
from intercom.signaling.messages import CallMessage
from intercom.station.comfort import Comfort
from intercom.station.companion import Companion
from intercom.station.view import Shows, Sign
from tests.call.world import SID
from tests.station.test_station import SETTINGS, House, living

MINUTE_S = 60
NOON = datetime(2026, 11, 23, 12).timestamp()
CALM = Call(to="web", longest_min=10, ring_timeout_s=30)
ALLOWED = replace(CALM, auto_answer=("kitchen",), auto_answer_after_s=3)


class Home(House):
    """A house with comfort; `wall` is what the clock on the wall shows."""

    def __init__(self, state: Path, call: Call = CALM) -> None:
        self.wall, self.is_audible, self.is_private = NOON, True, False
        self._state = state
        super().__init__(replace(SETTINGS, call=call))
        self.station.touched = self.comfort.touched

    def companions(self, settings: Settings) -> Sequence[Companion]:
        self.comfort = Comfort(
            settings.call, self, state=self._state, post=self.inbox.put_nowait, clock=lambda: self.wall
        )
        return [self.comfort]

    def keep_private(self, flag: bool) -> None:
        self.is_private = flag

    @property
    def signs(self) -> frozenset[Sign]:
        return self.station.view.signs

    async def later(self, seconds: float) -> None:
        """Make it so many seconds after now, for a moment, as an edge of a button tells the station."""
        self.wall = NOON + seconds
        at = asyncio.get_running_loop().time() + seconds
        self.inbox.put_nowait(Edge("service", is_down=False, at=at))
        await self.settle()

    async def sees(self, sign: Sign, *, is_there: bool) -> None:
        """Wait until a sign is shown, or no longer."""
        async with asyncio.timeout(5):
            while (sign in self.signs) is not is_there:
                self._shown.clear()
                await self._shown.wait()

    async def open(self) -> Connection:
        """Answer a call that comes."""
        connection = self.incoming(From="client:kitchen")
        connection.accept()
        await self.shows(Shows.OPEN)
        return connection

    def told(self) -> list[object]:
        """Return what was sent to the far end of its end."""
        return [message.content for message in self.wire.sent if isinstance(message, CallMessage)]

    def tells(self, **content: object) -> None:
        """Let the far end say something of the call's end."""
        self.wire.receive(CallMessage(callsid=SID, messagetype="limit", voiceeventsid="KX1", content=content))


@asynccontextmanager
async def at_home(state: Path, call: Call = CALM) -> AsyncIterator[Home]:
    home = Home(state, call)
    async with home.comfort, living(home):
        yield home
