"""What a call needs from the world outside: Protocols that signalling, media and sounds fulfil."""

from asyncio import Task
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from enum import StrEnum, auto
from typing import Any, Protocol

from intercom.quality.report import Report
from intercom.quality.sample import Figures, Record
from intercom.signaling.events import StreamError, StreamState
from intercom.signaling.messages import Message


class Stream(Protocol):
    """The signalling channel that all calls of a device share."""

    @property
    def state(self) -> StreamState: ...

    @property
    def token(self) -> str:
        """The access token shown last; empty before the first."""

    @property
    def edge(self) -> str | None:
        """The edge that we are connected to, None while we are not."""

    @property
    def region(self) -> str | None:
        """The region that we are connected to, None while we are not."""

    @property
    def origin(self) -> Mapping[str, str]:
        """What the exchange last said of itself, in its own words: `gateway`, `region`, as far as it said them."""

    def send(self, message: Message) -> None:
        """Send a frame, or queue it where the wire's rules say so; never raises for a lost link."""

    def hurry(self) -> None:
        """Connect now, where that waits for its turn or hangs: the network carries again."""

    def listen(
        self,
        received: Callable[[Message], None],
        changed: Callable[[StreamState], None],
        failed: Callable[[StreamError], None],
    ) -> None:
        """Name who takes the frames that arrive, and who is told of each change of state and of the link's errors."""

    def register(self, flag: bool) -> None:
        """Ask for calls (True) or for no more of them."""

    def renew(self, token: str) -> None:
        """Show this access token from now on."""


class MediaState(StrEnum):
    """Whether sound can flow (W3C WebRTC, RTCPeerConnectionState)."""

    CONNECTING = auto()
    CONNECTED = auto()
    DISCONNECTED = auto()
    FAILED = auto()
    CLOSED = auto()


class AudioStream(Protocol):
    """One direction of a call's sound, for a script: `async for frame in stream` gives 20 ms each, mono, S16LE, 48 kHz.

    Bounded: who reads too slowly loses the oldest frames, and `dropped` counts them; the iteration ends with the call.
    """

    id: str
    dropped: int

    @property
    def muted(self) -> bool: ...

    @property
    def ended(self) -> bool: ...

    def __aiter__(self) -> AsyncIterator[bytes]: ...


class RemoteAudio(Protocol):
    """The far end's voice as it is played here (Voice JS SDK v1, the element of the `audio` event)."""

    volume: float  # 0.0 to 1.0

    @property
    def pcm(self) -> str:
        """The ALSA PCM it plays on."""

    def play_on(self, pcm: str) -> None:
        """Play it on another PCM for the rest of this call."""

    @property
    def stream(self) -> AudioStream: ...


@dataclass(frozen=True, slots=True)
class AudioConstraints:
    """How the microphone is used for one call (Voice JS SDK v1, accept; W3C MediaTrackConstraints); None: as set."""

    pcm: str | None = None
    gain_db: float | None = None
    echo_cancellation: bool | None = None
    noise_suppression: bool | None = None
    auto_gain_control: bool | None = None


@dataclass(frozen=True, slots=True)
class IceServer:
    """STUN and TURN addresses such as `turn:turn.example:3478?transport=udp` (W3C WebRTC, RTCIceServer)."""

    urls: tuple[str, ...]
    username: str | None = None
    credential: str | None = field(default=None, repr=False)


class DigitSource(StrEnum):
    """The way by which a digit came: RFC 4733 event, `dtmf` frame, tones within the voice."""

    RTP = auto()
    SIGNALLING = auto()
    IN_BAND = auto()


@dataclass(frozen=True, slots=True)
class DigitHeard:
    """The far end pressed one of `0123456789*#ABCD`."""

    digit: str
    source: DigitSource


@dataclass(frozen=True, slots=True)
class AudioReady:
    """The far end's voice can be heard from now on."""

    audio: RemoteAudio


Observed = Report  # something for the reports alone: group, name, level and payload as Insights has them
MediaFact = MediaState | DigitHeard | AudioReady | Observed


class Media(Protocol):
    """One call's sound: from the microphone to the far end and back."""

    @property
    def codec(self) -> str | None:
        """`"opus"` or `"PCMU"` once negotiated."""

    @property
    def local_stream(self) -> AudioStream | None:
        """What the far end hears of us, once open."""

    @property
    def remote_stream(self) -> AudioStream | None:
        """What we hear of the far end, once it is there."""

    async def open(self, constraints: AudioConstraints | None = None) -> None:
        """Take the microphone and the speaker for this call.

        Raises AudioError for a PCM that `constraints` name and that can't be opened; without the settings' PCM the
        call goes on one way.
        """

    async def offer(self) -> str:
        """Return our offer, with all our candidates."""

    async def answer(self, offer: str) -> str:
        """Return our answer, with all our candidates; raises MediaError where the offer can't be used."""

    async def accept(self, answer: str) -> None:
        """Apply the far end's answer; raises MediaError where it can't be used."""

    async def restart(self) -> str:
        """Return an offer of a new path, in place of any that is pending; raises MediaError where none can be made."""

    async def restarted(self, answer: str) -> None:
        """Take the far end's answer to the latest `restart`; raises MediaError where it can't be used."""

    async def follow(self, offer: str) -> str:
        """Return our answer to a far end's offer of a new path; raises MediaError where it can't be used."""

    async def stats(self) -> Record:
        """Return what has been counted since the call began."""

    def figures(self) -> Figures:
        """Return what is known of the sound's way, beyond the sample."""

    def newest(self) -> tuple[bytes, bytes]:
        """Return the latest sound of the microphone, as it is sent, and of the far end, as it is played (S16LE)."""

    def mute(self, flag: bool) -> None:
        """Send silence (True) or the microphone (False)."""

    def send_digits(self, digits: str) -> bool:
        """Begin to send digits as telephone events (`w` pauses); False where these were not negotiated."""

    async def close(self) -> None:
        """End it; idempotent, never raises."""


MediaFactory = Callable[[Callable[[MediaFact], None]], Media]


class Sounds(Protocol):
    """What the station itself plays for a call, by name: `dtmf5`, `ringtone`, `outgoing`, `end`."""

    def play(self, tone: str) -> None:
        """Start a sound in place of the one that plays."""

    def stop(self) -> None:
        """Stop the one that plays."""


class Gateway(Protocol):
    """Where reports about calls go; a path and a body as `quality.report` makes them."""

    def post(self, path: str, body: Mapping[str, Any]) -> None:
        """Send a report some time soon; returns at once and never raises: no report may disturb a call."""

    async def send(self, path: str, body: Mapping[str, Any]) -> None:
        """Send a report; raises IntercomError where that fails."""


class NoSounds:
    """Plays nothing."""

    def play(self, tone: str) -> None: ...

    def stop(self) -> None: ...


class NoGateway:
    """Reports to nobody, as the SDK with `publishEvents: false`."""

    def post(self, path: str, body: Mapping[str, Any]) -> None: ...

    async def send(self, path: str, body: Mapping[str, Any]) -> None: ...


@dataclass(frozen=True, slots=True)
class Ports:
    """All that a call reaches the world through; `spawn` runs a coroutine that the device waits for at its end."""

    stream: Stream
    media: MediaFactory
    spawn: Callable[[Coroutine[Any, Any, None]], Task[None]]
    sounds: Sounds
    gateway: Gateway
