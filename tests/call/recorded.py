"""The recorded SDK's world, for our client: the exchange's frames come from the recording, the media plays its part."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from intercom.call.connection import Connection
from intercom.call.device import Device
from intercom.call.events import CallError
from intercom.call.options import Options
from intercom.call.ports import AudioConstraints, AudioReady, MediaFact
from intercom.errors import MediaError
from intercom.quality.sample import Record
from intercom.signaling.events import StreamError, StreamState
from intercom.signaling.messages import Message
from intercom.signaling.session import Session
from tests.call.lines import Entry, error_entry, plain, sent_or_heard, told
from tests.call.world import ANSWER, Remote, Sound

TOLD_BY_CALL = (
    "accept", "audio", "cancel", "disconnect", "error", "mute", "reconnecting", "reconnected", "reject", "ringing",
    "warning", "warning-cleared",
)  # fmt: skip
TOLD_BY_DEVICE = ("ready", "offline", "incoming", "connect", "cancel", "disconnect", "error")
TELEPHONE_EVENT = " 126"
PACKETS, BYTES = 50, 4000  # that each side sends in a second
LOUD, LOW = b"\x00\x40\x00\xc0" * 480, b""


class Line:
    """A stream whose socket is the recording (`call.ports.Stream` around the real session)."""

    def __init__(self, log: list[str]) -> None:
        self._log = log
        self._session = Session()
        self._told = StreamState.DISCONNECTED

    @property
    def state(self) -> StreamState:
        return self._session.state

    @property
    def token(self) -> str:
        return self._session.token

    edge = region = property(lambda self: self._session.place.region)

    @property
    def origin(self) -> dict[str, str]:
        return self._session.origin

    @property
    def is_sent_away(self) -> bool:
        return self._session.is_sent_away

    @property
    def due(self) -> float:
        return self._session.due

    def listen(
        self,
        received: Callable[[Message], None],
        changed: Callable[[StreamState], None],
        failed: Callable[[StreamError], None],
    ) -> None:
        self._received, self._changed, self._failed = received, changed, failed

    def send(self, message: Message) -> None:
        self._session.send(message)
        self._flush()

    def register(self, flag: bool) -> None:
        self._session.want_calls(flag, _now())
        self._flush()

    def renew(self, token: str) -> None:
        if self._session.is_open:
            self._session.show(token)
            self._flush()
        else:
            self.open()

    def hurry(self) -> None:
        """The recording says when it connects."""

    def tick(self) -> None:
        assert self._session.tick(_now()), "the exchange has been silent for too long"
        self._flush()

    def open(self) -> None:
        self._log.append("ws-connect")
        self._session.opened("token", _now())
        self._flush()

    def hear(self, frame: str) -> None:
        message = self._session.receive(frame, _now())
        self._flush()
        self._tell()
        if message is not None:
            self._received(message)

    def lose(self, *, is_abnormal: bool) -> None:
        if is_abnormal:
            self._failed(StreamError(31005, "The connection broke.", 53000))
        self._session.closed()
        self._tell()

    def _tell(self) -> None:
        if self._told is not self.state:
            self._told = self.state
            self._changed(self.state)

    def _flush(self) -> None:
        for frame in self._session.take():
            self._log.append("send-heartbeat" if frame == "\n" else sent_or_heard("send", json.loads(frame)))


class Played(Sound):
    """Media that agrees with the far end of a recording, is heard by it, and counts what is sent and received."""

    def __init__(self, tell: Callable[[MediaFact], None]) -> None:
        super().__init__(tell)
        self._began_at = _now()
        self._lost_at: float | None = None
        self._missed_s = 0.0

    async def accept(self, answer: str) -> None:
        if "no m-line" in answer:
            raise MediaError("The far end's description can't be used.")
        self.codec, self.has_events = "opus", TELEPHONE_EVENT in answer
        asyncio.get_running_loop().call_soon(self.becomes, AudioReady(Remote()))

    async def answer(self, offer: str) -> str:
        await self.accept(offer)
        await asyncio.sleep(0)  # the far end's track is there before both descriptions are
        return ANSWER

    async def open(self, constraints: AudioConstraints | None = None) -> None:
        await asyncio.sleep(0)  # capture takes its time
        await super().open(constraints)

    def lose(self) -> None:
        self._lost_at = _now()

    def find(self) -> None:
        assert self._lost_at is not None
        self._missed_s, self._lost_at = _now() - self._lost_at, None

    async def stats(self) -> Record:
        sent_s = _now() - self._began_at
        heard_s = (self._lost_at or _now()) - self._began_at - self._missed_s
        return Record(
            timestamp=_now() * 1000, codec_name="opus", jitter=2.0, rtt=40.0, packets_lost=0,
            bytes_sent=int(BYTES * sent_s), packets_sent=int(PACKETS * sent_s),
            bytes_received=int(BYTES * heard_s), packets_received=int(PACKETS * heard_s),
        )  # fmt: skip

    def newest(self) -> tuple[bytes, bytes]:
        speech = LOUD if int(_now() * 5) % 2 else LOW
        return speech, speech


class Player:
    """Our device in a recorded scenario; `log` and `sounds` are what happened, line by line."""

    def __init__(self, log: list[Entry], options: Options) -> None:
        self.log: list[str] = []
        self.sounds: list[str] = []
        self.media: list[Played] = []
        self.calls: list[Connection] = []
        self.line = Line(self.log)
        self.device = Device(self.line, self._play, options, sounds=self)
        self._frames = [entry.get("d") for entry in log if entry["kind"].startswith("recv")]
        for event in TOLD_BY_DEVICE:
            self.device.on(event, lambda value, name=event: self._device_tells(name, value))
        self.device.on("incoming", self.follow)

    def register(self) -> None:
        """Be where most recordings begin."""
        self.line.open()
        self.line.hear('{"type":"connected"}')
        self.line.hear('{"type":"ready"}')

    @property
    def call(self) -> Connection:
        """The newest call."""
        return self.calls[-1]

    def follow(self, connection: Connection) -> None:
        self.calls.append(connection)
        for event in TOLD_BY_CALL:
            connection.on(event, lambda *values, name=event: self._call_tells(connection, name, values))

    def play(self, tone: str) -> None:
        if not tone.startswith("dtmf"):  # the recordings have none of these
            self.sounds.append(f"play {tone}")

    def stop(self) -> None:
        self.sounds.append("stop")

    def hear(self) -> None:
        """Let the next frame of the recording arrive."""
        frame = self._frames.pop(0)
        if frame is None:
            self.log.append("recv-heartbeat")
            self.line.hear("\n")
            return
        self.log.append(sent_or_heard("recv", frame))
        payload = frame["payload"]
        if payload.get("callsid", "").startswith("TJS"):
            payload = payload | {"callsid": self.call.outbound_connection_id}
        self.line.hear(json.dumps(frame | {"payload": payload}))

    async def wait(self, seconds: float) -> None:
        """Let time pass."""
        until = _now() + seconds
        while _now() < until:
            await asyncio.sleep(min(self.line.due, until) - _now())
            self.line.tick()

    async def end(self) -> list[str]:
        """Let everything happen that can; return what was not heard."""
        await self.wait(0.1)
        log = list(self.log)
        async with self.device:
            pass
        self.log = log
        return [json.dumps(frame) for frame in self._frames]

    def _play(self, tell: Callable[[MediaFact], None]) -> Played:
        self.media.append(Played(tell))
        return self.media[-1]

    def _call_tells(self, connection: Connection, name: str, values: tuple[Any, ...]) -> None:
        entry: Entry = {"status": connection.status()}
        if (argument := plain(values, connection)) is not None:
            entry["arg"] = argument
        self.log.append(told(f"call.{name}", entry))

    def _device_tells(self, name: str, value: Any) -> None:
        entry: Entry = {"device": self.device.status()}
        if isinstance(value, CallError):
            entry["arg"] = error_entry(value) | ({"connection": value.connection.status()} if value.connection else {})
        elif name == "incoming":
            info = value.caller_info
            entry["arg"] = {
                "status": value.status(),
                "direction": value.direction,
                "parameters": value.parameters,
                "customParameters": [list(pair) for pair in value.custom_parameters.items()],
                "callerInfo": {"isVerified": info.is_verified} if info else None,
            }
        self.log.append(told(f"device.{name}", entry))


def _now() -> float:
    return asyncio.get_running_loop().time()
