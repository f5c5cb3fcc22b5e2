"""`Connection`: one call, with the methods, events and states of the Voice JS SDK v1."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, assert_never
from uuid import uuid4

from intercom.call import codes, words
from intercom.call.chronicle import Chronicle
from intercom.call.deprecated import Deprecated, Listener
from intercom.call.digits import Digits
from intercom.call.events import CallerInfo, End, Ending, refusal
from intercom.call.gauge import Gauge
from intercom.call.life import Life
from intercom.call.machine import DIALLING, CallState
from intercom.call.options import Options
from intercom.call.ports import (
    AudioConstraints,
    AudioReady,
    AudioStream,
    DigitHeard,
    MediaFact,
    MediaState,
    Observed,
    Ports,
)
from intercom.call.repair import Repair
from intercom.call.setup import Setup
from intercom.errors import ConflictError
from intercom.signaling import parameters as custom
from intercom.signaling.messages import (
    Ack,
    Answer,
    CallMessage,
    Cancel,
    Dtmf,
    ErrorFrame,
    Hangup,
    IncomingInvite,
    Message,
    Reinvite,
    Reject,
    Ringing,
)

VERIFIED = "TN-Validation-Passed-A"


class Connection(Deprecated):
    """A call to or from the exchange.

    Events: `accept(connection)`, `audio(RemoteAudio)`, `cancel()`, `disconnect(connection)`, `error(CallError)`,
    `mute(bool, connection)`, `reconnecting(CallError)`, `reconnected()`, `reject()`, `ringing(has_early_media)`,
    `sample(Sample)`, `volume(input, output)`, `warning(name, Evidence | None)`, `warning-cleared(name, None)`.
    Besides those of the seed: `digit(DigitHeard)`, `message(CallMessage)`, `message-sent(voiceeventsid)`,
    `message-refused(voiceeventsid, why)`, `state(CallState)` after each change of `status()`, and
    `observed(Observed)`, what only the reports tell.
    """

    def __init__(
        self,
        ports: Ports,
        options: Options,
        *,
        invite: IncomingInvite | None = None,
        params: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(is_warning=options.warnings)
        self.direction: Literal["INCOMING", "OUTGOING"] = "INCOMING" if invite else "OUTGOING"
        self.parameters: dict[str, str] = {"CallSid": invite.callsid, **invite.parameters} if invite else {}
        self.custom_parameters = (
            custom.decode(self.parameters.get("Params", "")) if invite else custom.texts(params or {})
        )
        self.outbound_connection_id = f"TJS{uuid4()}"
        self._ports, self._options, self._invite = ports, options, invite
        self._is_muted = False
        self._media = media = ports.media(self._media_changed)
        self.quality = Gauge(self, media, options.thresholds)
        self._life = life = Life(self, ports, media)
        self._repair = Repair(self, life, media, ports.stream, is_enabled=options.enable_ice_restart)
        self._setup = Setup(self, life, self._repair, media, ports.stream, options)
        self._digits = Digits(self, life, media, ports)
        self._frames: dict[type[Message], Callable[[Any], object]] = {
            Ringing: self._setup.far_end_rings,
            Answer: self._setup.far_end_answers,
            Reinvite: self._repair.far_end_offers,
            Hangup: life.far_end_hangs_up,
            Cancel: lambda cancel: life.give_up(Ending.TAKEN if cancel.taken else Ending.CANCELLED),
            Dtmf: self._digits.receive,
            CallMessage: lambda message: self.emit("message", message),
            Ack: lambda ack: self.emit("message-sent", ack.voiceeventsid),
            ErrorFrame: self._refused,
        }
        self._chronicle = Chronicle(self, ports.stream, ports.gateway, options)

    @property
    def sid(self) -> str:
        """The call's `CallSid`, or its temporary id while the exchange has not named it."""
        return self.parameters.get("CallSid") or self.outbound_connection_id

    @property
    def codec(self) -> str | None:
        """The codec of this call, once negotiated: `"opus"` or `"PCMU"`."""
        return self._media.codec

    @property
    def caller_info(self) -> CallerInfo | None:
        """Whether a telephone network vouches for who calls; None where it says nothing."""
        given = self.parameters.get("StirStatus") if self._invite else None
        return CallerInfo(given == VERIFIED) if given else None

    @property
    def has_early_media(self) -> bool:
        """Whether the far end is heard before it answers."""
        return self._setup.has_early_media

    @property
    def ended(self) -> End | None:
        """How the call ended; None while it has not."""
        return self._life.ended

    @property
    def duration_s(self) -> float:
        """How long the call has been open, in seconds; 0 before."""
        return self._life.duration_s

    @property
    def reconnecting_s(self) -> float | None:
        """For how many seconds the call has been `reconnecting`; None in every other state."""
        return self._repair.lasts_s if self.status() is CallState.RECONNECTING else None

    def status(self) -> CallState:
        """Return the state, a string (Voice JS SDK v1, status)."""
        return self._life.state

    def accept(self, constraints: AudioConstraints | Listener | None = None) -> None:
        """Take the call, or place it if it is ours; nothing happens unless it is pending (Voice JS SDK v1, accept).

        `constraints` say how the microphone is used, in place of those of the device's options.
        """
        if callable(constraints):
            self._listen("accept", constraints)
        elif self._life.machine.establish():
            self._life.run(self._setup.run(self._invite, constraints or self._options.audio_constraints))

    def reject(self, listener: Listener | None = None) -> None:
        """Refuse a pending call for all who are rung (Voice JS SDK v1, reject)."""
        if listener is not None:
            self._listen("reject", listener)
        elif self._life.dismiss(End(Ending.REJECTED)):
            self._ports.stream.send(Reject(callsid=self.sid))
            self.emit("reject")

    def ignore(self, listener: Listener | None = None) -> None:
        """Stop a pending call from ringing here; it rings on elsewhere (Voice JS SDK v1, ignore)."""
        if listener is not None:
            self._listen("cancel", listener)
        elif self._life.dismiss(End(Ending.IGNORED)):
            self.emit("cancel")

    def disconnect(self, listener: Listener | None = None) -> None:
        """Hang up; nothing happens while the call is pending (Voice JS SDK v1, disconnect)."""
        if listener is not None:
            self._listen("disconnect", listener)
        else:
            self._life.hang_up(End(Ending.HUNG_UP))

    def is_muted(self) -> bool:
        """Return whether the far end hears silence."""
        return self._is_muted and self.status() is not CallState.CLOSED

    def mute(self, flag: bool | Listener = True) -> bool:
        """Mute or unmute the microphone; returns whether it is muted now.

        A call that was muted before it opened stays muted (the SDK opens the microphone again).
        """
        if callable(flag):
            self._listen("mute", flag)
        elif flag != self._is_muted and self.status() is not CallState.CLOSED:
            self._is_muted = flag
            self._media.mute(flag)
            self.emit("mute", flag, self)
        return self.is_muted()

    def send_digits(self, digits: str) -> None:
        """Send tones: `0123456789*#`, and `w` for a pause of half a second (Voice JS SDK v1, sendDigits).

        Raises UsageError for any other text, ConflictError while the call is pending and after its end.
        """
        self._digits.send(digits)

    def local_stream(self) -> AudioStream | None:
        """Return what the far end hears of us, None before and after the call (Voice JS SDK v1, getLocalStream)."""
        return None if self.status() is CallState.CLOSED else self._media.local_stream

    def remote_stream(self) -> AudioStream | None:
        """Return the far end's sound, None until it is there (Voice JS SDK v1, getRemoteStream)."""
        return self._media.remote_stream

    def send_message(self, content: object, *, messagetype: str, contenttype: str = "application/json") -> str:
        """Send an application's message to the far end, pending calls included; returns its id.

        `message-sent` with that id tells that the far end has it, `error` that it has not (Voice JS SDK v2,
        sendMessage).  Raises UsageError for what can't be sent, ConflictError before the exchange has named the call
        and after its end.
        """
        if "CallSid" not in self.parameters or self.status() is CallState.CLOSED:
            raise ConflictError("The call has no far end yet, or none any more, that a message could reach.")
        message = words.compose(self.sid, content, messagetype=messagetype, contenttype=contenttype)
        self._ports.stream.send(message)
        return message.voiceeventsid

    async def post_feedback(self, score: int | None = None, issue: str | None = None) -> None:
        """Tell how the call was, 1 (bad) to 5 (excellent), and what was wrong with it; in every state, its end too.

        Returns when the gateway took it, or at once where reports are off.  Raises UsageError for another score or
        issue, IntercomError where the gateway did not take it (Voice JS SDK v1, postFeedback).
        """
        await self._chronicle.feedback(score, issue)

    def receive(self, message: Message) -> None:
        """Take a frame of this call from the exchange."""
        if take := self._frames.get(type(message)):
            take(message)

    def give_up(self) -> None:
        """End the call without a word to the exchange."""
        self._life.give_up()

    def settle(self) -> None:
        """Hang up a call that has served its purpose while it rings: who is rung for it has not missed it."""
        self._life.hang_up(End(Ending.HUNG_UP), is_taken=True)

    def time_out(self) -> None:
        """Give up a call of ours that nobody answers; nothing happens in any other."""
        if self.status() in DIALLING:
            self._life.hang_up(End(Ending.FAILED, codes.NO_ANSWER, "Nobody answered."))

    def linked(self) -> None:
        """Take the news that the exchange is back after an outage."""
        self._repair.linked()

    def _refused(self, frame: ErrorFrame) -> None:
        """Take what an exchange has against a message of ours; its other errors are the device's."""
        if frame.voiceeventsid and frame.error:
            self.emit("message-refused", frame.voiceeventsid, frame.error.message)
            self.emit("error", refusal(frame.error, self))

    def _media_changed(self, fact: MediaFact) -> None:
        if self.ended and not isinstance(fact, Observed):
            return
        match fact:
            case MediaState():
                self.quality.link(fact)
                self._repair.link(fact)
            case AudioReady():
                self.emit("audio", fact.audio)
            case DigitHeard():
                self._digits.hear(fact)
            case Observed():
                self.emit("observed", fact)
            case _:
                assert_never(fact)
