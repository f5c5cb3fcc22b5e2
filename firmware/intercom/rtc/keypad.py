"""The digits of one call: telephone events among its packets, and tones in its sound where there are none."""

import struct
from collections.abc import Callable

from aiortc.rtp import RtpPacket, is_rtcp

from intercom.audio.frames import FRAME_MS
from intercom.call.ports import DigitHeard, DigitSource
from intercom.rtc.codecs import CODECS, Codec
from intercom.rtc.dtmf import WRAP, Dialler, Listener
from intercom.rtc.inband import ToneEar
from intercom.rtc.sdp import Description

_HEADER = struct.Struct("!BBHII")
TYPE, MARKER = 0x7F, 0x80
VERSION = 0x80


class Keypad:
    """`tell` is called with each digit that the far end sends.  Knows nothing before `agree`."""

    def __init__(self, tell: Callable[[DigitHeard], None]) -> None:
        self._tell = tell
        self._listener = Listener()
        self._clocks: dict[int, int] = {}
        self._voices: dict[int, Codec] = {}
        self._voice: RtpPacket | None = None
        self._stamp = 0
        self._latest: tuple[int, bytes] | None = None
        self._dialler: Dialler | None = None
        self._types = -1, -1
        self._ear: ToneEar | None = None

    def agree(self, description: Description, codec: str) -> None:
        """Take what was agreed on: the far end's payload types, and which codec our voice is in."""
        rate_hz, is_sending = CODECS[codec].rate_hz, description.direction in {"sendrecv", "recvonly"}
        self._clocks = {number: rate for rate, number in description.event_types.items()}
        self._ear = None if self._clocks else self._ear or ToneEar()
        self._voices = {number: CODECS[name] for name, number in description.payload_types.items()}
        self._types = description.payload_types[codec], description.event_types.get(rate_hz, -1)
        if not is_sending or rate_hz not in description.event_types:
            self._dialler = None
        elif self._dialler is None or self._dialler.rate_hz != rate_hz:  # else a new path for the same call
            self._dialler = Dialler(rate_hz)

    def dial(self, digits: str) -> bool:
        """Begin to send digits; False where that was not agreed on."""
        if self._dialler:
            self._dialler.dial(digits)
        return self._dialler is not None

    def arrived(self, packet: RtpPacket) -> RtpPacket | None:
        """Return what is to be decoded: the packet itself, or silence in place of an event; None: nothing."""
        if (rate_hz := self._clocks.get(packet.payload_type)) is None:
            self._voice, self._stamp = packet, packet.timestamp
            return packet
        stamp, ssrc = packet.timestamp, packet.ssrc
        if digit := self._listener.hear(packet.payload, ssrc=ssrc, timestamp=stamp, rate_hz=rate_hz):
            self._tell(DigitHeard(digit, DigitSource.RTP))
        return self._silence(packet)

    def played(self, pcm: bytes) -> bytes:
        """Return what of the far end's sound is to be played: silence while a digit sounds in it."""
        if self._ear is None:
            return pcm
        for digit in self._ear.hear(pcm):
            self._tell(DigitHeard(digit, DigitSource.IN_BAND))
        return bytes(len(pcm)) if self._ear.is_sounding else pcm

    def leaves(self, packet: bytes) -> bytes:
        """Return what is to be sent in place of a packet of ours."""
        if self._dialler is None or is_rtcp(packet):
            return packet
        _, kind, number, timestamp, ssrc = _HEADER.unpack_from(packet)
        voice, event = self._types
        if kind & TYPE != voice or not (report := self._dialler.replace(timestamp)):
            return packet
        kind = event | (MARKER if report.is_first else 0)
        return _HEADER.pack(VERSION, kind, number, report.timestamp, ssrc) + report.payload

    def _silence(self, event: RtpPacket) -> RtpPacket | None:
        """Return a packet of silence that closes the gap which the event leaves in the voice.

        aiortc's buffer stalls at a missing number and joins what has one timestamp.  A packet that only repeats
        another, as some send the last three of an event in a row, stands for no time.
        """
        voice = self._voice
        codec = self._voices.get(voice.payload_type) if voice else None
        if voice is None or codec is None:
            return None
        latest = event.timestamp, event.payload[2:4]
        goes_on, self._latest = latest != self._latest, latest
        if goes_on:
            self._stamp = (self._stamp + codec.rate_hz * FRAME_MS // 1000) % WRAP
        return RtpPacket(
            payload_type=voice.payload_type,
            sequence_number=event.sequence_number,
            timestamp=self._stamp,
            ssrc=event.ssrc,
            payload=codec.silence if goes_on else codec.silence[:1],
        )
