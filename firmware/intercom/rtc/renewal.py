"""A call's SDP with new ICE, and nothing else new: what is offered and answered when ICE is restarted (RFC 8839)."""

import re
from collections.abc import Iterable

from aioice import Candidate

_ICE = re.compile(r"a=(candidate|ice-ufrag|ice-pwd|end-of-candidates|setup)\b.*\r\n")
_VERSION = re.compile(r"^(o=\S+ \S+) (\d+)", re.MULTILINE)
_PORT = re.compile(r"^(m=\S+) \d+", re.MULTILINE)
_HOST = re.compile(r"^c=.*\r\n", re.MULTILINE)


def renewed(sdp: str, *, ufrag: str, pwd: str, candidates: Iterable[Candidate], setup: str) -> str:
    """Return a description of ours, of one media section, with these credentials and candidates.

    Its version grows by one; codecs, payload types, SSRC and fingerprints stay, since the media goes on.
    """
    sdp = _VERSION.sub(lambda match: f"{match[1]} {int(match[2]) + 1}", _ICE.sub("", sdp))
    sdp = _HOST.sub("c=IN IP4 0.0.0.0\r\n", _PORT.sub(r"\1 9", sdp))
    added = [f"ice-ufrag:{ufrag}", f"ice-pwd:{pwd}", f"setup:{setup}"]
    added += [f"candidate:{candidate.to_sdp()}" for candidate in candidates]
    return sdp + "".join(f"a={line}\r\n" for line in added)
