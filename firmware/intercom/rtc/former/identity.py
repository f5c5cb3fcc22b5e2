"""What makes a second peer connection the same to a far end: certificate, SSRC and description of the first.

Private names of aiortc 1.16 that only this file touches: `RTCPeerConnection.__certificates`, `RTCRtpSender._ssrc`,
`RTCRtpReceiver._set_rtcp_ssrc`.
"""

from dataclasses import dataclass

from aiortc import RTCCertificate, RTCPeerConnection, RTCRtpTransceiver

_CERTIFICATES = "_RTCPeerConnection__certificates"


@dataclass(frozen=True, slots=True)
class Identity:
    """As the far end knows us by a description that it was given."""

    certificates: list[RTCCertificate]
    ssrc: int
    description: str

    @classmethod
    def of(cls, pc: RTCPeerConnection, description: str) -> "Identity":
        """Return that of a peer connection with one transceiver."""
        (transceiver,) = pc.getTransceivers()
        return cls(getattr(pc, _CERTIFICATES), transceiver.sender._ssrc, description)  # noqa: SLF001

    def certify(self, pc: RTCPeerConnection) -> None:
        """Use the certificate, in a peer connection that has no transceiver yet."""
        assert isinstance(getattr(pc, _CERTIFICATES), list)
        setattr(pc, _CERTIFICATES, self.certificates)

    def sign(self, transceiver: RTCRtpTransceiver) -> None:
        """Use the SSRC, before anything is sent."""
        transceiver.sender._ssrc = self.ssrc  # noqa: SLF001
        transceiver.receiver._set_rtcp_ssrc(self.ssrc)  # noqa: SLF001
