"""What stands for lost sound of the telephone band: its last pitch period, again and again, fading.

After the manner of ITU-T G.711, appendix I, at 8 kHz: a fifth less loud with each 10 ms after the first, silent after
60.  Unlike there nothing is delayed: the first repetition begins with what the last sample differs from the one a
period before, and that fades within a quarter of the period.  More periods than one, and longer overlaps with the sound
that comes after, are worse by PESQ.
"""

import numpy as np

from intercom.rtc.band import Sound

SHORTEST, LONGEST = 40, 120  # of the periods that are looked for: 200 to 67 Hz
COMPARED = 160  # samples, 20 ms
REACH = COMPARED + LONGEST  # how far back it looks
FULL, LENGTH = 80, 480  # how long it is as loud as before, and when it is silent
LEAST_OVERLAP, MOST_OVERLAP = 20, 40  # of the repetition with the sound after it
OVERLAP_PER_SAMPLE = 0.1  # that was lost

_RAMP = np.arange(LENGTH, dtype=np.float32)
_FADE: Sound = np.minimum((LENGTH - _RAMP) / np.float32(LENGTH - FULL), np.float32(1))


class Repetition:
    """Hears the sound that there is, and goes on with it where there is none."""

    def __init__(self) -> None:
        self._past: Sound = np.zeros(REACH, np.float32)
        self._going_on = self._past[:0]
        self._lost = 0

    def heard(self, sound: Sound) -> Sound:
        """Return the sound, its beginning mixed with what stood for the lost before it."""
        if self._lost:
            sound = self._joined(sound)
            self._lost = 0
        self._past = np.concatenate((self._past, sound))[-REACH:]
        return sound

    def lost(self, samples: int) -> Sound:
        """Return what stands for that many lost samples, or that many more."""
        if not self._lost:
            self._going_on = continuation(self._past)
        made = self._ahead(samples)
        self._lost += samples
        self._past = np.concatenate((self._past, made))[-REACH:]
        return made

    def _joined(self, sound: Sound) -> Sound:
        overlap = min(int(LEAST_OVERLAP + OVERLAP_PER_SAMPLE * self._lost), MOST_OVERLAP, sound.size)
        joined = sound.copy()
        joined[:overlap] += (1 - _RAMP[:overlap] / overlap) * (self._ahead(overlap) - sound[:overlap])
        return joined

    def _ahead(self, samples: int) -> Sound:
        made = self._going_on[self._lost : self._lost + samples]
        return made if made.size == samples else np.pad(made, (0, samples - made.size))


def continuation(past: Sound) -> Sound:
    """Return LENGTH samples that go on with the last REACH."""
    period = pitch(past)
    blend = period // 4
    rising = _RAMP[:blend] / blend
    once = past[-period:].copy()
    once[-blend:] += rising * (past[-period - blend : -period] - once[-blend:])
    made = np.resize(once, LENGTH)
    made[:blend] += (1 - rising) * (past[-1] - past[-1 - period])
    made *= _FADE
    return made


def pitch(past: Sound) -> int:
    """Return the distance, in samples, at which the last 20 ms are most like what was before them."""
    latest, searched = past[-COMPARED:], past[:-SHORTEST]
    sums = np.cumsum(np.concatenate(([1.0], np.square(searched))))
    energy = sums[COMPARED:] - sums[:-COMPARED]
    likeness = np.correlate(searched, latest) / np.sqrt(np.maximum(energy, 1))
    return LONGEST - int(np.argmax(likeness))
