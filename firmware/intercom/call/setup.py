"""How a call comes to be open: offer and answer, ringing, early media."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from intercom.call import codes
from intercom.call.events import CallError
from intercom.call.life import Life
from intercom.call.machine import CallState
from intercom.call.options import Options
from intercom.call.ports import AudioConstraints, Media, Stream
from intercom.call.repair import Repair
from intercom.errors import AudioDeniedError, AudioError, MediaError
from intercom.quality import moments
from intercom.quality.report import Report
from intercom.signaling import parameters as custom
from intercom.signaling.events import StreamState
from intercom.signaling.messages import Answer, IncomingInvite, Invite, Ringing, TwilioParams

if TYPE_CHECKING:
    from intercom.call.connection import Connection


class Setup:
    """Opens the call once both ends have agreed on their media and the call is answered, whichever comes last.

    (Voice JS SDK v1, opening rule.)
    """

    def __init__(
        self, call: "Connection", life: Life, repair: Repair, media: Media, stream: Stream, options: Options
    ) -> None:
        self.has_early_media = self._is_answered = self._is_agreed = False
        self._call, self._life, self._repair, self._media = call, life, repair, media
        self._stream, self._options = stream, options
        self._offered = ""

    async def run(self, invite: IncomingInvite | None, constraints: AudioConstraints | None) -> None:
        """Answer the far end's invite, or send ours."""
        if not await self._capture(constraints):
            return
        if self._call.is_muted():
            self._media.mute(True)
        if self._stream.state is StreamState.DISCONNECTED:
            message = "The exchange is not connected, so no call can be placed or answered."
            self._life.fail(CallError(codes.UNKNOWN, message, self._call, codes.TWILIO_SIGNALING_LOST))
        elif invite:
            await self._answer(invite)
        else:
            await self._invite()

    def far_end_rings(self, message: Ringing) -> None:
        """Take the news that the callee was told of our call, with early media or without."""
        self._name(message.callsid)
        has_early_media = bool(message.sdp)
        if has_early_media and not self._is_agreed:
            self._is_answered |= not self._options.enable_ringing_state
            self._life.run(self._agree(message.sdp))
        if self._options.enable_ringing_state and self._life.moves(self._life.machine.alert):
            self.has_early_media = has_early_media
            self._call.emit("ringing", has_early_media)

    def far_end_answers(self, message: Answer) -> None:
        """Take the callee's answer; any further one is to an offer of a new path."""
        self._name(message.callsid)
        if self._is_answered:
            self._repair.far_end_answers(message)
            return
        self._is_answered = True
        if self.has_early_media:
            self._open_if_agreed()
        elif message.sdp:
            self._life.run(self._agree(message.sdp))
        else:
            text = "The far end answered without saying how it can be heard."
            self._life.fail(CallError(codes.UNKNOWN, text, self._call, codes.TWILIO_REMOTE_DESCRIPTION))

    async def _capture(self, constraints: AudioConstraints | None) -> bool:
        """Take the microphone and the speaker; the call ends where a PCM was asked for by name and can't be had."""
        asked = {name: value for name, value in asdict(constraints).items() if value is not None} if constraints else {}
        try:
            await self._media.open(constraints)
        except AudioError as error:
            self._tell(moments.capture(asked, error))
            code = codes.CAPTURE_DENIED if isinstance(error, AudioDeniedError) else codes.CAPTURE_FAILED
            self._life.lose(CallError(code, str(error), self._call), is_told=False)
            return False
        self._tell(moments.capture(asked))
        return True

    async def _invite(self) -> None:
        try:
            self._offered = sdp = await self._media.offer()
        except MediaError as error:
            self._life.fail(CallError(codes.UNKNOWN, str(error), self._call, codes.TWILIO_LOCAL_DESCRIPTION))
            return
        twilio = TwilioParams(params=custom.encode(self._call.custom_parameters))
        self._stream.send(Invite(callsid=self._call.outbound_connection_id, sdp=sdp, twilio=twilio))

    async def _answer(self, invite: IncomingInvite) -> None:
        sdp = await self._media.answer(invite.sdp)
        self._is_answered = True
        self._agreed()
        if self._life.state is CallState.OPEN:  # a listener of `accept` may have hung up
            self._stream.send(Answer(callsid=self._call.sid, sdp=sdp))
            self._tell(Report("connection", "accepted-by-local", "INFO"))
            self._tell_codec(sdp)

    async def _agree(self, sdp: str) -> None:
        await self._media.accept(sdp)
        self._agreed()
        self._tell(Report("connection", "accepted-by-remote", "INFO"))
        self._tell_codec(self._offered)

    def _agreed(self) -> None:
        self._is_agreed = True
        self._life.run(self._call.quality.run())
        self._life.run(self._repair.run())
        self._open_if_agreed()

    def _open_if_agreed(self) -> None:
        if self._is_answered and self._is_agreed:
            self._life.open()

    def _tell_codec(self, sdp: str) -> None:
        if self._media.codec:
            self._tell(moments.codec(self._media.codec, sdp))

    def _tell(self, report: Report) -> None:
        self._call.emit("observed", report)

    def _name(self, sid: str) -> None:
        if sid:
            self._call.parameters["CallSid"] = sid
