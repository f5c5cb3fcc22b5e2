"""Each packet of ours on its way out, before SRTP protects it.

Private name that only this file touches: `RTCDtlsTransport._send_rtp`, by which aiortc 1.16 sends RTP and RTCP.
"""

from collections.abc import Callable

from aiortc import RTCRtpSender


def outlet(sender: RTCRtpSender, through: Callable[[bytes], bytes]) -> None:
    """Send what `through` makes of each packet."""
    transport = sender.transport
    send = transport._send_rtp  # noqa: SLF001

    async def look_first(packet: bytes) -> None:
        await send(through(packet))

    transport._send_rtp = look_first  # type: ignore[assignment,method-assign]  # noqa: SLF001
