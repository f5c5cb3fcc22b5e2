"""`Peer`: the sound of one call."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from intercom.call.ports import AudioConstraints, AudioStream, MediaFact, MediaState
from intercom.network import Network
from intercom.quality.sample import Figures, Record
from intercom.rtc import codecs, rtp
from intercom.rtc.codecs import CODECS
from intercom.rtc.figures import figures, mouth_to_ear_ms
from intercom.rtc.keypad import Keypad
from intercom.rtc.liveness import Liveness
from intercom.rtc.negotiation import Negotiation
from intercom.rtc.observer import Observer
from intercom.rtc.preferences import Preferences
from intercom.rtc.receiver import Receiver
from intercom.rtc.reporter import Reporter
from intercom.rtc.reports import Reports
from intercom.rtc.sdp import Description
from intercom.rtc.sender import Line, Sender
from intercom.rtc.servers import Servers
from intercom.rtc.sound import Sound, Voice
from intercom.rtc.stats import record

SILENT_S = 2.0
BEGINNING = {None, MediaState.CONNECTING}


class Peer:
    """Fulfils `call.ports.Media`.

    `loopback`: offer 127.0.0.1 too, for a far end on this machine.  `on_state` is told CONNECTING, CONNECTED,
    DISCONNECTED (the far end was heard and has sent nothing for `SILENT_S`, or `network` has lost the address that it
    was heard by; CONNECTED comes again when it is heard), FAILED (not connected within `patience_s` after both
    descriptions were there, or no path for 30 s; a restart may bring CONNECTED again) and CLOSED (the far end closed
    its transport: its hang-up is on the way); nothing comes after the last, nor after `close`.
    """

    def __init__(
        self,
        *,
        preferences: Preferences,
        voice: Voice,
        on_state: Callable[[MediaFact], None],
        servers: Servers = Servers(),  # noqa: B008 - frozen
        loopback: bool = False,
        network: Network | None = None,
        patience_s: float = 15.0,
    ) -> None:
        self._preferences, self._voice, self._on_state, self._patience_s = preferences, voice, on_state, patience_s
        self._loop = asyncio.get_running_loop()
        self._liveness = Liveness(self._heard, patience_s=SILENT_S)
        self._network = network or Network()
        self._forget_network = self._network.listen(self._look)
        self._keypad = Keypad(self._tell, packet_ms=preferences.packet_ms)
        self._receiver = Receiver(self._keypad, self._liveness.heard, fetch=self._fetch)
        self._observer = Observer(self._tell)
        self._negotiation = Negotiation(
            self, self._observer, preferences=preferences, servers=servers, loopback=loopback
        )
        self._sender = Sender(self._negotiation.send)
        self._reports = Reports(self._negotiation.ssrc, self._negotiation.cname)
        self._reporter = Reporter(self._reports, self._sender, self._receiver.inbound, self._negotiation.send)
        self._sound = Sound(
            voice,
            self._sender,
            self._receiver,
            frame_ms=preferences.packet_ms,
            tell=self._tell,
            is_missed=lambda: self._state is not MediaState.CONNECTED,
        )
        self._state: MediaState | None = None
        self._codec: str | None = None
        self._rtt_ms: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._closing: asyncio.Task[None] | None = None

    @property
    def codec(self) -> str | None:
        """The codec we send, `"opus"` or `"PCMU"`, once negotiated."""
        return CODECS[self._codec].name if self._codec else None

    @property
    def local_stream(self) -> AudioStream | None:
        """What the far end hears of us, while the call is open."""
        return self._sound.local_stream

    @property
    def remote_stream(self) -> AudioStream | None:
        """What we hear of the far end, from its description on; it remains, ended, after the call."""
        return self._sound.remote_stream

    def status(self) -> dict[str, Any]:
        """Counters of packets; `refused`: forged by others, or none; `heard_s`: seconds since the far end's latest."""
        heard_at, drops = self._liveness.heard_at, self._negotiation.drops
        return {
            "codec": self.codec,
            "sent": self._sender.packets,
            "send_dropped": self._sender.dropped + drops.unsent,
            "received": self._receiver.inbound.packets,
            "refused": self._receiver.unreadable + self._reports.unreadable + drops.refused,
            "heard_s": None if heard_at is None else round(self._loop.time() - heard_at, 2),
        }

    async def stats(self) -> Record:
        """Return what has been counted since the call began."""
        now = record(
            self._sender.sent,
            self._receiver.inbound,
            rtt_s=self._reports.rtt_s,
            path_rtt_s=self._negotiation.rtt_s,
            codec=self.codec,
            timestamp_ms=time.time() * 1000,
        )
        self._rtt_ms = self._rtt_ms if now.rtt is None else now.rtt
        return now

    def figures(self) -> Figures:
        """Return what is known of the sound's way; the round trip is that of the latest `stats`."""
        return figures(self._receiver.playout, mouth_to_ear_ms=self._mouth_to_ear_ms(), loss=self._reports.loss)

    def newest(self) -> tuple[bytes, bytes]:
        """Return the latest sound of the microphone and of the far end."""
        return self._sender.newest, self._receiver.newest

    async def open(self, constraints: AudioConstraints | None = None) -> None:
        """Take the microphone and the speaker for this call; raises AudioError for a PCM that is not there."""
        self._negotiation.begin()
        await self._sound.open(constraints)

    async def offer(self) -> str:
        """Return our offer of the settings' codecs, with all our candidates."""
        return await self._negotiation.offer()

    async def answer(self, offer: str) -> str:
        """Return our answer to a far end's offer: it names one codec; raises MediaError."""
        return await self._negotiation.answer(offer)

    async def accept(self, answer: str) -> None:
        """Apply the far end's answer to our offer; raises MediaError."""
        await self._negotiation.accept(answer)

    async def restart(self) -> str:
        """Return an offer of a new path beside the one in use, in place of any that is pending; raises MediaError."""
        return await self._negotiation.restart()

    async def restarted(self, answer: str) -> None:
        """Look for the path that was offered latest, now that the far end has answered; raises MediaError."""
        await self._negotiation.restarted(answer)

    async def follow(self, offer: str) -> str:
        """Return our answer to the far end's offer of a new path, and look for it; raises MediaError."""
        return await self._negotiation.follow(offer)

    def send_digits(self, digits: str) -> bool:
        """Begin to send digits as telephone events, `w` pauses; False where the far end did not agree to any."""
        return self._keypad.dial(digits)

    def mute(self, flag: bool) -> None:
        """Send silence (True) or the microphone (False); another call's microphone is left alone."""
        self._sound.mute(flag)

    async def close(self) -> None:
        """End it; idempotent, never raises; leaves no socket, task or thread behind."""
        self._sound.close()  # at once: the next call may take the microphone before the task begins
        self._sender.line = None
        if self._closing is None:
            self._closing = self._loop.create_task(self._close())
        await asyncio.shield(self._closing)

    def agreed(self, description: Description, codec: str) -> None:
        """Take what both ends have agreed on, at the beginning or for a new transport."""
        self._codec = codec
        self._keypad.agree(description, codec)
        self._receiver.agree(description.payload_types)
        self._sender.line = self._line(description, codec) if description.takes_voice else None
        if self._timer is None:
            self._timer = self._loop.call_later(self._patience_s, self._give_up)

    def link_changed(self, state: MediaState) -> None:
        """Take the news of the transport; it is the far end's voice that tells when a call is back."""
        self._sender.has_path = state is MediaState.CONNECTED
        if self._sender.has_path:
            self._reporter.begin()
        match state:
            case MediaState.CONNECTING if self._state is not None:
                pass
            case MediaState.CONNECTED if self._liveness.is_missed:
                pass
            case _:
                self._announce(state)

    def received(self, packet: bytes, at_s: float) -> None:
        """Take a packet of the far end, whatever it holds; RTCP in the loop."""
        if rtp.is_rtcp(packet):
            self._reporter.received(packet)
        else:
            self._receiver.received(packet, at_s)

    def announced(self) -> None:
        """Take the news that the far end is going to send."""
        self._sound.announced()

    def _mouth_to_ear_ms(self) -> float | None:
        line, wait_ms, rtt_ms = self._sender.line, self._receiver.playout.wait_ms, self._rtt_ms
        period_ms, queued_ms = self._voice.delays_ms()
        if line is None or wait_ms is None or rtt_ms is None:
            return None
        return mouth_to_ear_ms(
            period_ms=period_ms,
            packet_ms=self._preferences.packet_ms,
            look_ahead_ms=line.encoder.look_ahead_ms,
            rtt_ms=rtt_ms,
            wait_ms=wait_ms + self._keypad.held_ms,
            queued_ms=queued_ms,
        )

    def _line(self, description: Description, codec: str) -> Line:
        return Line(
            codecs.encoder(codec, self._preferences.sending(description.max_average_bitrate)),
            self._keypad,
            packet_ms=self._preferences.packet_ms,
            payload_type=description.payload_types[codec],
            ssrc=self._negotiation.ssrc,
        )

    def _give_up(self) -> None:
        if self._state in BEGINNING:
            self._announce(MediaState.FAILED)

    def _fetch(self) -> None:
        self._negotiation.fetch()

    def _heard(self, is_heard: bool) -> None:
        self._receiver.is_missed = not is_heard
        if is_heard:
            self._sound.heard()
        if self._state not in BEGINNING:
            self._announce(MediaState.CONNECTED if is_heard else MediaState.DISCONNECTED)
            self._observer.heard(is_heard)

    def _announce(self, state: MediaState) -> None:
        if self._closing is None and self._state is not MediaState.CLOSED and state is not self._state:
            self._state = state
            self._on_state(state)

    def _tell(self, fact: MediaFact) -> None:
        if self._closing is None and self._state is not MediaState.CLOSED:
            self._on_state(fact)

    def _look(self) -> None:
        """The network has changed."""
        if self._network.lacks(self._negotiation.address):
            self._liveness.miss()

    async def _close(self) -> None:
        self._forget_network()
        self._liveness.stop()
        if self._timer:
            self._timer.cancel()
        self._reporter.stop()
        await self._negotiation.end()
