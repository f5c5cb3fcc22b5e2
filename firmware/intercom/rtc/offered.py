"""What aiortc is taught to negotiate besides voice, and what it is told to negotiate in a call.

Internals of aiortc 1.16 that only this file touches: the table `aiortc.codecs.CODECS`.  aiortc takes telephone events
for a codec: it must never be given a packet of them to decode.
"""

from collections.abc import Sequence

from aiortc import RTCRtpCodecCapability, RTCRtpCodecParameters
from aiortc import codecs as aiortc_codecs

from intercom.rtc.codecs import CODECS, EVENTS

OPUS_FORMAT = {"minptime": 10}
# By clock: payload type as browsers have it, and format.  aiortc tells two codecs of one name apart by their formats
# alone; events 0 to 15 are what an empty one means too (RFC 4733, section 2.4.1).
EVENT_TYPES: dict[int, tuple[int, dict[str, int | str | None]]] = {48_000: (110, {"0-15": None}), 8_000: (126, {})}


def capabilities(codecs: Sequence[str]) -> list[RTCRtpCodecCapability]:
    """Return these codecs, by our names for them, then telephone events in the clock of each."""
    teach()
    voices = [CODECS[name] for name in codecs]
    wanted = [(codec.name, codec.rate_hz) for codec in voices]
    wanted += [(EVENTS, rate_hz) for rate_hz in dict.fromkeys(codec.rate_hz for codec in voices)]
    known = {(each.name, each.clockRate): each for each in aiortc_codecs.get_capabilities("audio").codecs}
    return [known[key] for key in wanted]


def teach() -> None:
    """Add telephone events to what aiortc knows, once, and a format to its Opus."""
    table = aiortc_codecs.CODECS["audio"]
    if any(codec.name == EVENTS for codec in table):
        return
    for codec in table:
        if codec.name == CODECS["opus"].name:
            codec.parameters.update(OPUS_FORMAT)
    for rate_hz, (number, parameters) in EVENT_TYPES.items():
        table.append(
            RTCRtpCodecParameters(
                mimeType=f"audio/{EVENTS}",
                clockRate=rate_hz,
                channels=1,
                payloadType=number,
                parameters=parameters,
            )
        )
