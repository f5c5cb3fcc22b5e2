"""`Connection`: one call, with the methods, events and states of the Voice JS SDK v1."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Literal
from uuid import uuid4

from intercom.call.emitter import Emitter
from intercom.call.events import CallError, End, Ending
from intercom.call.gauge import Gauge
from intercom.call.machine import ACCEPTED, CallMachine, CallState
from intercom.call.ports import MediaFact, MediaState, Options, Ports
from intercom.errors import IntercomError, MediaError
from intercom.signaling import parameters as custom
from intercom.signaling.events import StreamState
from intercom.signaling.messages import (
    Answer,
    Cancel,
    Failure,
    Hangup,
    IncomingInvite,
    Invite,
    Message,
    Reject,
    Ringing,
    TwilioParams,
)

logger = logging.getLogger(__name__)

UNKNOWN, MEDIA_FAILED = 31000, 31003
SIGNALING_DISCONNECTED, REMOTE_DESCRIPTION_FAILED, MEDIA_CONNECTION, CONNECTION_ERROR = 53001, 53402, 53405, 31005


class Connection(Emitter):
    """A call to or from the exchange.

    Events: `accept(connection)`, `cancel()`, `disconnect(connection)`, `error(CallError)`, `mute(bool, connection)`,
    `reconnecting(CallError)`, `reconnected()`, `reject()`, `ringing(has_early_media)`, `sample(Sample)`,
    `volume(input, output)`, `warning(name, Evidence | None)`, `warning-cleared(name, None)`; besides those of the seed
    `state(CallState)` after each change of `status()`.
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
        self.has_early_media = False
        self.ended: End | None = None
        self._ports, self._options, self._invite = ports, options, invite
        self._machine = CallMachine(self._announce)
        self._media = ports.media(self._media_changed)
        self.quality = Gauge(self, self._media)
        self._work: set[asyncio.Task[None]] = set()
        self._is_muted = self._is_answered = self._is_agreed = False
        self._opened_at = self._closed_at = 0.0

    @property
    def sid(self) -> str:
        """The call's `CallSid`, or its temporary id while the exchange has not named it."""
        return self.parameters.get("CallSid") or self.outbound_connection_id

    @property
    def duration_s(self) -> float:
        """How long the call has been open, in seconds; 0 before."""
        return (self._closed_at or time.monotonic()) - self._opened_at if self._opened_at else 0.0

    @property
    def codec(self) -> str | None:
        """The codec of this call, once negotiated: `"opus"` or `"PCMU"`."""
        return self._media.codec

    def status(self) -> CallState:
        """Return the state, a string (Voice JS SDK v1, status)."""
        return self._machine.state

    def is_muted(self) -> bool:
        """Return whether the far end hears silence."""
        return self._is_muted

    def accept(self) -> None:
        """Take the call, or place it if it is ours; nothing happens unless it is pending (Voice JS SDK v1, accept)."""
        if self._machine.establish():
            self._run(self._establish())

    def reject(self) -> None:
        """Refuse a pending call for all who are rung (Voice JS SDK v1, reject)."""
        if self._dismiss(End(Ending.REJECTED)):
            self._ports.stream.send(Reject(callsid=self.sid))
            self.emit("reject")

    def ignore(self) -> None:
        """Stop a pending call from ringing here; it rings on elsewhere (Voice JS SDK v1, ignore)."""
        if self._dismiss(End(Ending.IGNORED)):
            self.emit("cancel")

    def disconnect(self) -> None:
        """Hang up; nothing happens while the call is pending (Voice JS SDK v1, disconnect)."""
        self._hang_up(End(Ending.HUNG_UP))

    def mute(self, flag: bool = True) -> bool:
        """Mute or unmute the microphone; returns whether it is muted now.

        A call that was muted before it opened stays muted (the SDK opens the microphone again).
        """
        if flag != self._is_muted and self.status() is not CallState.CLOSED:
            self._is_muted = flag
            self._media.mute(flag)
            self.emit("mute", flag, self)
        return self._is_muted

    def receive(self, message: Message) -> None:
        """Take a frame of this call from the exchange."""
        match message:
            case Ringing():
                self._far_end_rings(message)
            case Answer():
                self._far_end_answers(message)
            case Hangup() if self.status() in ACCEPTED:
                self._far_end_hangs_up(message.error)
            case Cancel():
                self.give_up()

    def give_up(self) -> None:
        """End the call without a word to the exchange: the caller gave up, or another station answered."""
        if self._dismiss(End(Ending.CANCELLED)) or self._end(End(Ending.CANCELLED)):
            self.emit("cancel")

    async def _establish(self) -> None:
        await self._media.open()
        if self._is_muted:
            self._media.mute(True)
        if self._ports.stream.state is StreamState.DISCONNECTED:
            message = "The exchange is not connected, so no call can be placed or answered."
            self._fail(CallError(UNKNOWN, message, self, SIGNALING_DISCONNECTED))
        elif self._invite:
            await self._answer(self._invite)
        else:
            twilio = TwilioParams(params=custom.encode(self.custom_parameters))
            sdp = await self._media.offer()
            self._ports.stream.send(Invite(callsid=self.outbound_connection_id, sdp=sdp, twilio=twilio))

    async def _answer(self, invite: IncomingInvite) -> None:
        sdp = await self._media.answer(invite.sdp)
        self._is_answered = True
        self._agreed()
        if self.status() is CallState.OPEN:  # a listener of `accept` may have hung up
            self._ports.stream.send(Answer(callsid=self.sid, sdp=sdp))

    def _far_end_rings(self, message: Ringing) -> None:
        self._name(message.callsid)
        has_early_media = bool(message.sdp)
        if has_early_media and not self._is_agreed:
            self._is_answered |= not self._options.enable_ringing_state
            self._run(self._agree(message.sdp))
        if self._options.enable_ringing_state and self._machine.alert():
            self.has_early_media = has_early_media
            self.emit("ringing", has_early_media)

    def _far_end_answers(self, message: Answer) -> None:
        self._name(message.callsid)
        if self._is_answered:
            return
        self._is_answered = True
        if message.sdp and not self.has_early_media:
            self._run(self._agree(message.sdp))
        else:
            self._open_if_agreed()

    async def _agree(self, sdp: str) -> None:
        await self._media.accept(sdp)
        self._agreed()

    def _agreed(self) -> None:
        self._is_agreed = True
        self._run(self.quality.run())
        self._open_if_agreed()

    def _open_if_agreed(self) -> None:
        if self._is_answered and self._is_agreed and self._machine.open():
            self._opened_at = time.monotonic()
            self.emit("accept", self)

    def _far_end_hangs_up(self, error: Failure | None) -> None:
        if error is None:
            end = End(Ending.HUNG_UP_BY_FAR_END)
        else:
            end = End(Ending.FAILED, error.code or UNKNOWN, error.message or "The exchange ended the call.")
            self.emit("error", CallError(end.code, end.message, self, CONNECTION_ERROR))
        if self._end(end):
            self.emit("disconnect", self)

    def _media_changed(self, fact: MediaFact) -> None:
        if isinstance(fact, MediaState):
            self.quality.link(fact)
        match fact:
            case MediaState.CONNECTED if self._machine.find_media():
                self.emit("reconnected")
            case MediaState.DISCONNECTED if self._options.enable_ice_restart and self._machine.lose_media():
                error = CallError(MEDIA_CONNECTION, "The far end is not heard any more.", None, MEDIA_CONNECTION)
                self.emit("reconnecting", error)
            case MediaState.CLOSED:
                self._hang_up(End(Ending.HUNG_UP_BY_FAR_END))
            case MediaState.FAILED:
                self._lose(CallError(MEDIA_FAILED, "No sound came through between both ends.", self, MEDIA_CONNECTION))

    def _hang_up(self, end: End, message: str = "") -> bool:
        sid = self.sid
        if not self._end(end):
            return False
        self._ports.stream.send(Hangup(callsid=sid, message=message))
        self.emit("disconnect", self)
        return True

    def _lose(self, error: CallError) -> None:
        """End a call whose media is gone: `disconnect`, then `error` (Voice JS SDK v1, teardown D)."""
        if self._hang_up(End(Ending.FAILED, error.code, error.message), error.message):
            self.emit("error", error)

    def _fail(self, error: CallError) -> None:
        """End a call that could not be set up: `error`, then `disconnect`."""
        self.emit("error", error)
        self._hang_up(End(Ending.FAILED, error.code, error.message), error.message)

    def _dismiss(self, end: End) -> bool:
        return self.status() is CallState.PENDING and self._settle(end, self._machine.dismiss)

    def _end(self, end: End) -> bool:
        return self.status() in ACCEPTED and self._settle(end, self._machine.end)

    def _settle(self, end: End, close: Callable[[], bool]) -> bool:
        self.ended = end
        self._closed_at = time.monotonic()
        self._is_muted = False
        self.quality.stop()
        close()
        for task in self._work - {asyncio.current_task()}:
            task.cancel()
        self._ports.spawn(self._media.close())
        return True

    def _name(self, sid: str) -> None:
        if sid:
            self.parameters["CallSid"] = sid

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._ports.spawn(self._guarded(work))
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a piece of this call; a failure in it ends this call, never the station."""
        try:
            await work
        except MediaError as error:
            logger.warning("call %s: %s", self.sid, error)
            self._fail(CallError(UNKNOWN, str(error), self, REMOTE_DESCRIPTION_FAILED))
        except IntercomError as error:
            self._fail(CallError(UNKNOWN, str(error), self))
        except Exception as fault:  # a bug ends its call (error 31000), not the station
            logger.exception("call %s: unexpected failure", self.sid)
            message = "The call failed by a fault in this program; the log tells more."
            self._fail(CallError(UNKNOWN, message, self, fault=fault))

    def _announce(self, before: CallState, after: CallState) -> None:
        logger.info("call %s: %s → %s", self.sid, before, after)
        self.emit("state", after)
