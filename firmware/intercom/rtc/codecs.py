"""The codecs we speak, as a table, and what codes their packets."""

from dataclasses import dataclass

from intercom.audio.frames import RATE
from intercom.rtc import coding, g711, opus
from intercom.rtc.coding import Sending


@dataclass(frozen=True, slots=True)
class Codec:
    """What SDP calls a codec, and how it asks the far end to send it (`a=fmtp`)."""

    name: str
    rtpmap: str
    rate_hz: int
    static_type: int | None = None
    format: str = ""


EVENTS = "telephone-event"  # RFC 4733, in the clock of a codec

CODECS = {
    "opus": Codec(name="opus", rtpmap="opus/48000/2", rate_hz=RATE, format="minptime=10;useinbandfec=1"),
    "pcmu": Codec(name="PCMU", rtpmap="PCMU/8000", rate_hz=8_000, static_type=0),
}


def encoder(name: str, how: Sending) -> coding.Encoder:
    """Return an encoder of one of CODECS; raises MediaError where libopus is missing."""
    return opus.Encoder(how) if name == "opus" else g711.Encoder()


def decoder(name: str) -> coding.Decoder:
    """Return a decoder of one of CODECS; raises MediaError where libopus is missing."""
    return opus.Decoder() if name == "opus" else g711.Decoder()
