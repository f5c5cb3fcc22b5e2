"""A far end that says one sine for ever, and the decoder that hears it: what was said when can be told."""

import struct
from collections.abc import Callable

import numpy as np

from intercom.audio.frames import RATE
from intercom.rtc.coding import Samples
from intercom.rtc.rtp import Packet

HZ, LOUDNESS = 230.0, 8000.0  # no whole number of periods in a packet, so that a cut would click
STEP = 450  # from one sample to the next at most: that of the sine, and of 2.5 ms that fade from its top to its bottom
FADE = 120
HEAD = struct.Struct("!IHH")  # where the sound begins, its length, the length of the packet before, which it repeats
VOICE = 111


def sine(at: int, samples: int) -> Samples:
    """Return what is said from the sample `at` on."""
    sound: Samples = np.rint(LOUDNESS * np.sin(2 * np.pi * HZ / RATE * np.arange(at, at + samples))).astype(np.int16)
    return sound


class SineDecoder:
    """Decodes what `FarEnd` says; what stands for lost sound fades out within 100 ms."""

    def __init__(self, rate_hz: int = RATE) -> None:
        self.rate_hz = rate_hz
        self._next, self._gain = 0, 0.0

    def duration(self, payload: bytes) -> int:
        if len(payload) != HEAD.size:
            raise ValueError("no such payload")
        return int(HEAD.unpack(payload)[1])

    def decode(self, payload: bytes) -> Samples:
        return self._say(HEAD.unpack(payload)[0], self.duration(payload))

    def recover(self, following: bytes, samples: int) -> Samples | None:
        at, _, before = HEAD.unpack(following)
        return self._say(at - samples, samples) if before == samples else None

    def conceal(self, samples: int) -> Samples:
        gains = np.clip(self._gain - np.arange(samples) / (RATE / 10), 0, None)
        sound = (sine(self._next, samples) * gains).astype(np.int16)
        self._next += samples
        self._gain = max(0.0, self._gain - samples / (RATE / 10))
        return sound

    def _say(self, at: int, samples: int) -> Samples:
        said, most = sine(at, samples), min(FADE, samples)
        if at != self._next or self._gain < 1:
            rising = np.arange(most) / FADE
            said[:most] = (self.conceal(most) * (1 - rising) + said[:most] * rising).astype(np.int16)
        self._next, self._gain = at + samples, 1.0
        return said


def decoders(*kinds: int) -> dict[int, Callable[[], SineDecoder]]:
    """Return what the playout buffer asks for."""
    return dict.fromkeys(kinds or (VOICE,), SineDecoder)


def packet(index: int, *, samples: int = 960, repeats: bool = True, first: int = 0, stamp: int = 0) -> Packet:
    """Return the packet of that index; the numbers of the very first are `first` and `stamp`."""
    at = index * samples
    payload = HEAD.pack(at & 0xFFFFFFFF, samples, samples if repeats else 0)
    return Packet(VOICE, (first + index) & 0xFFFF, (stamp + at) & 0xFFFFFFFF, 7, payload)
