"""Sounds that codecs are tried with, and how like the original they come out."""

from collections.abc import Collection, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.signal import stft

from intercom.audio.frames import RATE
from intercom.rtc.coding import Decoder, Encoder, Samples
from tests.rig.espeak import spoken

SENTENCES = "The birch canoe slid on the smooth planks. Glue the sheet to the dark blue background."
Levels = npt.NDArray[np.float64]


@cache
def speech() -> Samples:
    """Return five seconds of a voice."""
    sound = spoken(SENTENCES, "en")
    return np.asarray(sound * 20_000 / np.abs(sound).max(), np.int16)


def tone(hertz: float, *, seconds: float = 0.5, peak: float = 8_000) -> Samples:
    """Return a sine."""
    return np.asarray(peak * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE), np.int16)


def noise(deviation: float, *, seconds: float = 2) -> Samples:
    """Return white noise, always the same."""
    return np.random.default_rng(1).normal(0, deviation, int(seconds * RATE)).astype(np.int16)


def packets(encoder: Encoder, sound: Samples, *, packet_ms: int = 20) -> list[bytes]:
    """Return all whole packets of it."""
    size = RATE * packet_ms // 1000
    return [encoder.encode(sound[at : at + size].tobytes()) for at in range(0, len(sound) - size + 1, size)]


def heard(decoder: Decoder, sent: Sequence[bytes], *, lost: Collection[int] = (), by: str = "fec") -> Samples:
    """Return what comes out; `by`: `fec` where it can, `plc` always, or `silence` for what is lost."""
    out = []
    for number, payload in enumerate(sent):
        if number not in lost:
            out.append(decoder.decode(payload))
            continue
        samples, sound = decoder.duration(payload), None
        if by == "fec" and number + 1 < len(sent) and number + 1 not in lost:
            sound = decoder.recover(sent[number + 1], samples)
        if sound is None:
            sound = decoder.conceal(samples) if by != "silence" else np.zeros(samples, np.int16)
        out.append(sound)
    return np.concatenate(out)


def later(sound: Samples, samples: int) -> Samples:
    """Return it delayed."""
    return np.concatenate((np.zeros(samples, np.int16), sound))


def level_db(sound: Samples) -> float:
    """Return its root mean square against that of a full square wave."""
    return float(10 * np.log10(np.mean(np.square(sound.astype(float))) / 32_768**2 + 1e-12))


def snr_db(original: Samples, copy: Samples) -> float:
    """Return by how much it is louder than what a copy differs from it."""
    size = min(len(original), len(copy))
    first, second = original[:size].astype(float), copy[:size].astype(float)
    return float(10 * np.log10(np.sum(first**2) / np.sum((first - second) ** 2)))


def distance_db(original: Samples, copy: Samples) -> float:
    """Return by how much levels differ on average, over times of 20 ms and bands of 200 Hz up to 8 kHz."""
    size = min(len(original), len(copy))
    first, second = _levels(original[:size]), _levels(copy[:size])
    return float(np.mean(np.abs(first - second)))


def _levels(sound: Samples) -> Levels:
    _, _, spectrum = stft(sound.astype(float), RATE, nperseg=960)
    power = np.square(np.abs(spectrum[:160])).reshape(40, 4, -1).sum(axis=1)
    return np.asarray(10 * np.log10(power + 10.0))
