"""Each RTP packet of the far end as it arrives, before aiortc sorts, drops and decodes.

Private name that only this file touches: `RTCRtpReceiver._handle_rtp_packet`, by which the DTLS transport hands over.
"""

from collections.abc import Callable

from aiortc import RTCRtpReceiver
from aiortc.rtp import RtpPacket


def tap(receiver: RTCRtpReceiver, through: Callable[[RtpPacket], RtpPacket | None]) -> None:
    """Let aiortc go on with what `through` makes of each packet, if anything."""
    handle = receiver._handle_rtp_packet  # noqa: SLF001

    async def look_first(packet: RtpPacket, arrival_time_ms: int) -> None:
        if taken := through(packet):
            await handle(taken, arrival_time_ms)

    receiver._handle_rtp_packet = look_first  # type: ignore[method-assign]  # noqa: SLF001
