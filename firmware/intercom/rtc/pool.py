"""The bounded buffer between the network and the speaker."""

from threading import Lock

from intercom.audio.frames import RATE, SAMPLE_BYTES

START_MS, BOUND_MS = 40, 120
WEIGHT = 1 / 16


class Pool:
    """A Source of the far end's voice (mono, S16LE, 48 kHz) that is filled from the event loop.

    It waits for 40 ms before it plays, plays silence when it has run empty and then waits again.  Above 120 ms the
    oldest samples go until 40 ms are left: one audible skip in place of a delay that stays.  `wait_ms` is how long
    sound waits here, smoothed; None before any was played.
    """

    def __init__(self) -> None:
        self.newest = b""
        self.silence_samples = 0
        self.dropped_samples = 0
        self.wait_ms: float | None = None
        self._pulled_samples = 0
        self._lock = Lock()
        self._pcm = bytearray()
        self._is_playing = self._has_played = False

    @property
    def concealed_fraction(self) -> float:
        """The share, 0 to 1, of silence in what was played since the far end was first heard."""
        return self.silence_samples / self._pulled_samples if self._pulled_samples else 0.0

    def put(self, pcm: bytes) -> None:
        """Append samples."""
        with self._lock:
            self._pcm += pcm
            if len(self._pcm) > _size(BOUND_MS):
                excess = len(self._pcm) - _size(START_MS)
                del self._pcm[:excess]
                self.dropped_samples += excess // SAMPLE_BYTES
            self._is_playing |= len(self._pcm) >= _size(START_MS)

    def pull(self, samples: int) -> bytes:
        """Return exactly that many samples; silence stands for what is not there."""
        size = samples * SAMPLE_BYTES
        with self._lock:
            if self._is_playing:
                self._measure(size)
            voice = bytes(self._pcm[:size]) if self._is_playing else b""
            del self._pcm[: len(voice)]
            self._has_played |= self._is_playing
            self._is_playing = len(voice) == size
            missing = size - len(voice)
            if self._has_played:
                self._pulled_samples += samples
                self.silence_samples += missing // SAMPLE_BYTES
        self.newest = sound = voice + bytes(missing)
        return sound

    def _measure(self, size: int) -> None:
        """Sound waits as long as there is sound to play, on the average (Little's law); smoothed."""
        held = len(self._pcm)
        wait_ms = (held + max(0, held - size)) / 2 / SAMPLE_BYTES * 1000 / RATE
        self.wait_ms = wait_ms if self.wait_ms is None else self.wait_ms + WEIGHT * (wait_ms - self.wait_ms)


def _size(length_ms: int) -> int:
    return length_ms * RATE // 1000 * SAMPLE_BYTES
