"""What a call needs from the world outside: Protocols that signalling, media and sounds fulfil."""

from collections.abc import Callable
from enum import StrEnum, auto
from typing import Protocol

from intercom.signaling.messages import Message


class StreamState(StrEnum):
    """Signalling as the calls see it (Voice JS SDK v1, PStream status)."""

    DISCONNECTED = auto()
    CONNECTED = auto()
    READY = auto()
    OFFLINE = auto()


class Stream(Protocol):
    """The signalling channel that all calls of a device share."""

    @property
    def state(self) -> StreamState: ...

    def send(self, message: Message) -> None:
        """Send a frame, or queue it where the wire's rules say so; never raises for a lost link."""


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

    def mute(self, flag: bool) -> None:
        """Send silence (True) or the microphone (False)."""

    async def close(self) -> None:
        """End it; idempotent, never raises."""


MediaFactory = Callable[[Callable[[MediaState], None]], Media]
