"""What takes a PCM's place while it can't be used, so that a call keeps its pace."""

import time

from intercom.audio.frames import FRAME_MS, FRAME_SAMPLES, RATE, silence
from intercom.audio.tones import Tone


class NoMicrophone:
    """Gives a period of silence after the other, or of the test voice where `speaks`."""

    shape = None

    def __init__(self, period_ms: int) -> None:
        self._pace = _Pace(period_ms)
        self._samples = RATE * period_ms // 1000
        self._silence = silence(self._samples)
        self._voice = Tone("test voice")
        self.speaks = False

    def read(self) -> bytes:
        self._pace.wait()
        return self._voice.pull(self._samples) if self.speaks else self._silence

    def close(self) -> None:
        """There is nothing to close."""


class NoSpeaker:
    """Asks for a frame each 20 ms, and drops it."""

    shape = None

    def __init__(self) -> None:
        self._pace = _Pace(FRAME_MS)

    def due(self) -> int:
        self._pace.wait()
        return FRAME_SAMPLES

    def queued_ms(self) -> float:
        return 0.0

    def write(self, _pcm: bytes) -> bool:
        return True

    def close(self) -> None:
        """There is nothing to close."""


class _Pace:
    """Wakes once a period without drift; after a pause it begins anew."""

    def __init__(self, period_ms: int) -> None:
        self._period_s = period_ms / 1000
        self._next = 0.0

    def wait(self) -> None:
        now = time.monotonic()
        if self._next < now - 5 * self._period_s:
            self._next = now
        self._next += self._period_s
        time.sleep(max(0.0, self._next - now))
