"""What we use of a far end's SDP, and what we refuse.

The far end's text is read into a `Description` by strict patterns, and nothing else of it is used: whatever a far end
sends, it is understood or refused with a sentence.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal, TypeVar

from intercom.errors import MediaError
from intercom.rtc.codecs import CODECS, EVENTS
from intercom.rtc.preferences import LEAST_BITRATE, MOST_BITRATE

MAX_CHARACTERS, MAX_CANDIDATES = 32_768, 32
OUR_MID = "0"
SETUPS = {"offer": ("actpass", "active", "passive"), "answer": ("active", "passive")}
DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
DIGEST_BYTES = {"sha-256": 32, "sha-384": 48, "sha-512": 64}
DYNAMIC_TYPES = range(96, 128)

_SECTION = re.compile(r"audio (\d{1,5}) \S{1,40}((?: \d{1,3})+) *", re.ASCII)
_RTPMAP = re.compile(r"(\d{1,3}) +(\S{1,40}) *", re.ASCII)
_BITRATE = re.compile(r"(\d{1,3}) (?:.*;)? *maxaveragebitrate=(\d{1,6}) *(?:;.*)?", re.ASCII)
_FINGERPRINT = re.compile(r"(\S{1,10}) +((?:[0-9a-fA-F]{2}:)+[0-9a-fA-F]{2}) *", re.ASCII)
_CANDIDATE = re.compile(
    r"([\w+/]{1,32}) 1 [uU][dD][pP] (\d{1,10}) ([0-9a-fA-F.:]{2,45}) (\d{1,5}) typ (host|srflx|relay)\b.*", re.ASCII
)

_Attributes = dict[str, list[str]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Description:
    """One voice stream as the far end describes it.

    `payload_types` by the settings' names of the codecs, `event_types` (RFC 4733) by their clock in Hz;
    `max_average_bitrate` is what it wants of Opus at most (RFC 7587), None where it does not say.
    """

    mid: str
    payload_types: dict[str, int]
    event_types: dict[int, int]
    max_average_bitrate: int | None
    direction: str
    setup: str
    ice_ufrag: str
    ice_pwd: str
    is_ice_lite: bool
    fingerprints: tuple[str, ...]
    candidates: tuple[str, ...]

    @property
    def takes_voice(self) -> bool:
        """Whether the far end wants to hear us."""
        return self.direction in {"sendrecv", "recvonly"}

    @property
    def gives_voice(self) -> bool:
        """Whether the far end is going to send."""
        return self.direction in {"sendrecv", "sendonly"}


def parse(text: str, kind: Literal["offer", "answer"]) -> Description:
    """Read a far end's SDP; raises MediaError where no voice can be had by it.

    Of its candidates those are kept that aioice can use without asking the network: a browser's `.local` names, TCP
    and link-local IPv6 addresses are not among them; such a far end is found by the checks that it sends.
    """
    session, media, section = _split(text)
    both = {name: media.get(name, session.get(name, [])) for name in session.keys() | media.keys()}
    if "rtcp-mux" not in media:
        raise MediaError("The far end wants a port of its own for RTCP.")
    called = _called(section, media.get("rtpmap", []))
    payload_types = _first_of_each(called, {codec.rtpmap.lower(): name for name, codec in CODECS.items()})
    return Description(
        mid=OUR_MID if kind == "answer" else _one(media, "mid", r"[!-~]{1,32}", default=OUR_MID),
        payload_types=payload_types,
        event_types=_first_of_each(called, {f"{EVENTS}/{codec.rate_hz}": codec.rate_hz for codec in CODECS.values()}),
        max_average_bitrate=_bitrate(payload_types.get("opus"), media.get("fmtp", [])),
        direction=next((name for name in DIRECTIONS if name in both), "sendrecv"),
        setup=_one(both, "setup", "|".join(SETUPS[kind])),
        ice_ufrag=_one(both, "ice-ufrag", r"[\w+/=-]{4,256}"),
        ice_pwd=_one(both, "ice-pwd", r"[\w+/=-]{22,256}"),
        is_ice_lite="ice-lite" in session,
        fingerprints=_fingerprints(both.get("fingerprint", [])),
        candidates=tuple(_candidates(media.get("candidate", [])))[:MAX_CANDIDATES],
    )


def choose(description: Description, codecs: Iterable[str]) -> str:
    """Return the first of our `codecs` that the far end has; raises MediaError where there is none."""
    for name in codecs:
        if name in description.payload_types:
            return name
    raise MediaError("The far end offers none of our codecs.", "Allow more of them in rtc.codecs.")


def _split(text: str) -> tuple[_Attributes, _Attributes, list[int]]:
    """Return the attributes of the session, those of its one voice section, and that section's payload types."""
    if len(text) > MAX_CHARACTERS:
        raise MediaError("The far end's SDP is too long.")
    session, *sections = re.split(r"^m=", text.replace("\r\n", "\n"), flags=re.MULTILINE)
    if len(sections) != 1:
        raise MediaError(f"The far end's SDP has {len(sections)} media sections where we take one voice.")
    first, _, rest = sections[0].partition("\n")
    if not (match := _SECTION.fullmatch(first)):
        raise MediaError("The far end's SDP has no voice section that can be read.")
    if int(match[1]) == 0:
        raise MediaError("The far end takes no voice.")
    return _attributes(session), _attributes(rest), [int(number) for number in match[2].split()]


def _attributes(lines: str) -> _Attributes:
    found: _Attributes = defaultdict(list)
    for line in lines.split("\n"):
        if line.startswith("a="):
            name, _, value = line[2:].partition(":")
            found[name.strip()].append(value)
    return dict(found)


def _one(attributes: _Attributes, name: str, pattern: str, *, default: str | None = None) -> str:
    values = attributes.get(name, [default] if default else [])
    if values and re.fullmatch(pattern, value := values[0].strip(), re.ASCII):
        return value
    raise MediaError(f"The far end's SDP has no usable {name} attribute.")


def _called(section: list[int], rtpmaps: list[str]) -> dict[int, str]:
    """Return what each of the section's payload types is, in small letters; a number that is not free is left out."""
    static = {codec.static_type: codec.rtpmap.lower() for codec in CODECS.values() if codec.static_type is not None}
    called = {int(match[1]): match[2].lower().removesuffix("/1") for match in map(_RTPMAP.fullmatch, rtpmaps) if match}
    known = {number: (static | called).get(number, "") for number in section}
    return {number: name for number, name in known.items() if number in DYNAMIC_TYPES or static.get(number) == name}


def _first_of_each(called: dict[int, str], wanted: dict[str, T]) -> dict[T, int]:
    found: dict[T, int] = {}
    for number, rtpmap in called.items():
        if rtpmap in wanted:
            found.setdefault(wanted[rtpmap], number)
    return found


def _bitrate(opus: int | None, formats: list[str]) -> int | None:
    for match in filter(None, map(_BITRATE.fullmatch, formats)):
        if int(match[1]) == opus and LEAST_BITRATE <= int(match[2]) <= MOST_BITRATE:
            return int(match[2])
    return None


def _fingerprints(values: list[str]) -> tuple[str, ...]:
    found = tuple(
        f"{match[1].lower()} {match[2].upper()}"
        for match in filter(None, map(_FINGERPRINT.fullmatch, values))
        if DIGEST_BYTES.get(match[1].lower()) == match[2].count(":") + 1
    )
    if not found:
        raise MediaError("The far end's SDP has no DTLS fingerprint that we can check.")
    return found


def _candidates(values: list[str]) -> Iterable[str]:
    for match in filter(None, map(_CANDIDATE.fullmatch, values)):
        foundation, priority, host, port, kind = match.groups()
        if int(priority) < 2**32 and 0 < int(port) < 2**16 and _is_reachable(host):
            yield f"{foundation} 1 udp {int(priority)} {host} {int(port)} typ {kind}"


def _is_reachable(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    is_scoped = address.version == 6 and address.is_link_local
    return not (address.is_unspecified or address.is_multicast or is_scoped)
