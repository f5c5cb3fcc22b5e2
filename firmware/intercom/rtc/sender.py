"""From the microphone's thread to the far end."""

from collections.abc import Callable
from secrets import randbits

from intercom.rtc.coding import Encoder
from intercom.rtc.dtmf import WRAP, Report
from intercom.rtc.keypad import Keypad
from intercom.rtc.rtp import HEADER, MARKER, VERSION
from intercom.rtc.stats import Sent


class Line:
    """Frames of one length to the RTP packets of one stream (RFC 3550, section 5.1; RFC 7587; RFC 3551, section 4.1).

    Its stamps count the samples of all frames, sent or not; its numbers begin below 2^15, so that a far end that
    misses the first packets still counts the wraps as we do (RFC 3711, section 3.3.1).  The keypad's events are sent
    in place of the voice.
    """

    def __init__(self, encoder: Encoder, keypad: Keypad, *, packet_ms: int, payload_type: int, ssrc: int) -> None:
        self.encoder = encoder
        self.timestamp = randbits(32)
        self._encode = encoder.encode
        self._step = encoder.rate_hz * packet_ms // 1000
        self._payload_type, self._ssrc = payload_type, ssrc
        self._dialler, self._event_type = keypad.dialler, keypad.event_type
        self._number = randbits(15)
        self._is_talking = False

    def skip(self) -> None:
        """Let the time of a frame pass that nobody is sent."""
        self.timestamp = (self.timestamp + self._step) % WRAP
        self._is_talking = False

    def packet(self, frame: bytes) -> bytes:
        """Return what is sent for a frame; empty: nothing, since nobody speaks."""
        stamp = self.timestamp
        self.timestamp = (stamp + self._step) % WRAP
        if self._dialler and (report := self._dialler.replace(stamp)):
            return self._event(report)
        payload = self._encode(frame)
        if not payload:
            self._is_talking = False
            return b""
        kind = self._payload_type if self._is_talking else self._payload_type | MARKER
        self._is_talking = True
        return self._headed(kind, stamp, payload)

    def _event(self, report: Report) -> bytes:
        kind = self._event_type | MARKER if report.is_first else self._event_type
        return self._headed(kind, report.timestamp, report.payload)

    def _headed(self, kind: int, stamp: int, payload: bytes) -> bytes:
        number = self._number
        self._number = (number + 1) & 0xFFFF
        return HEADER.pack(VERSION, kind, number, stamp, self._ssrc) + payload


class Sender:
    """A Sink that has each frame encoded and sent in the capture thread, without waking the loop.

    Nothing is encoded before the far end can be sent to, so no sound from before the call is open leaves the house.
    `dropped` counts the frames since then for which there was no path.
    """

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self.newest = b""
        self.packets = self.payload_bytes = self.dropped = 0
        self.has_path = False
        self.line: Line | None = None
        self._send = send

    @property
    def sent(self) -> Sent:
        """What has been sent over all paths."""
        return Sent(self.packets, self.payload_bytes)

    def put(self, frame: bytes) -> None:
        """Take a frame from the capture thread; never waits."""
        self.newest = frame
        line = self.line
        if line is None:
            return
        if not self.has_path:
            line.skip()
            self.dropped += self.packets > 0
        elif packet := line.packet(frame):
            self._send(packet)
            self.packets += 1
            self.payload_bytes += len(packet) - HEADER.size
