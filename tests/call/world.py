"""A call's world at its two edges: the wire and the media, small and working."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from intercom.call.connection import Connection
from intercom.call.device import Device
from intercom.call.options import Options
from intercom.call.ports import AudioConstraints, AudioStream, Media, MediaFact
from intercom.errors import AudioError, IntercomError, MediaError
from intercom.quality.sample import Figures, Record
from intercom.signaling.events import StreamError, StreamState
from intercom.signaling.messages import IncomingInvite, Message

OFFER, ANSWER = "offer", "answer"
SID = "CA" + "1" * 32


def restart_offer(number: int) -> str:
    """Return the offer of the n-th new path of a Sound."""
    return f"restart {number}\na=ice-ufrag:u{number}"


class Wire:
    """A stream that keeps what was sent, and through which a test lets frames arrive."""

    def __init__(self) -> None:
        self.state = StreamState.READY
        self.sent: list[Message] = []
        self.receive: Callable[[Message], None] = lambda _: None
        self.change: Callable[[StreamState], None] = lambda _: None
        self.fail: Callable[[StreamError], None] = lambda _: None
        self.token = ""
        self.edge: str | None = None
        self.region: str | None = None
        self.origin: dict[str, str] = {}
        self.is_wanted = True
        self.hurries = 0

    def send(self, message: Message) -> None:
        self.sent.append(message)

    def listen(
        self,
        received: Callable[[Message], None],
        changed: Callable[[StreamState], None],
        failed: Callable[[StreamError], None],
    ) -> None:
        self.receive, self.change, self.fail = received, changed, failed

    def register(self, flag: bool) -> None:
        self.is_wanted = flag

    def renew(self, token: str) -> None:
        self.token = token

    def hurry(self) -> None:
        self.hurries += 1

    def becomes(self, state: StreamState) -> None:
        self.state = state
        self.change(state)


class Sound:
    """Media that agrees to everything but the description `bad`."""

    def __init__(self, on_state: Callable[[MediaFact], None]) -> None:
        self.becomes = on_state
        self.codec: str | None = None
        self.record = Record(
            timestamp=0.0, codec_name="opus", jitter=2.0, rtt=40.0, packets_lost=0,
            bytes_received=0, bytes_sent=0, packets_received=0, packets_sent=0,
        )  # fmt: skip
        self.pcm = b"", b""
        self.is_open = self.is_muted = False
        self.closed = 0
        self.constraints: AudioConstraints | None = None
        self.unusable: dict[str | None, AudioError] = {}
        self.local_stream: AudioStream | None = None
        self.remote_stream: AudioStream | None = None
        self.restarts = 0
        self.paths: list[str] = []
        self.has_events = True
        self.dialled: list[str] = []
        self.fault: MediaError | None = None
        self.may_open, self.may_restart = asyncio.Event(), asyncio.Event()
        self.may_open.set()
        self.may_restart.set()

    async def open(self, constraints: AudioConstraints | None = None) -> None:
        await self.may_open.wait()
        if constraints and constraints.pcm in self.unusable:
            raise self.unusable[constraints.pcm]
        self.constraints = constraints
        self.is_open = True

    async def offer(self) -> str:
        if self.fault:
            raise self.fault
        return OFFER

    async def answer(self, offer: str) -> str:
        await self.accept(offer)
        return ANSWER

    async def accept(self, answer: str) -> None:
        if answer == "bad":
            raise MediaError("The far end's description can't be used.")
        self.codec = "opus"

    async def restart(self) -> str:
        await self.may_restart.wait()
        if self.fault:
            raise self.fault
        self.restarts += 1
        return restart_offer(self.restarts)

    async def restarted(self, answer: str) -> None:
        await self.accept(answer)
        self.paths.append(answer)

    async def follow(self, offer: str) -> str:
        await self.accept(offer)
        self.paths.append(offer)
        return f"{ANSWER} to {offer}"

    async def stats(self) -> Record:
        return self.record

    def figures(self) -> Figures:
        return Figures(concealed_fraction=0.25)

    def newest(self) -> tuple[bytes, bytes]:
        return self.pcm

    def mute(self, flag: bool) -> None:
        self.is_muted = flag

    def send_digits(self, digits: str) -> bool:
        if self.has_events:
            self.dialled.append(digits)
        return self.has_events

    async def close(self) -> None:
        self.closed += 1


class Voice:
    """An AudioStream with nothing in it."""

    id, dropped, muted, ended = "voice", 0, False, True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for frame in list[bytes]():
            yield frame


class Remote:
    """The far end's audio."""

    volume, pcm, stream = 1.0, "default", Voice()

    def play_on(self, pcm: str) -> None: ...


class Speaker:
    """Sounds of the station that only their names are kept of; None: it was told to stop."""

    def __init__(self) -> None:
        self.played: list[str | None] = []

    def play(self, tone: str) -> None:
        self.played.append(tone)

    def stop(self) -> None:
        self.played.append(None)


class Office:
    """A gateway that keeps the reports, by path and body; one with a `fault` takes no feedback."""

    def __init__(self) -> None:
        self.reports: list[tuple[str, dict[str, Any]]] = []
        self.fault: IntercomError | None = None

    def post(self, path: str, body: Mapping[str, Any]) -> None:
        self.reports.append((path, dict(body)))

    async def send(self, path: str, body: Mapping[str, Any]) -> None:
        if self.fault:
            raise self.fault
        self.post(path, body)


class World:
    """A device between the two, with a log of the events that scripts see."""

    def __init__(self, options: Options | None = None) -> None:
        self.wire = Wire()
        self.sounds: list[Sound] = []
        self.speaker, self.office = Speaker(), Office()
        self.log: list[str] = []
        options = options or Options(enable_ringing_state=True)
        self.device = Device(self.wire, self._media, options, sounds=self.speaker, gateway=self.office)
        chimes = self.device.sounds
        chimes.incoming = chimes.outgoing = chimes.disconnect = False
        for event in ("ready", "offline", "incoming", "connect", "cancel", "disconnect", "error"):
            self.device.on(event, lambda *_, name=event: self.log.append(f"device.{name}"))
        self.device.on("incoming", self.follow)

    def call(self, **params: object) -> Connection:
        return self.follow(self.device.connect(params))

    def incoming(self, sid: str = SID, **parameters: str) -> Connection:
        self.wire.receive(IncomingInvite(callsid=sid, sdp=OFFER, parameters=parameters))
        return self.device.connections[-1]

    def follow(self, connection: Connection) -> Connection:
        events = (
            "accept", "cancel", "disconnect", "error", "mute", "reconnecting", "reconnected", "reject", "ringing",
        )  # fmt: skip
        for event in events:
            connection.on(event, lambda *arguments, name=event: self._note(connection, name, arguments))
        return connection

    async def settle(self) -> None:
        """Let everything that can happen now happen."""
        for _ in range(20):
            await asyncio.sleep(0)

    def _media(self, on_state: Callable[[MediaFact], None]) -> Media:
        self.sounds.append(Sound(on_state))
        return self.sounds[-1]

    def _note(self, connection: Connection, name: str, arguments: tuple[object, ...]) -> None:
        given = [str(each) for each in arguments if isinstance(each, bool)]
        given += [str(getattr(each, "code")) for each in arguments if hasattr(each, "twilio_code")]  # noqa: B009
        self.log.append(f"{name}({', '.join(given)}) {connection.status()}")
