"""What a far end is told of us by SDP: one voice, described anew whenever its path is (RFC 8829, RFC 8839)."""

from collections.abc import Iterable
from dataclasses import dataclass

from intercom.rtc.codecs import CODECS, EVENTS
from intercom.rtc.generation import Generation
from intercom.rtc.identity import Identity
from intercom.rtc.preferences import Preferences
from intercom.rtc.sdp import OUR_MID, Description

# What we call in an offer what has no number of its own, as browsers do.
OPUS_TYPE, EVENT_TYPES = 111, {48_000: 110, 8_000: 126}
EVENT_FORMAT = "0-15"
REVERSED = {"sendonly": "recvonly", "recvonly": "sendonly"}


@dataclass(frozen=True, slots=True)
class Format:
    """One payload type: its number, and its `a=rtpmap` and `a=fmtp`."""

    number: int
    rtpmap: str
    parameters: str = ""


@dataclass(frozen=True, slots=True)
class Ours:
    """All but its path; `version` counts the descriptions of one session."""

    identity: Identity
    formats: tuple[Format, ...]
    packet_ms: int
    mid: str = OUR_MID
    direction: str = "sendrecv"
    version: int = 0


def offering(identity: Identity, preferences: Preferences) -> Ours:
    """Return an offer of all codecs."""
    rates = dict.fromkeys(CODECS[name].rate_hz for name in preferences.codecs)
    formats = [_voice(name, _type(name), preferences) for name in preferences.codecs]
    formats += [_event(EVENT_TYPES[rate_hz], rate_hz) for rate_hz in rates]
    return Ours(identity, tuple(formats), preferences.packet_ms)


def answering(identity: Identity, preferences: Preferences, *, offer: Description, codec: str) -> Ours:
    """Return an answer by one codec, in the numbers of the offer."""
    formats, rate_hz = [_voice(codec, offer.payload_types[codec], preferences)], CODECS[codec].rate_hz
    if rate_hz in offer.event_types:
        formats.append(_event(offer.event_types[rate_hz], rate_hz))
    direction = REVERSED.get(offer.direction, offer.direction)
    return Ours(identity, tuple(formats), preferences.packet_ms, offer.mid, direction)


def render(ours: Ours, path: Generation, *, setup: str) -> str:
    """Return it with a path's credentials and all its candidates; `setup` is our role in DTLS (RFC 8842)."""
    identity, candidates = ours.identity, path.local_candidates
    host, port = (candidates[0].host, candidates[0].port) if candidates else ("0.0.0.0", 9)
    lines = [
        "v=0",
        f"o=- {identity.session} {ours.version} IN IP4 0.0.0.0",
        "s=-",
        "t=0 0",
        f"a=group:BUNDLE {ours.mid}",
        "a=msid-semantic:WMS *",
        f"m=audio {port} UDP/TLS/RTP/SAVPF {' '.join(str(each.number) for each in ours.formats)}",
        f"c=IN IP{6 if ':' in host else 4} {host}",
        f"a={ours.direction}",
        f"a=mid:{ours.mid}",
        f"a=msid:{identity.stream} {identity.stream}",
        "a=rtcp:9 IN IP4 0.0.0.0",
        "a=rtcp-mux",
        f"a=ssrc:{identity.ssrc} cname:{identity.cname}",
        *_formats(ours.formats),
        f"a=ptime:{ours.packet_ms}",
        *(f"a=candidate:{candidate.to_sdp()}" for candidate in candidates),
        "a=end-of-candidates",
        f"a=ice-ufrag:{path.local_username}",
        f"a=ice-pwd:{path.local_password}",
        f"a=fingerprint:{identity.fingerprint}",
        f"a=setup:{setup}",
    ]
    return "".join(f"{line}\r\n" for line in lines)


def _formats(formats: Iterable[Format]) -> Iterable[str]:
    for each in formats:
        yield f"a=rtpmap:{each.number} {each.rtpmap}"
        if each.parameters:
            yield f"a=fmtp:{each.number} {each.parameters}"


def _type(name: str) -> int:
    static = CODECS[name].static_type
    return OPUS_TYPE if static is None else static


def _voice(name: str, number: int, preferences: Preferences) -> Format:
    pauses = ";usedtx=1" if preferences.is_dtx and name == "opus" else ""
    return Format(number, CODECS[name].rtpmap, CODECS[name].format + pauses)


def _event(number: int, rate_hz: int) -> Format:
    return Format(number, f"{EVENTS}/{rate_hz}", EVENT_FORMAT)
