"""`Connection`: one call, with the methods, events and states of the Voice JS SDK v1."""

from collections.abc import Mapping
from typing import Literal, assert_never
from uuid import uuid4

from intercom.call import codes
from intercom.call.emitter import Emitter
from intercom.call.events import CallError, End, Ending
from intercom.call.gauge import Gauge
from intercom.call.life import Life
from intercom.call.machine import CallState
from intercom.call.options import Options
from intercom.call.ports import AudioReady, DigitHeard, MediaFact, MediaState, Observed, Ports
from intercom.call.setup import Setup
from intercom.signaling import parameters as custom
from intercom.signaling.messages import Answer, Cancel, Hangup, IncomingInvite, Message, Reject, Ringing


class Connection(Emitter):
    """A call to or from the exchange.

    Events: `accept(connection)`, `audio(RemoteAudio)`, `cancel()`, `disconnect(connection)`, `error(CallError)`,
    `mute(bool, connection)`, `reconnecting(CallError)`, `reconnected()`, `reject()`, `ringing(has_early_media)`,
    `sample(Sample)`, `volume(input, output)`, `warning(name, Evidence | None)`, `warning-cleared(name, None)`; besides
    those of the seed `digit(DigitHeard)`, `state(CallState)` after each change of `status()`, and `observed(Observed)`
    for what the reports tell and no other event does.
    """

    def __init__(
        self,
        ports: Ports,
        options: Options,
        *,
        invite: IncomingInvite | None = None,
        params: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__()
        self.direction: Literal["INCOMING", "OUTGOING"] = "INCOMING" if invite else "OUTGOING"
        self.parameters: dict[str, str] = {"CallSid": invite.callsid, **invite.parameters} if invite else {}
        self.custom_parameters = (
            custom.decode(self.parameters.get("Params", "")) if invite else custom.texts(params or {})
        )
        self.outbound_connection_id = f"TJS{uuid4()}"
        self._ports, self._options, self._invite = ports, options, invite
        self._is_muted = False
        self._media = ports.media(self._media_changed)
        self.quality = Gauge(self, self._media)
        self._life = Life(self, ports, self._media)
        self._setup = Setup(self, self._life, self._media, ports.stream, options)

    @property
    def sid(self) -> str:
        """The call's `CallSid`, or its temporary id while the exchange has not named it."""
        return self.parameters.get("CallSid") or self.outbound_connection_id

    @property
    def codec(self) -> str | None:
        """The codec of this call, once negotiated: `"opus"` or `"PCMU"`."""
        return self._media.codec

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

    def status(self) -> CallState:
        """Return the state, a string (Voice JS SDK v1, status)."""
        return self._life.state

    def accept(self) -> None:
        """Take the call, or place it if it is ours; nothing happens unless it is pending (Voice JS SDK v1, accept)."""
        if self._life.machine.establish():
            self._life.run(self._setup.run(self._invite))

    def reject(self) -> None:
        """Refuse a pending call for all who are rung (Voice JS SDK v1, reject)."""
        if self._life.dismiss(End(Ending.REJECTED)):
            self._ports.stream.send(Reject(callsid=self.sid))
            self.emit("reject")

    def ignore(self) -> None:
        """Stop a pending call from ringing here; it rings on elsewhere (Voice JS SDK v1, ignore)."""
        if self._life.dismiss(End(Ending.IGNORED)):
            self.emit("cancel")

    def disconnect(self) -> None:
        """Hang up; nothing happens while the call is pending (Voice JS SDK v1, disconnect)."""
        self._life.hang_up(End(Ending.HUNG_UP))

    def is_muted(self) -> bool:
        """Return whether the far end hears silence."""
        return self._is_muted and self.status() is not CallState.CLOSED

    def mute(self, flag: bool = True) -> bool:
        """Mute or unmute the microphone; returns whether it is muted now.

        A call that was muted before it opened stays muted (the SDK opens the microphone again).
        """
        if flag != self._is_muted and self.status() is not CallState.CLOSED:
            self._is_muted = flag
            self._media.mute(flag)
            self.emit("mute", flag, self)
        return self.is_muted()

    def receive(self, message: Message) -> None:
        """Take a frame of this call from the exchange."""
        match message:
            case Ringing():
                self._setup.far_end_rings(message)
            case Answer():
                self._setup.far_end_answers(message)
            case Hangup():
                self._life.far_end_hangs_up(message.error)
            case Cancel():
                self._life.give_up()

    def give_up(self) -> None:
        """End the call without a word to the exchange."""
        self._life.give_up()

    def _media_changed(self, fact: MediaFact) -> None:
        match fact:
            case MediaState():
                self.quality.link(fact)
                self._link_changed(fact)
            case AudioReady():
                self.emit("audio", fact.audio)
            case DigitHeard():
                self.emit("digit", fact)
            case Observed():
                self.emit("observed", fact)
            case _:
                assert_never(fact)

    def _link_changed(self, state: MediaState) -> None:
        machine = self._life.machine
        match state:
            case MediaState.CONNECTED if machine.find_media():
                self.emit("reconnected")
            case MediaState.DISCONNECTED if self._options.enable_ice_restart and machine.lose_media():
                message = "The far end is not heard any more."
                self.emit("reconnecting", CallError(codes.TWILIO_MEDIA_LOST, message, None, codes.TWILIO_MEDIA_LOST))
            case MediaState.CLOSED:
                self._life.hang_up(End(Ending.HUNG_UP_BY_FAR_END))
            case MediaState.FAILED:
                message = "No sound came through between both ends."
                self._life.lose(CallError(codes.MEDIA_LOST, message, self, codes.TWILIO_MEDIA_LOST))
