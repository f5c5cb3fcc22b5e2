"""The sounds that the station makes itself: cadence tables, and their samples."""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from intercom.audio.frames import RATE, SAMPLE_BYTES, silence

RAMP_MS = 5


class Note(NamedTuple):
    """Frequencies that sound together for `on_ms`, then nothing for `off_ms`."""

    hertz: tuple[float, ...]
    on_ms: int
    off_ms: int = 0


@dataclass(frozen=True, slots=True)
class Cadence:
    """Notes in a row, `times` over (0: until stopped); with `decay_ms` each fades like a bell, to 1/e in that time."""

    notes: tuple[Note, ...]
    times: int = 1
    decay_ms: int = 0
    peak: float = 0.7


# Ringback, busy and congestion as in Europe (ITU-T E.180: 425 Hz), the failure tone as ITU-T E.180's special
# information tone; the others are ours, and no two are alike.
CADENCES = {
    "ringtone": Cadence((Note((659.26, 1318.51), 700), Note((523.25, 1046.5), 1100, 1700)), times=0, decay_ms=350),
    "ringback": Cadence((Note((425.0,), 1000, 4000),), times=0, peak=0.3),
    "busy": Cadence((Note((425.0,), 480, 480),), times=3, peak=0.4),
    "outgoing": Cadence((Note((440.0,), 150, 30), Note((587.33,), 250)), decay_ms=150, peak=0.5),
    "end": Cadence((Note((587.33,), 150, 30), Note((440.0,), 250)), decay_ms=150, peak=0.5),
    "failed": Cadence((Note((950.0,), 330), Note((1400.0,), 330), Note((1800.0,), 330)), peak=0.3),
    "no-answer": Cadence((Note((493.88,), 350, 50), Note((415.3,), 350, 50), Note((349.23,), 700)), peak=0.3),
    "announcement": Cadence(
        (Note((783.99,), 250, 30), Note((622.25,), 250, 30), Note((783.99,), 250, 30), Note((932.33,), 500, 660)),
        times=0,
        decay_ms=200,
        peak=0.6,
    ),
    "not-connected": Cadence((Note((425.0,), 240, 240),), times=3, peak=0.4),
    "not-configured": Cadence((Note((330.0,), 120, 60), Note((247.0,), 240, 300)), times=2, peak=0.5),
    "tick": Cadence((Note((880.0,), 30, 1970),), times=0, peak=0.15),
    "test": Cadence((Note((440.0,), 500, 100), Note((880.0,), 500, 100), Note((1760.0,), 500)), peak=0.5),
    "test voice": Cadence(
        (
            Note((261.63, 523.25), 350, 50),
            Note((329.63, 659.26), 350, 50),
            Note((392.0, 783.99), 350, 50),
            Note((523.25, 1046.5), 700, 500),
        ),
        times=0,
        decay_ms=250,
        peak=0.2,
    ),
}  # fmt: skip

# What is heard here of digits that are sent, star and hash as `s` and `h`.  The pairs lie half-way between those of
# ITU-T Q.23: they sound like them, but what our microphone hears of them is no digit to any far end.
KEYS = {
    f"dtmf{key}": Cadence(
        (Note(((732.0, 809.0, 895.0, 988.0)[at // 3], (1269.0, 1403.0, 1551.0)[at % 3]), 100),), peak=0.3
    )
    for at, key in enumerate("123456789s0h")
}
# What answers a press.
CLICKS = {
    "volume": Cadence((Note((1174.66,), 40),), decay_ms=20, peak=0.4),
    "muted": Cadence((Note((783.99,), 50, 20), Note((523.25,), 70)), decay_ms=40, peak=0.3),
    "unmuted": Cadence((Note((523.25,), 50, 20), Note((783.99,), 70)), decay_ms=40, peak=0.3),
    "private": Cadence((Note((659.26,), 70, 20), Note((523.25,), 70, 20), Note((392.0,), 140)), decay_ms=60, peak=0.4),
    "not-private": Cadence(
        (Note((392.0,), 70, 20), Note((523.25,), 70, 20), Note((659.26,), 140)), decay_ms=60, peak=0.4
    ),
    "quiet": Cadence((Note((880.0,), 60, 20), Note((440.0,), 200)), decay_ms=80, peak=0.3),
    "disturb": Cadence((Note((440.0,), 60, 20), Note((880.0,), 200)), decay_ms=80, peak=0.3),
    "last-minute": Cadence((Note((698.46,), 160, 90), Note((698.46,), 220)), decay_ms=120, peak=0.3),
    "prolonged": Cadence(
        (Note((698.46,), 100, 20), Note((880.0,), 100, 20), Note((698.46,), 200)), decay_ms=100, peak=0.3
    ),
    "refused": Cadence((Note((196.0, 392.0), 90, 40), Note((196.0, 392.0), 130)), peak=0.3),
}
# What is heard of a door: by who stands before it (`door-opened`, `door-held`), and by who asked from afar.
DOOR = {
    "door-opened": Cadence(
        (Note((523.25, 1046.5), 130, 10), Note((659.26, 1318.51), 130, 10), Note((783.99, 1567.98), 380, 60)),
        times=2,
        decay_ms=180,
        peak=0.6,
    ),
    "door-held": Cadence((Note((987.77,), 90, 60), Note((987.77,), 90, 760)), times=5, peak=0.5),
    "door-asked": Cadence((Note((880.0,), 50),), decay_ms=25, peak=0.3),
    "door-granted": Cadence((Note((659.26,), 90, 30), Note((880.0, 1760.0), 260)), decay_ms=120, peak=0.5),
    "door-refused": Cadence((Note((329.63,), 130, 40), Note((261.63,), 130, 40), Note((220.0,), 240)), peak=0.4),
}
BRIEF = KEYS | CLICKS | DOOR  # they sound over the others, which go on under them
SOUNDS = CADENCES | BRIEF
RINGTONE = "ringtone"


class Tone:
    """One of SOUNDS as a stream (a Source); raises KeyError for a name that is not there.

    `recording` sounds in place of its notes, as often as they would.
    """

    def __init__(self, name: str, recording: bytes = b"") -> None:
        self.name = name
        self._once = recording or _render(SOUNDS[name])
        self._left = SOUNDS[name].times or None
        self._at = 0
        self._is_ending = False

    def end(self) -> None:
        """End it early: the next samples fade out."""
        self._is_ending = True

    @property
    def is_over(self) -> bool:
        """Whether all of it was pulled."""
        return self._left == 0

    def pull(self, samples: int) -> bytes:
        """Return the next samples; silence after the end."""
        wanted = samples * SAMPLE_BYTES
        pcm = b""
        while len(pcm) < wanted and not self.is_over:
            pcm += self._take(wanted - len(pcm))
        if self._is_ending:
            pcm = _fade_out(pcm)
            self._left = 0
        return pcm + silence(samples - len(pcm) // SAMPLE_BYTES)

    def _take(self, size: int) -> bytes:
        part = self._once[self._at : self._at + size]
        self._at += len(part)
        if self._at == len(self._once):
            self._at = 0
            self._left = None if self._left is None else self._left - 1
        return part


def _fade_out(pcm: bytes) -> bytes:
    samples = np.frombuffer(pcm, np.int16)
    return (samples * np.linspace(1, 0, len(samples))).astype(np.int16).tobytes()


@cache
def _render(cadence: Cadence) -> bytes:
    """Return the samples of the notes, once."""
    return b"".join(
        (32767 * cadence.peak * _sound(note, decay_ms=cadence.decay_ms)).astype(np.int16).tobytes()
        + silence(RATE * note.off_ms // 1000)
        for note in cadence.notes
    )


def _sound(note: Note, *, decay_ms: int) -> npt.NDArray[np.float64]:
    """Return a note within -1..1, ramped at both ends so that it does not click."""
    seconds = np.arange(RATE * note.on_ms // 1000) / RATE
    sound = sum((np.sin(2 * np.pi * hertz * seconds) for hertz in note.hertz), np.zeros(len(seconds)))
    ramp_s = RAMP_MS / 1000
    envelope = np.clip(np.minimum(seconds / ramp_s, (seconds[-1] - seconds) / ramp_s), 0, 1)
    if decay_ms:
        envelope = envelope * np.exp(-seconds * 1000 / decay_ms)
    return np.asarray(sound * envelope / len(note.hertz))
