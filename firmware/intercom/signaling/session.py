"""One station's signalling without its socket: frames and times in, frames and facts out.

As the Voice JS SDK v1: listen, register, answer heartbeats, queue while the socket is away.  Ours differs where the SDK
loses things: frames wait for `connected`, so the exchange knows us before it reads them; a hang-up during an outage
goes out afterwards; no `register` piles up.
"""

from collections import deque
from collections.abc import Callable

from intercom.errors import NoAnswerError
from intercom.signaling.events import StreamState
from intercom.signaling.messages import (
    Answer,
    Close,
    Connected,
    Dtmf,
    ErrorFrame,
    Hangup,
    Heartbeat,
    Invite,
    Listen,
    MediaWanted,
    Message,
    Offline,
    Ready,
    Register,
    Reject,
    decode_from_exchange,
    encode,
)

REGISTER_EVERY_S = 30.0
SILENCE_S = 15.0
BEATS_MISSED = 3
KEPT = (Invite, Answer, Dtmf, Hangup, Reject)
KEPT_AT_MOST = 64
NEVER = float("inf")
BROWSERINFO = {"p": "station", "v": "intercom"}


class Session:
    """Register, keep alive and resume; times are seconds of one steady clock.

    `mint` returns a fresh access token; a new one is shown every `renew_every_s` on the living socket.
    """

    def __init__(self, mint: Callable[[], str], *, renew_every_s: float) -> None:
        self.state = StreamState.DISCONNECTED
        self.refusal = ""
        self._mint, self._renew_every_s = mint, renew_every_s
        self._kept: deque[Message] = deque(maxlen=KEPT_AT_MOST)
        self._frames: list[str] = []
        self._silence_s = SILENCE_S
        self._register_at = self._renew_at = self._dead_at = NEVER

    @property
    def due(self) -> float:
        """When `tick` has something to do."""
        return min(self._register_at, self._renew_at, self._dead_at)

    def opened(self, now: float) -> None:
        """Begin on a new socket."""
        self.refusal = ""
        self._silence_s = SILENCE_S
        self._dead_at = now + SILENCE_S
        self._show_token(now)

    def closed(self) -> None:
        """The socket is gone."""
        self.state = StreamState.DISCONNECTED
        self._frames.clear()
        self._register_at = self._renew_at = self._dead_at = NEVER

    def send(self, message: Message) -> None:
        """Send a call's frame; while the exchange is away, keep those that still make sense afterwards."""
        if self.state is not StreamState.DISCONNECTED:
            self._write(message)
        elif isinstance(message, KEPT):
            self._kept.append(message)

    def receive(self, text: str, now: float) -> Message | None:
        """Take a frame; returns it where it concerns the calls.

        Raises RemoteProtocolError for a frame that can't be read, NoAnswerError when the exchange sends us away.
        """
        self._dead_at = now + self._silence_s
        message = decode_from_exchange(text)
        match message:
            case Heartbeat():
                self._write(message)
            case Connected(heartbeat_s=heartbeat_s):
                self._silence_s = BEATS_MISSED * heartbeat_s or SILENCE_S
                self._dead_at = now + self._silence_s
                self._begin(now)
            case Ready():
                self.state = StreamState.READY
            case Offline():
                self.state = StreamState.OFFLINE
            case Close():
                raise NoAnswerError("The exchange sent this station away.", "Is its key still good?")
            case ErrorFrame(error=failure) if self.state is StreamState.DISCONNECTED:
                self.refusal = failure.message if failure else "no reason given"
            case _:
                return message
        return None

    def tick(self, now: float) -> bool:
        """Do what is due; returns False when the exchange has been silent for too long."""
        if now >= self._register_at:
            self._register(now)
        if now >= self._renew_at:
            self._show_token(now)
        return now < self._dead_at

    def take(self) -> list[str]:
        """Return the frames to be written now, in order."""
        frames, self._frames = self._frames, []
        return frames

    def _begin(self, now: float) -> None:
        if self.state is StreamState.DISCONNECTED:
            self.state = StreamState.CONNECTED
        self._register(now)
        while self._kept:
            self._write(self._kept.popleft())

    def _show_token(self, now: float) -> None:
        self._renew_at = now + self._renew_every_s
        self._write(Listen(token=self._mint(), browserinfo=BROWSERINFO))

    def _register(self, now: float) -> None:
        self._register_at = now + REGISTER_EVERY_S
        self._write(Register(media=MediaWanted(audio=True)))

    def _write(self, message: Message) -> None:
        self._frames.append(encode(message))
