"""The two ends of a call as audio sees them: a sink that keeps what it hears, a source that hums."""

import asyncio
import threading

import numpy as np

from intercom.audio.frames import FRAME_BYTES, FRAME_MS, RATE
from tests.rig.ear import Heard, is_steady, listen


class Recorder:
    """A Sink."""

    def __init__(self, frame_ms: int = FRAME_MS) -> None:
        self.frame_ms = frame_ms
        self._loop = asyncio.get_running_loop()
        self._came = asyncio.Event()
        self.frames: list[bytes] = []

    def put(self, frame: bytes) -> None:
        assert len(frame) == FRAME_BYTES * self.frame_ms // FRAME_MS
        assert threading.current_thread().name == "capture"
        self.frames.append(frame)
        self._loop.call_soon_threadsafe(self._came.set)

    async def next(self, count: int) -> list[bytes]:
        """Return the next frames, from now on."""
        begin = len(self.frames)
        async with asyncio.timeout(5):
            while len(self.frames) < begin + count:
                self._came.clear()
                await self._came.wait()
        return self.frames[begin : begin + count]

    async def hears(self, hertz: float) -> Heard:
        """Wait for ten frames of a tone."""
        async with asyncio.timeout(10):
            while not is_steady(pcm := join(await self.next(10)), hertz):
                pass
        return listen(pcm)


class Hum:
    """A Source of a tone at -12 dBFS; `samples`: how much of it was pulled."""

    def __init__(self, hertz: float) -> None:
        self._hertz = hertz
        self.samples = 0

    def pull(self, samples: int, *, most: int = 0) -> bytes:
        assert threading.current_thread().name == "playback"
        time = np.arange(self.samples, self.samples + samples) / RATE
        self.samples += samples
        return (32768 * 0.355 * np.sin(2 * np.pi * self._hertz * time)).astype(np.int16).tobytes()


def join(frames: list[bytes]) -> np.typing.NDArray[np.int16]:
    return np.frombuffer(b"".join(frames), np.int16)


def is_silent(frames: list[bytes]) -> bool:
    return not any(map(any, frames))
