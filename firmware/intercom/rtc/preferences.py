"""What a call asks for by its descriptions: the order of codecs, the bit rate, how ICE nominates.

On SDP whose lines end with CRLF, as the Voice JS SDK v1 does it (`setCodecPreferences`, `setMaxAverageBitrate`,
`setIceAggressiveNomination`).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeGuard

from intercom.rtc.coding import Sending

LEAST_BITRATE, MOST_BITRATE = 6_000, 510_000
FIXED_BITRATE = {"pcmu", "pcma"}
STATIC_NAMES = {0: "pcmu", 8: "pcma"}

_SECTION = re.compile(r"((audio|video) \d+ \S+) (\d[\d ]*)")
_OPUS = re.compile(r"a=rtpmap:(\d+) opus/", re.IGNORECASE)
_BANDWIDTH = re.compile(r"\r\nb=(?:AS|TIAS):\d+")


@dataclass(frozen=True, slots=True)
class Preferences:
    """`codecs`: our names of those that may be used, the best first.

    `max_average_bitrate`: bits a second of Opus, at most, that we send and ask for.  `is_nomination_aggressive`: take
    the first path that works, to a far end that is ICE-lite too.  `packet_ms` and `is_dtx`: how both ends send, in
    packets of that length, and next to nothing while nobody speaks.  The others are ours alone.
    """

    codecs: Sequence[str]
    max_average_bitrate: int = 40_000
    is_nomination_aggressive: bool = False
    packet_ms: Literal[10, 20] = 20
    is_dtx: bool = False
    application: Literal["voip", "lowdelay"] = "voip"
    complexity: int = 5
    is_fec: bool = True

    def preferring(
        self, first: Sequence[str], *, max_average_bitrate: int | None, is_nomination_aggressive: bool
    ) -> "Preferences":
        """Return these as a script wants them: codecs in its order, another bit rate where it names one that can be."""
        ordered = dict.fromkeys([*(name.lower() for name in first), *self.codecs])
        return replace(
            self,
            codecs=[name for name in ordered if name in self.codecs],
            max_average_bitrate=max_average_bitrate if _is_bitrate(max_average_bitrate) else self.max_average_bitrate,
            is_nomination_aggressive=is_nomination_aggressive,
        )

    def sending(self, wanted: int | None) -> Sending:
        """Return how we encode for a far end that wants no more than so many bits a second."""
        bitrate = min(self.max_average_bitrate, wanted or self.max_average_bitrate)
        return Sending(
            packet_ms=self.packet_ms,
            application=self.application,
            complexity=self.complexity,
            bitrate=bitrate,
            fec=self.is_fec,
            dtx=self.is_dtx,
        )

    def told(self, sdp: str) -> str:
        """Return a description of ours as the far end is to read it."""
        return with_max_average_bitrate(in_order(sdp, self.codecs), self.max_average_bitrate)

    def understood(self, answer: str) -> str:
        """Return a far end's answer as we are to read it.

        Not its offers: with both ends controlled by the other, as a lite one always is, none would nominate.
        """
        return without_ice_lite(answer) if self.is_nomination_aggressive else answer


def in_order(sdp: str, codecs: Sequence[str]) -> str:
    """Put the payload types of each voice and video section in the order of these codecs; the others follow.

    Names in any case.  A section whose first codec has a fixed bit rate loses its `b=AS` and `b=TIAS` lines.
    """
    session, *sections = sdp.split("\r\nm=")
    return "\r\nm=".join([session, *(_reordered(section, codecs) for section in sections)])


def with_max_average_bitrate(sdp: str, bitrate: int | None) -> str:
    """Ask the far end to send Opus with at most that many bits a second; out of 6000 to 510 000 nothing is asked."""
    opus = _OPUS.search(sdp)
    if opus is None or not _is_bitrate(bitrate):
        return sdp
    return re.sub(rf"(a=fmtp:{opus[1]} [^\r\n]+)", rf"\g<1>;maxaveragebitrate={bitrate}", sdp)


def without_ice_lite(sdp: str) -> str:
    """Have a far end that is ICE-lite nominated as a full one is: at the first check that succeeds."""
    return re.sub(r"a=ice-lite\r?\n", "", sdp)


def _is_bitrate(bitrate: int | None) -> TypeGuard[int]:
    return bitrate is not None and LEAST_BITRATE <= bitrate <= MOST_BITRATE


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
