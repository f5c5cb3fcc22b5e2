"""What a description asks for: the order of its codecs, the bit rate, how ICE nominates.  Texts in, texts out.

As the Voice JS SDK v1 does (`setCodecPreferences`, `setMaxAverageBitrate`, `getPreferredCodecInfo`,
`setIceAggressiveNomination`), on SDP whose lines end with CRLF.
"""

import re
from collections.abc import Iterable, Sequence

LEAST_BITRATE, MOST_BITRATE = 6_000, 510_000
FIXED_BITRATE = {"pcmu", "pcma"}
STATIC_NAMES = {0: "pcmu", 8: "pcma"}

_SECTION = re.compile(r"((audio|video) \d+ \S+) (\d[\d ]*)")
_FIRST_RTPMAP = re.compile(r"a=rtpmap:(\d+) (\S+)")
_OPUS = re.compile(r"a=rtpmap:(\d+) opus/", re.IGNORECASE)
_BANDWIDTH = re.compile(r"\r\nb=(?:AS|TIAS):\d+")


def in_order(sdp: str, codecs: Sequence[str]) -> str:
    """Put the payload types of each voice and video section in the order of these codecs; the others follow.

    Names in any case.  A section whose first codec has a fixed bit rate loses its `b=AS` and `b=TIAS` lines.
    """
    session, *sections = sdp.split("\r\nm=")
    return "\r\nm=".join([session, *(_reordered(section, codecs) for section in sections)])


def with_max_average_bitrate(sdp: str, bitrate: int | None) -> str:
    """Ask the far end to send Opus with at most that many bits a second; out of 6000 to 510 000 nothing is asked."""
    opus = _OPUS.search(sdp)
    if bitrate is None or opus is None or not LEAST_BITRATE <= bitrate <= MOST_BITRATE:
        return sdp
    return re.sub(rf"(a=fmtp:{opus[1]} [^\r\n]+)", rf"\g<1>;maxaveragebitrate={bitrate}", sdp)


def selected_codec(sdp: str) -> tuple[str, str]:
    """Return the first codec of a description, such as `opus/48000/2`, and its parameters; both may be empty."""
    if not (first := _FIRST_RTPMAP.search(sdp)):
        return "", ""
    parameters = re.search(rf"a=fmtp:{first[1]} (\S+)", sdp)
    return first[2], parameters[1] if parameters else ""


def without_ice_lite(sdp: str) -> str:
    """Have a far end that is ICE-lite nominated as a full one is: at the first check that succeeds."""
    return re.sub(r"a=ice-lite\r?\n", "", sdp)


def _reordered(section: str, codecs: Sequence[str]) -> str:
    line, *rest = section.split("\r\n")
    if not (match := _SECTION.fullmatch(line)):
        return section
    called = dict(_named(map(int, match[3].split()), section))
    wanted = dict.fromkeys([*(name.lower() for name in codecs), *called.values()])
    ordered = [number for name in wanted for number in called if called[number] == name]
    section = "\r\n".join([" ".join([match[1], *map(str, ordered)]), *rest])
    is_fixed = match[2] == "audio" and called[ordered[0]] in FIXED_BITRATE
    return _BANDWIDTH.sub("", section) if is_fixed else section


def _named(types: Iterable[int], section: str) -> Iterable[tuple[int, str]]:
    """Yield each payload type with its codec's name in small letters; empty where the section does not tell."""
    for number in types:
        rtpmap = re.search(rf"a=rtpmap:{number} ([^/]+)", section)
        yield number, rtpmap[1].lower() if rtpmap else STATIC_NAMES.get(number, "")
