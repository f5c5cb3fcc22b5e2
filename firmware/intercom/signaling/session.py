"""One station's signalling without its socket: frames and times in, frames and facts out.

As the Voice JS SDK v1: listen, register, answer heartbeats, queue while the socket is away.  Ours differs where the SDK
loses things: frames wait for `connected`, so the exchange knows us before it reads them; a hang-up during an outage
goes out afterwards, and again where the socket died with it; no `register` piles up.
"""

from collections import deque

from intercom.signaling import token
from intercom.signaling.browser import BROWSERINFO
from intercom.signaling.edges import Place, place
from intercom.signaling.events import StreamState
from intercom.signaling.messages import (
    Answer,
    CallMessage,
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
    Unknown,
    decode_from_exchange,
    encode,
)

REGISTER_EVERY_S = 30.0
SILENCE_S = 15.0
SILENCE_LEAST_S = 1.0
BEATS_MISSED = 3
KEPT = (Invite, Answer, Dtmf, Hangup, Reject, CallMessage)
KEPT_AT_MOST = 64
FINAL = (Hangup, Reject)
REFUSALS = {token.NOT_ALLOWED, token.MALFORMED, token.EXPIRED}
NEVER = float("inf")


class Session:
    """Register, keep alive and resume; times are seconds of one steady clock.

    `token` is the one that was shown last, `is_token_spent` says that the exchange wants another, `refusal` why.
    `is_sent_away`: the exchange wants us to stay away (`close`).  `origin` is what it last said of itself.
    """

    def __init__(self) -> None:
        self.state = StreamState.DISCONNECTED
        self.place = Place()
        self.origin: dict[str, str] = {}
        self.token = self.refusal = ""
        self._token_life_s: float | None = None
        self.is_open = self.is_token_spent = self.is_sent_away = False
        self._is_wanted = True
        self._is_judging = False  # a token was shown, and no answer has come
        self._kept: deque[Message] = deque(maxlen=KEPT_AT_MOST)
        self._latest = 0.0
        self._ended: deque[tuple[float, Message]] = deque(maxlen=KEPT_AT_MOST)  # the last words of calls, and when
        self._frames: list[str] = []
        self._silence_s = SILENCE_S
        self._register_at = self._dead_at = NEVER

    @property
    def due(self) -> float:
        """When `tick` has something to do."""
        return min(self._register_at, self._dead_at)

    def opened(self, token_: str, now: float) -> None:
        """Begin on a new socket."""
        self.is_open, self.is_sent_away = True, False
        self._silence_s = SILENCE_S
        self._latest, self._dead_at = now, now + SILENCE_S
        self.show(token_)

    def closed(self) -> None:
        """The socket is gone; the end of a call that was said shortly before may not have been heard."""
        self.state, self.place = StreamState.DISCONNECTED, Place()
        self.is_open = self.is_token_spent = False
        self._frames.clear()
        self._kept.extend(message for at, message in self._ended if at > self._latest - SILENCE_S)
        self._ended.clear()
        self._register_at = self._dead_at = NEVER

    def show(self, token_: str) -> None:
        """Show a token on the open socket: the first one, or one in place of another."""
        self.token, self._token_life_s, self.refusal = token_, None, ""
        self.is_token_spent, self._is_judging = False, True
        self._write(Listen(token=token_, browserinfo=BROWSERINFO))

    def want_calls(self, flag: bool, now: float) -> None:
        """Register (True), or ask for no more calls; unless connected, it is asked for once we are."""
        self._is_wanted = flag
        if self.state is not StreamState.DISCONNECTED:
            self._register(now)

    def send(self, message: Message) -> bool:
        """Send a call's frame; while the exchange is away, keep those that still make sense afterwards.

        Returns whether it goes out now.
        """
        if self.state is not StreamState.DISCONNECTED:
            self._write(message)
            if isinstance(message, FINAL):
                self._ended.append((self._latest, message))
            return True
        if isinstance(message, KEPT):
            self._kept.append(message)
        return False

    def receive(self, text: str, now: float) -> Message | None:
        """Take a frame; returns it where it concerns the calls.

        Raises RemoteProtocolError for a frame that can't be read.
        """
        self._latest, self._dead_at = now, now + self._silence_s
        message = decode_from_exchange(text)
        match message:
            case Heartbeat():
                self._write(message)
            case Connected():
                self._begin(message, now)
            case Ready():
                self.state = StreamState.READY
            case Offline():
                self.state = StreamState.OFFLINE
            case Close():
                self.is_sent_away = True
            case Unknown():
                pass
            case ErrorFrame():
                self._judge(message)
                return message
            case _:
                return message
        return None

    def tick(self, now: float) -> bool:
        """Do what is due; returns False when the exchange has been silent for too long."""
        self._latest = now
        if now >= self._register_at:
            self._register(now)
        return now < self._dead_at

    def take(self) -> list[str]:
        """Return the frames to be written now, in order."""
        frames, self._frames = self._frames, []
        return frames

    def take_token_life_s(self) -> float | None:
        """Return how long the exchange has just said that the token lives."""
        life_s, self._token_life_s = self._token_life_s, None
        return life_s

    def _begin(self, message: Connected, now: float) -> None:
        if self.state is StreamState.DISCONNECTED:
            self.state = StreamState.CONNECTED
        self._is_judging = False
        self.place = place(message.region)
        named = {"gateway": message.gateway, "region": message.region}
        self.origin |= {name: value for name, value in named.items() if value}
        self._token_life_s = _seconds(message.token.get("ttl"))
        if message.heartbeat_s > 0:
            self._silence_s = min(max(BEATS_MISSED * message.heartbeat_s, SILENCE_LEAST_S), SILENCE_S)
        self._dead_at = now + self._silence_s
        self._register(now)
        while self._kept:
            self._write(self._kept.popleft())

    def _judge(self, message: ErrorFrame) -> None:
        """Take an error as the exchange's word on our token, where it is."""
        code = message.error.code if message.error else None
        if self._is_judging:
            self.refusal = (message.error and message.error.message) or "no reason given"
        if code == token.EXPIRED or (self._is_judging and code in REFUSALS):
            self.is_token_spent = True
            self._register_at = NEVER

    def _register(self, now: float) -> None:
        self._register_at = now + REGISTER_EVERY_S if self._is_wanted else NEVER
        self._write(Register(media=MediaWanted(audio=self._is_wanted)))

    def _write(self, message: Message) -> None:
        self._frames.append(encode(message))


def _seconds(value: object) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
