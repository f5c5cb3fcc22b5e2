"""PCMU: ITU-T G.711, µ-law (RTP: RFC 3551, section 4.5.14)."""

from functools import cache
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from intercom.rtc.band import DELAY_MS, FACTOR, Down, Sound, Up
from intercom.rtc.coding import GRAIN, Samples
from intercom.rtc.repetition import Repetition

RATE_HZ = 8_000
LOWEST, HIGHEST = -32_768, 32_767
BIAS, MOST = 33, 8_191  # in steps of four, as 14 bits have it


class Encoder:
    """48 kHz to one byte for each of 8000 samples a second."""

    rate_hz: ClassVar[int] = RATE_HZ
    look_ahead_ms: ClassVar[float] = DELAY_MS

    def __init__(self) -> None:
        self._down = Down()

    def encode(self, pcm: bytes) -> bytes:
        return compress(_rounded(self._down.convert(np.frombuffer(pcm, np.int16).astype(np.float32))))

    def adapt(self, *, loss: float) -> None:
        """Do nothing: its packets are what they are."""


class Decoder:
    """One byte for each of 8000 samples a second to 48 kHz, 1.5 ms later; repeats pitch periods for what is lost."""

    rate_hz: ClassVar[int] = RATE_HZ

    def __init__(self) -> None:
        self._repetition = Repetition()
        self._up = Up()

    def duration(self, payload: bytes) -> int:
        if not payload:
            raise ValueError("a PCMU packet has at least one byte")
        return len(payload) * FACTOR

    def decode(self, payload: bytes) -> Samples:
        self.duration(payload)
        return _rounded(self._up.convert(self._repetition.heard(expand(payload))))

    def recover(self, following: bytes, samples: int) -> Samples | None:  # noqa: ARG002
        """Return None: no packet repeats another."""
        return None

    def conceal(self, samples: int) -> Samples:
        grains = -(-samples // GRAIN)
        return _rounded(self._up.convert(self._repetition.lost(grains * GRAIN // FACTOR)))[:samples]


def expand(payload: bytes) -> Sound:
    """Return the samples of PCMU, of the range of S16."""
    sound: Sound = _values()[np.frombuffer(payload, np.uint8)]
    return sound


def compress(samples: Samples) -> bytes:
    """Return S16 as PCMU."""
    return _codes()[samples.view(np.uint16)].tobytes()


@cache
def _values() -> Sound:
    """Return what each byte stands for: sign, three bits of exponent, four of mantissa, all of them inverted."""
    code = ~np.arange(256, dtype=np.uint8)
    exponent, mantissa = code >> 4 & 7, code & 15
    magnitude = (2 * mantissa.astype(int) + BIAS << exponent) - BIAS
    values: Sound = np.where(code & 0x80, -4 * magnitude, 4 * magnitude).astype(np.float32)
    return values


@cache
def _codes() -> npt.NDArray[np.uint8]:
    """Return the byte for each S16, as its bits say; -1 is as far below zero's middle as 0 is above it."""
    sample = np.arange(1 << 16, dtype=np.uint16).view(np.int16).astype(np.int32)
    magnitude = np.minimum(np.where(sample < 0, ~sample, sample) // 4 + BIAS, MOST)
    exponent = np.frexp(magnitude)[1] - np.int32(BIAS.bit_length())
    mantissa = (magnitude >> exponent + 1) & 15
    codes: npt.NDArray[np.uint8] = (~np.where(sample < 0, 0x80, 0) ^ exponent << 4 ^ mantissa).astype(np.uint8)
    return codes


def _rounded(sound: Sound) -> Samples:
    return np.clip(np.rint(sound), LOWEST, HIGHEST).astype(np.int16)
