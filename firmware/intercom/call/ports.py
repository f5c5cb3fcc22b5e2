"""What a call needs from the world outside: Protocols that signalling, media and sounds fulfil."""

from asyncio import Task
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any, Protocol

from intercom.quality.sample import Record
from intercom.signaling.events import StreamState
from intercom.signaling.messages import Message


class Stream(Protocol):
    """The signalling channel that all calls of a device share."""

    @property
    def state(self) -> StreamState: ...

    def send(self, message: Message) -> None:
        """Send a frame, or queue it where the wire's rules say so; never raises for a lost link."""

    def listen(self, received: Callable[[Message], None], changed: Callable[[StreamState], None]) -> None:
        """Name who takes the frames that arrive, and who is told of each change of state."""


class MediaState(StrEnum):
    """Whether sound can flow (W3C WebRTC, RTCPeerConnectionState)."""

    CONNECTING = auto()
    CONNECTED = auto()
    DISCONNECTED = auto()
    FAILED = auto()
    CLOSED = auto()


class Media(Protocol):
    """One call's sound: from the microphone to the far end and back."""

    @property
    def codec(self) -> str | None:
        """`"opus"` or `"PCMU"` once negotiated."""

    async def open(self) -> None:
        """Take the microphone and the speaker for this call."""

    async def offer(self) -> str:
        """Return our offer, with all our candidates."""

    async def answer(self, offer: str) -> str:
        """Return our answer, with all our candidates; raises MediaError where the offer can't be used."""

    async def accept(self, answer: str) -> None:
        """Apply the far end's answer; raises MediaError where it can't be used."""

    async def stats(self) -> Record:
        """Return what has been counted since the call began."""

    def newest(self) -> tuple[bytes, bytes]:
        """Return the latest sound of the microphone, as it is sent, and of the far end, as it is played (S16LE)."""

    def mute(self, flag: bool) -> None:
        """Send silence (True) or the microphone (False)."""

    async def close(self) -> None:
        """End it; idempotent, never raises."""


MediaFactory = Callable[[Callable[[MediaState], None]], Media]


@dataclass(frozen=True, slots=True)
class Ports:
    """All that a call reaches the world through; `spawn` runs a coroutine that the device waits for at its end."""

    stream: Stream
    media: MediaFactory
    spawn: Callable[[Coroutine[Any, Any, None]], Task[None]]


@dataclass(frozen=True, slots=True)
class Options:
    """Setup options, with the defaults of the seed (Voice JS SDK v1, Device.setup).

    `enable_ringing_state`: surface `ringing`; off, early media counts as an answer.
    `enable_ice_restart`: a call whose media is lost is `reconnecting` until it is back or has failed.
    `allow_incoming_while_busy`: show further invites during a call.
    """

    enable_ringing_state: bool = False
    enable_ice_restart: bool = False
    allow_incoming_while_busy: bool = False
