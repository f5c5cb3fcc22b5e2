"""PCM inside this program: mono, S16LE, 48 kHz, `bytes`; a frame is 20 ms of it, or as much as its sink takes."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

RATE = 48_000
SAMPLE_BYTES = 2
FRAME_MS = 20
FRAME_SAMPLES = RATE * FRAME_MS // 1000
FRAME_BYTES = FRAME_SAMPLES * SAMPLE_BYTES
SILENCE = bytes(FRAME_BYTES)


class Sink(Protocol):
    """Where the microphone's frames go."""

    @property
    def frame_ms(self) -> int:
        """How long the frames are that `put` takes, 10 or 20; it never changes."""

    def put(self, frame: bytes) -> None:
        """Take a frame; called in the capture thread, never blocks."""


class Source(Protocol):
    """Where the speaker's sound comes from."""

    def pull(self, samples: int, *, most: int = 0) -> bytes:
        """Return exactly that many samples, or more whole lots of them, up to `most`, where they are there already.

        Called in the playback thread, never blocks.
        """


def silence(samples: int) -> bytes:
    """Return that many samples of silence."""
    return bytes(samples * SAMPLE_BYTES)


def gain(percent: int) -> float:
    """Return the factor for a volume in percent: quadratic, so that equal steps sound about equal."""
    return (percent / 100) ** 2


def to_mono(pcm: bytes, *, channels: int) -> bytes:
    """Return the mean of interleaved channels."""
    if channels == 1:
        return pcm
    weights = np.full(channels, 1 / channels, np.float32)
    return _clip(np.frombuffer(pcm, np.int16).reshape(-1, channels).astype(np.float32) @ weights)


def from_mono(pcm: bytes, *, channels: int) -> bytes:
    """Return interleaved channels that are all the same."""
    return pcm if channels == 1 else np.repeat(np.frombuffer(pcm, np.int16), channels).tobytes()


class Framer:
    """Cuts a stream of periods of any length into frames, or other pieces of one size."""

    def __init__(self, size: int = FRAME_BYTES) -> None:
        self._size = size
        self._rest = b""

    def feed(self, pcm: bytes) -> Sequence[bytes]:
        """Return the frames that are complete now; the rest waits for the next call."""
        if len(pcm) == self._size and not self._rest:
            return (pcm,)
        pcm = self._rest + pcm
        whole = len(pcm) - len(pcm) % self._size
        self._rest = pcm[whole:]
        return [pcm[at : at + self._size] for at in range(0, whole, self._size)]


def _clip(samples: np.typing.NDArray[np.float32]) -> bytes:
    return np.clip(np.rint(samples), -32768, 32767).astype(np.int16).tobytes()
