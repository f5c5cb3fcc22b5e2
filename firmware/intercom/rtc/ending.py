"""The end of a peer connection, without what aiortc 1.16 and aioice 0.13 leave behind."""

import asyncio

from aiortc import RTCIceTransport, RTCPeerConnection


async def end(pc: RTCPeerConnection) -> None:
    """Close it; nothing of it runs on afterwards.

    A connection that is closed between its last successful check and the moment when aioice notices (up to 20 ms)
    starts to ask for consent after it was closed, and would ask for ever; so it is closed once more when it has.
    """
    transports = [each.receiver.transport.transport for each in pc.getTransceivers()]
    checking = [transport for transport in transports if transport.state == "checking"]
    await pc.close()
    for transport in checking:
        await _checked(transport)
        await transport.stop()


async def _checked(transport: RTCIceTransport) -> None:
    """Wait until the checks have ended, which turns a closed transport into a completed or failed one."""
    ended = asyncio.Event()
    transport.once("statechange", ended.set)
    if transport.state == "closed":
        await ended.wait()
