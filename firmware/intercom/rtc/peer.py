"""`Peer`: the sound of one call."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from aiortc import MediaStreamTrack
from aiortc.rtp import RtpPacket

from intercom.audio.frames import RATE, Sink, Source
from intercom.call.ports import MediaState
from intercom.errors import MediaError
from intercom.quality.sample import Record
from intercom.rtc import sdp
from intercom.rtc.codecs import CODECS
from intercom.rtc.liveness import Liveness
from intercom.rtc.receiver import Receiver
from intercom.rtc.sender import Sender
from intercom.rtc.stats import Inbound, record
from intercom.rtc.transport import Transport

logger = logging.getLogger(__name__)

SILENT_S = 2.0
FINAL = {MediaState.FAILED, MediaState.CLOSED}


class Voice(Protocol):
    """The microphone and the speaker."""

    def connect(self, sink: Sink, source: Source) -> None:
        """Begin to fill the sink and to play the source."""

    def disconnect(self) -> None:
        """Leave both alone; idempotent."""

    def mute(self, flag: bool) -> None:
        """Fill the sink with silence (True) or the microphone (False)."""


class Peer:
    """Fulfils `call.ports.Media`.

    `codecs`: our names of the codecs that may be used, the best first.  `loopback`: offer 127.0.0.1 too, for a far
    end on this machine.  `on_state` is told CONNECTING, CONNECTED, DISCONNECTED (the far end was heard and has sent
    nothing for `SILENT_S`; CONNECTED comes again when it does), FAILED (not connected within `patience_s` after both
    descriptions were there, or the far end has gone: aioice notices after 30 s) and CLOSED (the far end closed its
    transport: its hang-up is on the way); nothing comes after the last two, nor after `close`.
    """

    def __init__(
        self,
        *,
        codecs: Sequence[str],
        voice: Voice,
        on_state: Callable[[MediaState], None],
        loopback: bool = False,
        patience_s: float = 15.0,
    ) -> None:
        self._codecs, self._voice, self._on_state = codecs, voice, on_state
        self._loopback, self._patience_s = loopback, patience_s
        self._loop = asyncio.get_running_loop()
        self._sender = Sender(self._loop)
        self._liveness = Liveness(self._heard, patience_s=SILENT_S)
        self._receiver = Receiver(self._liveness.heard)
        self._inbound = Inbound()
        self._transport: Transport | None = None
        self._state: MediaState | None = None
        self._has_voice = False
        self._timer: asyncio.TimerHandle | None = None
        self._receiving: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None

    @property
    def codec(self) -> str | None:
        """The codec we send, `"opus"` or `"PCMU"`, once negotiated."""
        return self._sender.codec.name if self._sender.codec else None

    def status(self) -> dict[str, Any]:
        """Counters: packets sent and dropped, frames received; `heard_s`: seconds since the last of them."""
        heard_at, playout = self._liveness.heard_at, self._receiver.playout
        return {
            "codec": self.codec,
            "sent": self._sender.sent,
            "send_dropped": self._sender.dropped,
            "received": self._receiver.received,
            "heard_s": None if heard_at is None else round(self._loop.time() - heard_at, 2),
            "silence_ms": playout.silence_samples * 1000 // RATE,
            "play_dropped_ms": playout.dropped_samples * 1000 // RATE,
        }

    async def stats(self) -> Record:
        """Return what has been counted since the call began; the round trip is known after some seconds."""
        report = await self._transport.sent() if self._transport else []
        return record(report, self._inbound, codec=self.codec, timestamp_ms=time.time() * 1000)

    def newest(self) -> tuple[bytes, bytes]:
        """Return the latest sound of the microphone and of the far end."""
        return self._sender.newest, self._receiver.playout.newest

    async def open(self) -> None:
        """Take the microphone and the speaker for this call."""
        self._has_voice = True
        self._voice.connect(self._sender, self._receiver.playout)

    async def offer(self) -> str:
        """Return our offer of the settings' codecs, with all our candidates."""
        return await self._start(self._codecs).offer()

    async def answer(self, offer: str) -> str:
        """Return our answer to a far end's offer: it names one codec; raises MediaError."""
        description = sdp.parse(offer, "offer")
        codec = sdp.choose(description, self._codecs)
        ours = await self._start([codec]).answer(description)
        self._agree(codec)
        return ours

    async def accept(self, answer: str) -> None:
        """Apply the far end's answer to our offer; raises MediaError."""
        description = sdp.parse(answer, "answer")
        codec = sdp.choose(description, self._codecs)
        if self._transport is None:
            raise MediaError("The far end answered what was not asked.")
        await self._transport.accept(description)
        self._agree(codec)

    def mute(self, flag: bool) -> None:
        """Send silence (True) or the microphone (False); another call's microphone is left alone."""
        if self._has_voice:
            self._voice.mute(flag)

    async def close(self) -> None:
        """End it; idempotent, never raises; leaves no socket, task or thread behind."""
        if self._has_voice:  # at once: the next call may take the microphone before the task begins
            self._has_voice = False
            self._voice.disconnect()
        if self._closing is None:
            self._closing = self._loop.create_task(self._close())
        await asyncio.shield(self._closing)

    def link_changed(self, state: MediaState) -> None:
        """Take the news of the transport."""
        self._announce(state)

    def arrived(self, packet: RtpPacket) -> None:
        """Take a packet of the far end."""
        self._inbound.feed(packet, at_s=self._loop.time())

    def receive(self, track: MediaStreamTrack) -> None:
        """Play the far end's voice."""
        self._receiving = self._loop.create_task(self._receiver.run(track))
        self._receiving.add_done_callback(self._received)

    def _start(self, codecs: Sequence[str]) -> Transport:
        if self._transport is not None or self._closing is not None:
            raise MediaError("This call's media has been set up before, or has ended.")
        self._transport = Transport(self._sender, self, codecs=codecs, loopback=self._loopback)
        return self._transport

    def _agree(self, codec: str) -> None:
        self._sender.codec = CODECS[codec]
        self._timer = self._loop.call_later(self._patience_s, self._give_up)

    def _give_up(self) -> None:
        if self._state in {None, MediaState.CONNECTING}:
            self._announce(MediaState.FAILED)

    def _heard(self, is_heard: bool) -> None:
        if self._state in {MediaState.CONNECTED, MediaState.DISCONNECTED}:
            self._announce(MediaState.CONNECTED if is_heard else MediaState.DISCONNECTED)

    def _announce(self, state: MediaState) -> None:
        if self._closing is None and self._state not in FINAL and state is not self._state:
            self._state = state
            self._on_state(state)

    def _received(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()):
            logger.error("the far end's sound can't be played", exc_info=error)
            self._announce(MediaState.FAILED)

    async def _close(self) -> None:
        self._liveness.stop()
        if self._timer:
            self._timer.cancel()
        if self._transport:
            await self._transport.end()
        if self._receiving:
            self._receiving.cancel()
            await asyncio.wait([self._receiving])
