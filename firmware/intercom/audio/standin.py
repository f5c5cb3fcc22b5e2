"""What takes a PCM's place while it can't be used, so that a call keeps its pace."""

import time

from intercom.audio.frames import FRAME_MS, FRAME_SAMPLES, SILENCE
from intercom.audio.tones import Tone

FRAME_S = FRAME_MS / 1000


class NoMicrophone:
    """Gives a frame each 20 ms: silence, or the test voice where `speaks`."""

    shape = None

    def __init__(self) -> None:
        self._pace = _Pace()
        self._voice = Tone("test voice")
        self.speaks = False

    def read(self) -> bytes:
        self._pace.wait()
        return self._voice.pull(FRAME_SAMPLES) if self.speaks else SILENCE

    def close(self) -> None:
        """There is nothing to close."""


class NoSpeaker:
    """Takes a frame each 20 ms, and drops it."""

    shape = None

    def __init__(self) -> None:
        self._pace = _Pace()

    def due(self) -> int:
        return FRAME_SAMPLES

    def queued_ms(self) -> float:
        return 0.0

    def write(self, _pcm: bytes) -> bool:
        self._pace.wait()
        return True

    def close(self) -> None:
        """There is nothing to close."""


class _Pace:
    """Wakes each 20 ms without drift; after a pause it begins anew."""

    def __init__(self) -> None:
        self._next = 0.0

    def wait(self) -> None:
        now = time.monotonic()
        if self._next < now - 5 * FRAME_S:
            self._next = now
        self._next += FRAME_S
        time.sleep(max(0.0, self._next - now))
