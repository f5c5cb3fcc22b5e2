"""Each RTP packet of the far end as it arrives, before aiortc sorts, drops and decodes.

Private name that only this file touches: `RTCRtpReceiver._handle_rtp_packet`, by which the DTLS transport hands over.
"""

from collections.abc import Callable

from aiortc import RTCRtpReceiver
from aiortc.rtp import RtpPacket


def tap(receiver: RTCRtpReceiver, seen: Callable[[RtpPacket], None]) -> None:
    """Show `seen` every packet, then let aiortc go on."""
    handle = receiver._handle_rtp_packet  # noqa: SLF001

    async def look_first(packet: RtpPacket, arrival_time_ms: int) -> None:
        seen(packet)
        await handle(packet, arrival_time_ms)

    receiver._handle_rtp_packet = look_first  # type: ignore[method-assign]  # noqa: SLF001
