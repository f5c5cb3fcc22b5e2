"""As whom a far end knows us: one certificate, SSRC and session for all the transports of a call."""

import secrets
from dataclasses import dataclass

from intercom.rtc.lean import RTCCertificate

DIGEST = "sha-256"


@dataclass(frozen=True, slots=True)
class Identity:
    """`session` and `stream` are the numbers of the call and of our voice in it (RFC 8866, RFC 8830)."""

    certificate: RTCCertificate
    ssrc: int
    cname: str
    session: int
    stream: str

    @classmethod
    def new(cls) -> "Identity":
        """Return one that nobody has seen yet."""
        return cls(
            RTCCertificate.generateCertificate(),
            ssrc=secrets.randbelow(2**32 - 1) + 1,
            cname=secrets.token_hex(8),
            session=secrets.randbits(62),
            stream=secrets.token_hex(8),
        )

    @property
    def fingerprint(self) -> str:
        """What the certificate is known by, as SDP has it."""
        (value,) = (each.value for each in self.certificate.getFingerprints() if each.algorithm == DIGEST)
        return f"{DIGEST} {value}"
