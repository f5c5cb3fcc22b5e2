"""One sound from several: voice, tone and key tone, where what matters less gives way.  Pure: samples in, samples out.

The far end's voice is lowered while a tone sounds over it, the ringtone while there is a voice, either under a key's.
"""

import numpy as np
import numpy.typing as npt

from intercom.audio.frames import RATE, SAMPLE_BYTES

LOWERED = 0.25  # by 12 dB
FALL = (1 - LOWERED) / (RATE * 30 / 1000)  # per sample: gives way in 30 ms
RISE = (1 - LOWERED) / (RATE * 200 / 1000)  # and comes back in 200
PEAK = 32_767
KNEE = 0.9 * PEAK


class Fader:
    """A volume that never jumps while it is heard: a factor of 0 to 1 that walks to its target, sample by sample."""

    def __init__(self) -> None:
        self._factor: float | None = None

    def feed(self, pcm: bytes, target: float) -> bytes:
        """Return the sound at its volume; after `rest` it begins at the target."""
        if self._factor is None:
            self._factor = target
        if self._factor == target:
            return pcm if target == 1.0 else _times(pcm, np.float32(target))
        return _times(pcm, self._walk(len(pcm) // SAMPLE_BYTES, target))

    def rest(self) -> None:
        """Take the news that this sound is over."""
        self._factor = None

    def _walk(self, samples: int, target: float) -> npt.NDArray[np.float64]:
        assert self._factor is not None
        steps = np.arange(1, samples + 1)
        if target < self._factor:
            factors = np.maximum(self._factor - FALL * steps, target)
        else:
            factors = np.minimum(self._factor + RISE * steps, target)
        self._factor = float(factors[-1]) if samples else self._factor
        return np.asarray(factors)


class Mixer:
    """`volume` is the voice's factor, `tone_volume` that of all tones, from 0 to 1: any thread may set them."""

    def __init__(self, *, volume: float = 1.0, tone_volume: float = 1.0) -> None:
        self.volume, self.tone_volume = volume, tone_volume
        self._voice, self._tone, self._key = Fader(), Fader(), Fader()

    def mix(
        self, voice: bytes | None, tone: bytes | None = None, key: bytes | None = None, *, is_ringing: bool = False
    ) -> bytes | None:
        """Return the next block of those that are there, all of one length; None where none is.

        A voice alone at full volume is the very same bytes.  `is_ringing`: the tone is one that gives way to a voice.
        """
        is_over_tone = self._is_heard(key)
        is_over_voice = is_over_tone or (not is_ringing and self._is_heard(tone))
        is_under_voice = is_ringing and voice is not None
        sounds = (
            _faded(self._voice, voice, self.volume * (LOWERED if is_over_voice else 1.0)),
            _faded(self._tone, tone, self.tone_volume * (LOWERED if is_over_tone or is_under_voice else 1.0)),
            _faded(self._key, key, self.tone_volume),
        )
        return blend([sound for sound in sounds if sound is not None])

    def _is_heard(self, tone: bytes | None) -> bool:
        return tone is not None and self.tone_volume > 0 and tone != bytes(len(tone))


def blend(sounds: list[bytes]) -> bytes | None:
    """Add sounds of one length; where loud ones meet, what is above -1 dBFS is bent and not cut.

    One sound is returned as it is, None for none.
    """
    if len(sounds) < 2:
        return sounds[0] if sounds else None
    total = np.frombuffer(sounds[0], np.int16).astype(np.float32)
    for sound in sounds[1:]:
        total += np.frombuffer(sound, np.int16)
    return _fitted(total)


def amplify(pcm: bytes, factor: float) -> bytes:
    """Return it louder or quieter by any factor; what becomes too loud is bent."""
    if factor == 1.0:
        return pcm
    return _fitted(np.frombuffer(pcm, np.int16) * np.float32(factor))


def bend(samples: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return samples of any height within ±32767: as they are up to the knee, above it ever less of what is more."""
    height, room = np.abs(samples), np.float32(PEAK - KNEE)
    bent = np.float32(KNEE) + room * np.tanh((height - np.float32(KNEE)) / room)
    return np.copysign(np.where(height > KNEE, bent, height), samples)


def _fitted(samples: npt.NDArray[np.float32]) -> bytes:
    if max(samples.max(initial=0), -samples.min(initial=0)) > KNEE:
        samples = bend(samples)
    return np.rint(samples).astype(np.int16).tobytes()


def _faded(fader: Fader, pcm: bytes | None, target: float) -> bytes | None:
    if pcm is None:
        fader.rest()
        return None
    return fader.feed(pcm, target)


def _times(pcm: bytes, factor: np.float32 | npt.NDArray[np.float64]) -> bytes:
    samples: npt.NDArray[np.floating] = np.rint(np.frombuffer(pcm, np.int16) * factor)
    return samples.astype(np.int16).tobytes()
