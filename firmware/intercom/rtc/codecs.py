"""The codecs we speak, as a table, and the encoder that turns frames of the microphone into their packets."""

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import av
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.packet import Packet

from intercom.audio.frames import FRAME_MS, FRAME_SAMPLES, RATE
from intercom.rtc import coding, g711, opus
from intercom.rtc.coding import Sending


@dataclass(frozen=True, slots=True)
class Codec:
    """What SDP calls a codec, how FFmpeg is asked for it, and a packet of 20 ms of silence."""

    name: str
    rtpmap: str
    rate_hz: int
    library: str
    silence: bytes
    static_type: int | None = None
    bit_rate: int | None = None
    options: dict[str, str] = field(default_factory=dict)


EVENTS = "telephone-event"  # RFC 4733, in the clock of a codec

CODECS = {
    "opus": Codec(
        name="opus",
        rtpmap="opus/48000/2",
        rate_hz=RATE,
        library="libopus",
        silence=bytes.fromhex("f8fffe"),
        bit_rate=32_000,
        options={"application": "voip", "compression_level": "5", "fec": "1", "packet_loss": "10"},
    ),
    "pcmu": Codec(
        name="PCMU", rtpmap="PCMU/8000", rate_hz=8_000, library="pcm_mulaw", silence=bytes([255]) * 160, static_type=0
    ),
}


def encoder(name: str, how: Sending) -> coding.Encoder:
    """Return an encoder of one of CODECS; raises MediaError where libopus is missing."""
    return opus.Encoder(how) if name == "opus" else g711.Encoder()


def decoder(name: str) -> coding.Decoder:
    """Return a decoder of one of CODECS; raises MediaError where libopus is missing."""
    return opus.Decoder() if name == "opus" else g711.Decoder()


def sent_as(name: str, *, bit_rate: int, wanted: int | None) -> Codec:
    """Return one of CODECS at a bit rate, where it has one, that is no more than the far end wants."""
    codec = CODECS[name]
    return replace(codec, bit_rate=min(bit_rate, wanted or bit_rate)) if codec.bit_rate else codec


class Encoder:
    """Frames of 20 ms to packets; their timestamps count samples of the codec's clock, from 0."""

    def __init__(self, codec: Codec) -> None:
        self._packet_samples = codec.rate_hz * FRAME_MS // 1000
        self._time_base = Fraction(1, codec.rate_hz)
        self._sent_samples = 0
        self._context = _open(codec)
        self._resampler = (
            AudioResampler(format="s16", layout="mono", rate=codec.rate_hz, frame_size=self._packet_samples)
            if codec.rate_hz != RATE
            else None
        )

    def encode(self, pcm: bytes) -> "list[Packet[Any]]":
        """Return the packets that a frame completes: one, but none for the first frame of a slower clock."""
        frame = AudioFrame(format="s16", layout="mono", samples=FRAME_SAMPLES)
        frame.sample_rate = RATE
        frame.planes[0].update(pcm)
        frames = self._resampler.resample(frame) if self._resampler else [frame]
        return [self._stamped(packet) for ready in frames for packet in self._context.encode(ready)]

    def _stamped(self, packet: "Packet[Any]") -> "Packet[Any]":
        packet.pts, packet.time_base = self._sent_samples, self._time_base
        self._sent_samples += self._packet_samples
        return packet


def _open(codec: Codec) -> AudioCodecContext:
    context = av.CodecContext.create(codec.library, "w")
    assert isinstance(context, AudioCodecContext)
    context.sample_rate, context.format, context.layout = codec.rate_hz, "s16", "mono"
    context.time_base = Fraction(1, codec.rate_hz)
    context.options = dict(codec.options)
    if codec.bit_rate:
        context.bit_rate = codec.bit_rate
    return context
