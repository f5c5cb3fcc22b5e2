"""The wire's messages: what may be said, its limits, and its text form.

Sans-I/O; the client and the exchange share it.  One frame is one JSON object `{"type", "version", "payload"}` or
the heartbeat, a single LF.  `decode_from_client` and `decode_from_exchange` differ because `invite` does.
(Wire facts: Voice JS SDK v1 and v2, PStream.)
"""

import re
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta, Raw, Struct, field

from intercom.errors import LocalProtocolError, RemoteProtocolError

LIMIT_CHARACTERS = 65_536
CLIENT_VERSION = "1.5"
EXCHANGE_VERSION = "1.6"

CallSid = Annotated[str, Meta(max_length=64)]
EventSid = Annotated[str, Meta(max_length=64)]
Sdp = Annotated[str, Meta(max_length=32_768)]
Ufrag = Annotated[str, Meta(max_length=256)]
Text = Annotated[str, Meta(max_length=4_096)]
Token = Annotated[str, Meta(max_length=8_192)]
Digits = Annotated[str, Meta(max_length=256, pattern=r"^[0-9*#w]*$")]


class Message(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One frame; `kind` is its `type` on the wire, the fields are its payload."""

    kind: ClassVar[str]


class Heartbeat(Message, frozen=True):
    """The single LF: the exchange sends it, the client sends it back."""

    kind: ClassVar[str] = "\n"


class Unknown(Message, frozen=True):
    """A frame of a type that we don't know: harmless, to be ignored."""

    kind: ClassVar[str] = ""


class Failure(Struct, frozen=True, omit_defaults=True):
    """The `error` member of `error` and `hangup` frames."""

    code: int | None = None
    message: Text = ""


class Listen(Message, frozen=True):
    kind: ClassVar[str] = "listen"
    token: Token
    browserinfo: dict[str, Any] = {}
    reconnectTimeout: Annotated[int, Meta(ge=0, le=30)] = 0  # noqa: N815


class MediaWanted(Struct, frozen=True):
    audio: bool


class Register(Message, frozen=True):
    """Wants calls (`media.audio` true) or not any more (false)."""

    kind: ClassVar[str] = "register"
    media: MediaWanted


class TwilioParams(Struct, frozen=True, omit_defaults=True):
    params: Text = ""


class Invite(Message, frozen=True):
    """Client to exchange: a call.  `twilio.params` is a query string that holds `To` and the custom parameters."""

    kind: ClassVar[str] = "invite"
    callsid: CallSid
    sdp: Sdp
    preflight: bool = field(default_factory=bool)  # written when false too, as the SDK v1 does
    twilio: TwilioParams = field(default_factory=TwilioParams)
    reconnect: Text = ""


class IncomingInvite(Message, frozen=True):
    """Exchange to client: somebody calls.  One without id or description reaches the device, which tells of it."""

    kind: ClassVar[str] = "invite"
    callsid: CallSid = ""
    sdp: Sdp = ""
    parameters: dict[str, Text] = {}
    reconnect: Text = ""


class Answer(Message, frozen=True):
    """A call is answered, or a `reinvite`.

    `offer_ufrag` is ours, between stations and this exchange: the ICE user name fragment of the `reinvite` that this
    answers, so that a late answer is not taken for that to a newer offer; absent from anyone else.
    """

    kind: ClassVar[str] = "answer"
    callsid: CallSid
    sdp: Sdp = ""
    reconnect: Text = ""
    offer_ufrag: Ufrag = ""


class Reject(Message, frozen=True):
    kind: ClassVar[str] = "reject"
    callsid: CallSid


class Hangup(Message, frozen=True):
    """A call ends.

    `taken` is ours, from a station to this exchange: the call has served its purpose while it rang, so that nobody who
    was rung has missed it; absent from anyone else.
    """

    kind: ClassVar[str] = "hangup"
    callsid: CallSid = ""
    message: Text = ""
    error: Failure | None = None
    taken: bool = False


class Dtmf(Message, frozen=True):
    kind: ClassVar[str] = "dtmf"
    dtmf: Digits
    callsid: CallSid = ""


class Reinvite(Message, frozen=True):
    kind: ClassVar[str] = "reinvite"
    callsid: CallSid
    sdp: Sdp


class CallMessage(Message, frozen=True, rename={"sender": "from"}):
    """An application's message within a call, pending or open (Voice JS SDK v2, sendMessage).

    `from` is ours: the exchange writes the identity of who sent it, as its token told, over whatever stood there.
    """

    kind: ClassVar[str] = "message"
    callsid: CallSid
    messagetype: Text
    voiceeventsid: EventSid
    content: Any = None
    contenttype: Text = "application/json"
    sender: Text = ""


class Ack(Message, frozen=True):
    """Exchange to client: the message was delivered."""

    kind: ClassVar[str] = "ack"
    callsid: CallSid
    voiceeventsid: EventSid
    acktype: Text


class Connected(Message, frozen=True):
    """The exchange took the token.

    `heartbeat_s` is ours: the interval that this exchange keeps to for its own stations, which then call the link
    lost after three of them; 0 (absent) from any other exchange.
    """

    kind: ClassVar[str] = "connected"
    region: Text = ""
    edge: Text = ""
    home: Text = ""
    gateway: Text = ""
    token: dict[str, Any] = {}
    heartbeat_s: float = 0


class Ready(Message, frozen=True):
    kind: ClassVar[str] = "ready"


class Offline(Message, frozen=True):
    kind: ClassVar[str] = "offline"


class Close(Message, frozen=True):
    kind: ClassVar[str] = "close"


class ErrorFrame(Message, frozen=True):
    kind: ClassVar[str] = "error"
    error: Failure | None = None
    callsid: CallSid = ""
    voiceeventsid: EventSid = ""


class Ringing(Message, frozen=True):
    kind: ClassVar[str] = "ringing"
    callsid: CallSid
    sdp: Sdp = ""


class Cancel(Message, frozen=True):
    """Exchange to client: a call rings no more.

    `taken` is ours, from this exchange to stations: another who was rung answered or rejected it, so that nobody has
    missed it; absent from any other exchange.
    """

    kind: ClassVar[str] = "cancel"
    callsid: CallSid = ""
    taken: bool = False


FROM_CLIENT: dict[str, type[Message]] = {
    kind.kind: kind for kind in (Listen, Register, Invite, Answer, Reject, Hangup, Dtmf, Reinvite, CallMessage)
}
FROM_EXCHANGE: dict[str, type[Message]] = {
    kind.kind: kind
    for kind in (
        Connected, Ready, Offline, Close, ErrorFrame, IncomingInvite, Ringing, Answer, Hangup, Cancel, Dtmf, Reinvite,
        CallMessage, Ack,
    )
}  # fmt: skip


class _Envelope(Struct):
    type: str
    payload: Raw = Raw(b"{}")


class _Sent(Struct):
    type: str
    version: str
    payload: Message


_UFRAG = re.compile(r"^a=ice-ufrag:(\S+)", re.MULTILINE)

_envelopes = msgspec.json.Decoder(_Envelope)
_encoder = msgspec.json.Encoder()


def encode(message: Message, *, version: str = CLIENT_VERSION) -> str:
    """Return the frame's text.

    Raises LocalProtocolError when it is longer than any exchange takes.
    """
    if isinstance(message, Heartbeat):
        return message.kind
    text = _encoder.encode(_Sent(message.kind, version, message)).decode()
    if len(text) > LIMIT_CHARACTERS:
        raise LocalProtocolError(f"A {message.kind} frame of {len(text)} characters is longer than the wire takes.")
    return text


def decode_from_client(text: str) -> Message:
    """Read a frame that a client sent; raises RemoteProtocolError."""
    return _decode(text, FROM_CLIENT)


def decode_from_exchange(text: str) -> Message:
    """Read a frame that an exchange sent; raises RemoteProtocolError."""
    return _decode(text, FROM_EXCHANGE)


def ice_ufrag(sdp: str) -> str:
    """Return the ICE user name fragment of a description (RFC 8839, section 5.4), by which it is told from others."""
    found = _UFRAG.search(sdp)
    return found[1] if found else ""


def _decode(text: str, kinds: dict[str, type[Message]]) -> Message:
    if text == Heartbeat.kind:
        return Heartbeat()
    if len(text) > LIMIT_CHARACTERS:
        raise RemoteProtocolError(f"A frame of {len(text)} characters is too long.")
    try:
        envelope = _envelopes.decode(text)
        kind = kinds.get(envelope.type)
        return Unknown() if kind is None else msgspec.json.decode(envelope.payload, type=kind)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise RemoteProtocolError(f"A frame of {len(text)} characters can't be read.") from error
