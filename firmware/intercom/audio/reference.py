"""What the speaker was given, laid beside what the microphone heard."""

from collections import deque

from intercom.audio.frames import RATE, SAMPLE_BYTES

MOST_PERIODS = 100
STRAY_MS = 12.0
WATCH_FRAMES = 25
BYTES_PER_MS = RATE * SAMPLE_BYTES // 1000


class Reference:
    """A line of sound, put in by periods and taken out by frames, each side at the pace of its own clock.

    What lies in the line before a frame is taken is how old that frame is.  It is set when sound begins to come, and
    again, in one step, where in half a second it has mostly strayed by 12 ms: for two crystals, or a gap in playing.
    """

    def __init__(self) -> None:
        self._given: deque[bytes] = deque(maxlen=MOST_PERIODS)
        self._line = bytearray()
        self._owed = 0
        self._is_set = False
        self._strays_ms: list[float] = []
        self.age_ms = 0.0

    def put(self, pcm: bytes) -> None:
        """Take what the speaker was given; may be called in another thread, never waits."""
        self._given.append(pcm)

    def take(self, length: int, *, age_ms: float) -> bytes:
        """Return that many bytes, silence where nothing was put; `age_ms` is how much shall lie in the line with them.

        It may jump about, as threads are late now and then: half a second of them counts.
        """
        while self._given:
            self._line += self._given.popleft()
        self._drop_late()
        self._keep(age_ms)
        self.age_ms = self._waiting_ms()
        taken = bytes(self._line[:length])
        del self._line[:length]
        if taken:
            self._owed += length - len(taken)
        else:
            self._owed, self._is_set = 0, False
        return taken.ljust(length, b"\0")

    def realign(self) -> None:
        """Set the age anew with the next frame, however little it has strayed."""
        self._is_set = False

    def _drop_late(self) -> None:
        """Drop what silence was taken for."""
        late = min(self._owed, len(self._line))
        del self._line[:late]
        self._owed -= late

    def _keep(self, age_ms: float) -> None:
        if not self._line:
            return
        self._strays_ms.append(age_ms - self._waiting_ms())
        if not self._is_set:
            self._step(self._strays_ms[-1])
        elif len(self._strays_ms) >= WATCH_FRAMES:
            stray_ms = sorted(self._strays_ms)[WATCH_FRAMES // 2]
            self._step(stray_ms if abs(stray_ms) > STRAY_MS else 0.0)

    def _step(self, by_ms: float) -> None:
        """Make all that is taken from now on so much older; it is watched afresh."""
        samples = round(by_ms * RATE / 1000)
        if samples > 0:
            self._line[:0] = bytes(samples * SAMPLE_BYTES)
        else:
            del self._line[: -samples * SAMPLE_BYTES]
        self._is_set = True
        self._strays_ms.clear()

    def _waiting_ms(self) -> float:
        return len(self._line) / BYTES_PER_MS
