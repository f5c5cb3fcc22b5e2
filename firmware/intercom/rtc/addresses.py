"""Which of our addresses the far end is told: those that aioice gathers, and 127.0.0.1 where it is needed.

aioice 0.13 gathers every IPv4 address but 127.0.0.1 and every IPv6 address but ::1 and link-local ones, which mean
nothing without their interface.  Private names that only this file touches: `RTCIceGatherer._connection`,
`Connection._local_candidates`.
"""

from aiortc import RTCRtpTransceiver

LOOPBACK = "127.0.0.1"


async def gather(transceiver: RTCRtpTransceiver, *, loopback: bool) -> None:
    """Gather our candidates; 127.0.0.1 is one where there is no other address, and where `loopback` asks for it.

    Must not be cancelled half-way: the sockets made so far would stay open.
    """
    gatherer = transceiver.receiver.transport.transport.iceGatherer
    await gatherer.gather()
    connection = gatherer._connection  # noqa: SLF001
    if loopback or not connection.local_candidates:
        made = await connection.get_component_candidates(component=1, addresses=[LOOPBACK])
        connection._local_candidates += made  # noqa: SLF001
