"""A room with a microphone that hears a tone and a speaker that is listened to: a `Voice` with its two threads."""

import asyncio
import time
from collections.abc import Iterator
from threading import Event, Thread

import numpy as np

from intercom.audio.frames import FRAME_SAMPLES, RATE, SAMPLE_BYTES, Sink, Source, silence
from intercom.call.ports import AudioConstraints
from intercom.errors import AudioError
from tests.rig.ear import Heard, listen

LATEST_BYTES = RATE // 5 * SAMPLE_BYTES
SILENCE_DBFS = -70


class Room:
    """`pull_samples` is the period of the speaker; `connected` counts how often the room was taken and left."""

    def __init__(self, hertz: float, *, and_hertz: float = 0.0, pull_samples: int = FRAME_SAMPLES) -> None:
        self.takes = self.leaves = 0
        self.is_muted = False
        self.playback_pcm = "default"
        self.refuses: AudioError | None = None
        self.constraints: AudioConstraints | None = None
        self.hertz, self.and_hertz, self._pull_samples = hertz, and_hertz, pull_samples
        self._played = bytearray()
        self._is_over = Event()
        self._pulled = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._threads: list[Thread] = []

    def connect(self, sink: Sink, source: Source, constraints: AudioConstraints | None = None) -> None:
        self.takes += 1
        self.constraints = constraints
        self._is_over.clear()
        self._threads = [
            Thread(target=self._speak, args=(sink,), name="capture"),
            Thread(target=self._listen, args=(source,), name="playback"),
        ]
        for thread in self._threads:
            thread.start()

    def disconnect(self) -> None:
        self.leaves += 1
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    async def opened(self) -> None:
        if self.refuses:
            raise self.refuses

    def play_on(self, pcm: str) -> None:
        self.playback_pcm = pcm

    def delays_ms(self) -> tuple[float, float]:
        return 20.0, 0.0

    def mute(self, flag: bool) -> None:
        self.is_muted = flag

    def heard(self) -> Heard:
        """Tell what was played in the latest 200 ms."""
        return listen(np.frombuffer(bytes(self._played[-LATEST_BYTES:]), np.int16))

    def forget(self) -> None:
        """Forget what was played."""
        self._played.clear()

    async def until_heard(self, hertz: float, *, timeout_s: float = 8.0) -> None:
        """Wait until the speaker has played this tone for 200 ms; 0: silence."""
        async with asyncio.timeout(timeout_s):
            while not self._is_heard(hertz):
                self._pulled.clear()
                await self._pulled.wait()

    async def played(self) -> None:
        """Wait for the speaker's next period."""
        self._pulled.clear()
        await self._pulled.wait()

    def _is_heard(self, hertz: float) -> bool:
        is_long_enough = len(self._played) >= LATEST_BYTES
        return is_long_enough and (self.heard().is_tone(hertz) if hertz else self.heard().dbfs < SILENCE_DBFS)

    def _speak(self, sink: Sink) -> None:
        samples = RATE * sink.frame_ms // 1000
        for number in self._ticks(sink.frame_ms / 1000):
            at = np.arange(number * samples, (number + 1) * samples) / RATE
            waves = np.sin(2 * np.pi * self.hertz * at) + np.sin(2 * np.pi * self.and_hertz * at)
            tone = (8000 * waves).astype(np.int16).tobytes()
            sink.put(silence(samples) if self.is_muted else tone)

    def _listen(self, source: Source) -> None:
        for _ in self._ticks(self._pull_samples / RATE):
            pcm = source.pull(self._pull_samples)
            assert len(pcm) == self._pull_samples * SAMPLE_BYTES
            self._played += pcm
            self._loop.call_soon_threadsafe(self._pulled.set)

    def _ticks(self, period_s: float) -> Iterator[int]:
        """Yield 0, 1, 2 … at the pace of a sound card."""
        begin, number = time.monotonic(), 0
        while not self._is_over.wait(max(0.0, begin + number * period_s - time.monotonic())):
            yield number
            number += 1
