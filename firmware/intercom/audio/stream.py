"""One direction of a call's sound, for a script to read."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from uuid import uuid4

from intercom.audio.frames import Framer

BOUND_FRAMES = 25


class AudioStream:
    """Fulfils `call.ports.AudioStream`; several may iterate at a time, each hears what comes after it began.

    An iteration holds 500 ms at most.  `feed` costs next to nothing while nobody iterates.
    """

    def __init__(self, *, is_muted: Callable[[], bool]) -> None:
        self.id = str(uuid4())
        self.dropped = 0
        self._is_muted = is_muted
        self._is_ended = False
        self._readers: tuple[_Reader, ...] = ()  # replaced as a whole: the audio thread looks at it at any time

    @property
    def muted(self) -> bool:
        """Whether nothing but silence comes for now."""
        return self._is_muted()

    @property
    def ended(self) -> bool:
        """Whether the call is over."""
        return self._is_ended

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._read()

    def feed(self, pcm: bytes) -> None:
        """Take sound of any length from an audio thread; never waits."""
        for reader in self._readers:
            self.dropped += reader.put(pcm)

    def end(self) -> None:
        """End every iteration when it has read what there is."""
        self._is_ended = True
        for reader in self._readers:
            reader.ready.set()

    async def _read(self) -> AsyncGenerator[bytes, None]:
        reader = _Reader()
        self._readers += (reader,)
        try:
            while True:
                while reader.frames:
                    yield reader.frames.popleft()
                if self._is_ended:
                    return
                await reader.wait()
        finally:
            self._readers = tuple(each for each in self._readers if each is not reader)


class _Reader:
    """What one iteration has not read yet."""

    def __init__(self) -> None:
        self.frames: deque[bytes] = deque(maxlen=BOUND_FRAMES)
        self.ready = asyncio.Event()
        self._framer = Framer()
        self._loop = asyncio.get_running_loop()
        self._is_waking = False

    def put(self, pcm: bytes) -> int:
        """Take sound; return how many frames had to go for it.  The loop is woken once for all that it has to read."""
        dropped = 0
        for frame in self._framer.feed(pcm):
            dropped += len(self.frames) == BOUND_FRAMES
            self.frames.append(frame)
            if not self._is_waking:
                self._is_waking = True
                self._loop.call_soon_threadsafe(self._wake)
        return dropped

    async def wait(self) -> None:
        """Wait until `ready` is set again: by a new frame, or by the end."""
        self.ready.clear()
        if not self.frames:
            await self.ready.wait()

    def _wake(self) -> None:
        self._is_waking = False
        self.ready.set()
