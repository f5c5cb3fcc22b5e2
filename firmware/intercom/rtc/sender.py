"""From the microphone's thread to the far end."""

import asyncio
from collections import deque
from typing import Any

from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av.packet import Packet

from intercom.rtc.codecs import Codec, Encoder

HANDOFF_PACKETS = 5


class Sender(MediaStreamTrack):
    """A Sink that encodes each frame in the capture thread, and the track that aiortc reads the packets from.

    Nothing is encoded before the far end can be sent to, so no sound from before the call is open leaves the house.
    The hand-off between thread and loop holds 100 ms; when it is full the oldest packet goes and is counted.
    """

    kind = "audio"

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self.newest = b""
        self.sent = 0
        self.dropped = 0
        self._main_loop = loop
        self._codec: Codec | None = None
        self._encoder: Encoder | None = None
        self._packets: deque[Packet[Any]] = deque(maxlen=HANDOFF_PACKETS)
        self._ready = asyncio.Event()
        self._is_waking = False

    @property
    def codec(self) -> Codec | None:
        """What is sent; None while nothing is."""
        return self._codec

    @codec.setter
    def codec(self, codec: Codec) -> None:
        if codec != self._codec:
            self._codec, self._encoder = codec, None
            self._packets.clear()

    def put(self, frame: bytes) -> None:
        """Take 20 ms from the capture thread; never waits."""
        self.newest = frame
        encoder = self._encoder
        if encoder is None:
            return
        for packet in encoder.encode(frame):
            self.dropped += len(self._packets) == HANDOFF_PACKETS
            self._packets.append(packet)
        if not self._is_waking:
            self._is_waking = True
            self._main_loop.call_soon_threadsafe(self._wake)

    async def recv(self) -> "Packet[Any]":
        """Return the next packet (aiortc asks first when the far end can be sent to)."""
        if self.readyState != "live" or self._codec is None:
            raise MediaStreamError
        self._encoder = self._encoder or Encoder(self._codec)
        while not self._packets:
            self._ready.clear()
            await self._ready.wait()
        self.sent += 1
        return self._packets.popleft()

    def stop(self) -> None:
        """Encode no more."""
        self._encoder = None
        super().stop()

    def _wake(self) -> None:
        self._is_waking = False
        self._ready.set()
