"""A Sink that keeps what the microphone hears for a while."""

import asyncio

from intercom.audio.frames import FRAME_MS


class Recording:
    """`done` is set with the sound, once there is enough of it, or cancelled; made in the event loop."""

    frame_ms = FRAME_MS

    def __init__(self, seconds: float) -> None:
        self._loop = asyncio.get_running_loop()
        self.done: asyncio.Future[bytes] = self._loop.create_future()
        self._frames: list[bytes] = []
        self._wanted = round(seconds * 1000 / FRAME_MS)

    def put(self, frame: bytes) -> None:
        """Take a frame, in the capture thread."""
        self._frames.append(frame)
        if len(self._frames) == self._wanted:
            self._loop.call_soon_threadsafe(self._finish, b"".join(self._frames))

    def give_up(self) -> None:
        """The microphone was taken for something else."""
        self.done.cancel()

    def _finish(self, sound: bytes) -> None:
        if not self.done.done():
            self.done.set_result(sound)
