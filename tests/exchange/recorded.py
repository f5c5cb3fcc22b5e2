"""A recorded client against a real exchange: its frames go in, what comes out is kept.

The far ends are stations; each does what must have happened at the recording for the client to be told what it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.exchange.wires import SDP, Net, Wire

IDENTITY = "alice"
FAR_ENDS = ("door", "hall")
SDK = {"v1": "1.15.1", "v2": "2.18.5"}
BARRIER = "KX0"
FAR_END_ACTS = {"answer": "answer", "hangup": "hangup", "cancel": "hangup", "message": "message"}

Frame = dict[str, Any]


@dataclass(eq=False)
class End:
    """A client of the exchange and all that it was told, in order."""

    wire: Wire
    heard: list[Frame] = field(default_factory=list)

    def latest(self, member: str) -> Any:
        """Return this member of the latest frame that has it."""
        return next(frame["payload"][member] for frame in reversed(self.heard) if member in frame["payload"])

    async def catch_up(self) -> None:
        """Hear everything that was sent so far; what this end said before has had its effect then, too."""
        await self.wire.say("message", callsid="none", messagetype="none", voiceeventsid=BARRIER)
        while frame := await self.wire.next():
            if frame["payload"].get("voiceeventsid") == BARRIER:
                return
            self.heard.append(frame)


class Recorded:
    """One recording, replayed; `told` are the types of the frames that the client got."""

    def __init__(self, house: Net, sdk: str) -> None:
        self._house, self._sdk = house, SDK[sdk]
        self._client: End
        self._heard: list[Frame] = []
        self._far_ends: list[End] = []
        self._idle = 0
        self._calls: dict[str, tuple[str, End]] = {}
        self._placed: tuple[str, End] | None = None

    @property
    def told(self) -> list[str]:
        return [frame["type"] for frame in self._heard]

    async def replay(self, log: list[dict[str, Any]], *, to: str = "") -> None:
        """Replay a recording; a call that the client makes is for `to`, else for the next far end that is free."""
        self._far_ends = [End(await self._house.registered(self._house.station(name))) for name in FAR_ENDS]
        if log[0]["kind"] != "ws-connect":
            self._client = End(await self._house.registered(self._house.sdk(IDENTITY), self._sdk), self._heard)
        for entry in log:
            match entry:
                case {"kind": "ws-closed"}:
                    await self._client.wire.socket.close()
                case {"kind": "ws-connect"}:
                    self._client = End(await self._house.wire(), self._heard)
                case {"kind": "send", "d": {"type": kind, "payload": payload}}:
                    await self._client_says(kind, payload, to)
                case {"kind": "recv", "d": {"type": kind, "payload": payload}}:
                    await self._client_is_told(kind, payload)

    async def _client_says(self, kind: str, payload: Frame, to: str) -> None:
        recorded = payload.get("callsid", "")
        said = {**payload, "callsid": self._calls[recorded][0]} if recorded in self._calls else dict(payload)
        is_placing = kind == "invite" and "reconnect" not in payload
        if kind == "listen":
            said["token"] = self._house.sdk(IDENTITY)
        elif is_placing:
            said["twilio"] = {"params": f"To={to or FAR_ENDS[self._idle]}"}
        elif kind == "invite":
            said["reconnect"] = self._client.latest("reconnect")
        await self._client.wire.say(kind, **said)
        await self._settle(self._client)
        if is_placing and not to:
            far = self._next_far_end()
            self._placed = (far.latest("callsid"), far)

    async def _client_is_told(self, kind: str, payload: Mapping[str, Any]) -> None:
        """Let the far end do what this came of; where it came of nothing but what the client said, nothing."""
        recorded = payload.get("callsid", "")
        if kind == "invite":
            far = self._next_far_end()
            await far.wire.say("invite", callsid="TJSfar", sdp=SDP, twilio={"params": f"To={IDENTITY}"})
            await self._settle(far)
            self._calls[recorded] = (self._client.latest("callsid"), far)
        elif kind in {"ringing", "answer"} and self._placed:
            self._calls.setdefault(recorded, self._placed)
        if kind in FAR_END_ACTS and recorded in self._calls:
            sid, far = self._calls[recorded]
            await far.wire.say(FAR_END_ACTS[kind], **{**payload, "callsid": sid, "sdp": SDP})
            await self._settle(far)

    async def _settle(self, actor: End) -> None:
        """Wait until what this end said has reached everybody."""
        for end in (actor, self._client, *self._far_ends):
            await end.catch_up()

    def _next_far_end(self) -> End:
        self._idle += 1
        return self._far_ends[self._idle - 1]
