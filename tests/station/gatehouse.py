"""A station with a door: real calls at its two edges, a lock that opens at once, a warden with a short list."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from intercom.call.connection import Connection
from intercom.call.options import Options
from intercom.door.events import DoorEvent, LockMoved, LockRefused
from intercom.door.verdict import How, Verdict, What
from intercom.errors import DoorError
from intercom.panel.patterns import Light
from intercom.settings import schema
from intercom.settings.schema import Settings
from intercom.signaling.messages import CallMessage
from intercom.station.doorway import Doorway
from intercom.station.events import Changed
from intercom.station.station import Inbox, Station
from intercom.station.status import snapshot
from tests.call.world import SID, World

GATE = Settings(station=schema.Station(identity="gate"), call=schema.Call(to="house"))
ASK = {"open": True}
WITHIN_S = 5.0


class Bolt:
    """A lock that tells what it does through `post`; `fault` and `refusal` are what it has against opening."""

    def __init__(self, *, has_lock: bool = True) -> None:
        self.has_lock, self.is_open, self.is_case_open = has_lock, False, False
        self.opened = 0
        self.fault: DoorError | None = None
        self.refusal = ""
        self.post: Callable[[DoorEvent], None] = lambda _: None

    def open(self) -> None:
        if self.fault:
            raise self.fault
        asyncio.get_running_loop().call_soon(self._move)

    def close(self) -> None:
        self.is_open = False
        self.post(LockMoved(is_open=False))

    def status(self) -> dict[str, Any]:
        return {"lock": "open" if self.is_open else "locked"}

    def _move(self) -> None:
        if self.refusal:
            self.post(LockRefused(self.refusal))
            return
        self.is_open, self.opened = True, self.opened + 1
        self.post(LockMoved(is_open=True))


class Porter:
    """A warden who lets `allowed` in, and who dials `code`; `told` is all he was asked and told, in order."""

    def __init__(self) -> None:
        self.allowed, self.code = {"kitchen"}, "246802"
        self.is_tampered = False
        self.told: list[str] = []
        self.may_judge = asyncio.Event()
        self.may_judge.set()

    async def ask(self, identity: str, *, call: str) -> Verdict:
        return await self._judge(identity, How.STATION, call, is_allowed=identity in self.allowed)

    async def attempt(self, digits: str, *, identity: str, call: str) -> Verdict:
        return await self._judge(identity, How.CODE, call, is_allowed=digits == self.code)

    async def grant(self, who: str, *, how: How) -> Verdict:
        return await self._judge(who, how, "", is_allowed=True)

    async def outcome(self, verdict: Verdict, *, is_open: bool, why: str = "") -> None:
        self.told.append(f"{verdict.who} {'opened' if is_open else 'failed'} {why}".strip())

    async def note(self, what: What, *, who: str = "", why: str = "") -> None:
        self.is_tampered |= what is What.TAMPERED
        self.told.append(f"{what} {why}".strip())

    def status(self) -> dict[str, Any]:
        return {"lockouts": []}

    async def _judge(self, who: str, how: How, call: str, *, is_allowed: bool) -> Verdict:
        await self.may_judge.wait()
        is_allowed = is_allowed and not self.is_tampered
        self.told.append(f"{who} by {how}: {'may' if is_allowed else 'may not'}")
        return Verdict(is_allowed, "" if is_allowed else "That is not allowed.", who, how, call)


class Gatehouse(World):
    """A station whose companion is a doorway; `messages` are those that it sent."""

    def __init__(self, settings: Settings = GATE, *, has_lock: bool = True) -> None:
        super().__init__(Options(enable_ringing_state=True, enable_ice_restart=True))
        self.light, self.tones = Light("off", "off"), list[str | None]()
        self.inbox: Inbox = asyncio.Queue()
        self.bolt, self.porter = Bolt(has_lock=has_lock), Porter()
        self.doorway = Doorway(
            settings,
            lock=self.bolt,
            warden=self.porter,
            device=self.device,
            changed=lambda: self.inbox.put_nowait(Changed()),
        )
        self.bolt.post = self.inbox.put_nowait
        self.station = Station(
            settings, self.inbox, device=self.device, lamp=self, speaker=self, companions=[self.doorway]
        )
        self.station.door_moved = self.doorway.take
        self._settings = settings

    @property
    def messages(self) -> list[CallMessage]:
        return [message for message in self.wire.sent if isinstance(message, CallMessage)]

    @property
    def answers(self) -> list[tuple[str, str]]:
        """What was answered to who asked: result and reason."""
        said = [message.content for message in self.messages if isinstance(message.content, dict)]
        return [(content["result"], content["why"]) for content in said if "result" in content]

    @property
    def asked(self) -> dict[str, Any] | None:
        """What the status tells of a door that was asked for."""
        told = snapshot(self._settings.station, self.station, self.device, {"door": self.doorway})["door"]["asked"]
        return told and dict(told)

    def show(self, light: Light) -> None:
        self.light = light

    def play(self, tone: str) -> None:
        self.tones.append(tone)

    def stop(self) -> None:
        self.tones.append(None)

    def hear(
        self, content: object = ASK, *, sender: str = "kitchen", sid: str = SID, event: str = "KX1", kind: str = "door"
    ) -> None:
        """Let a message come in."""
        self.wire.receive(
            CallMessage(callsid=sid, messagetype=kind, voiceeventsid=event, content=content, sender=sender)
        )

    def ring(self, to: str = "gate", **parameters: str) -> Connection:
        """Let somebody call."""
        return self.incoming(From="client:kitchen", To=f"client:{to}", **parameters)


@asynccontextmanager
async def living(house: Gatehouse) -> AsyncIterator[Gatehouse]:
    """Let a station and its doorway live."""
    lives = [asyncio.create_task(house.station.run()), asyncio.create_task(house.doorway.run())]
    await house.settle()
    yield house
    for life in lives:
        life.cancel()
    await asyncio.gather(*lives, return_exceptions=True)
