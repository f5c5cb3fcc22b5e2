"""An ear: what is heard in samples, and how long sound takes from one card's microphone to another's speaker."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tests.rig.simcard import Pcm, SimCard

SILENCE_DBFS = -100.0
CHIRP_MS = 50
POLL_S = 0.02


@dataclass(frozen=True)
class Heard:
    """The strongest frequency and the level of all (RMS; a full-scale sine is -3 dBFS)."""

    hertz: float
    dbfs: float

    def is_tone(self, hertz: float) -> bool:
        """Whether this is a tone of that frequency, within 1 %, and above -60 dBFS."""
        return self.dbfs > -60 and abs(self.hertz - hertz) <= max(hertz / 100, 2)


def listen(pcm: Pcm, *, rate: int = 48_000) -> Heard:
    """Tell what is heard in these samples (at least 50 ms for a useful frequency)."""
    x = pcm.astype(np.float64)
    rms = float(np.sqrt(np.mean(x**2))) if len(x) else 0.0
    if rms == 0:
        return Heard(0.0, SILENCE_DBFS)
    spectrum = np.abs(np.fft.rfft(x * np.hanning(len(x)), 1 << 17))
    hertz = float(np.argmax(spectrum)) * rate / (1 << 17)
    return Heard(hertz, 20 * float(np.log10(rms / 32768)))


def hear(card: SimCard, *, ms: int = 200) -> Heard:
    """Tell what the card's speaker played in the latest `ms`."""
    return listen(card.played(ms), rate=card.rate)


def is_steady(pcm: Pcm, hertz: float, *, rate: int = 48_000) -> bool:
    """Tell whether this is one tone from its beginning to its end, its level within 1 dB in each quarter."""
    quarters = [listen(quarter, rate=rate) for quarter in np.array_split(pcm, 4)]
    levels = [heard.dbfs for heard in quarters]
    return listen(pcm, rate=rate).is_tone(hertz) and max(levels) - min(levels) < 1


async def until(is_true: Callable[[], bool], *, what: str, timeout_s: float = 10.0) -> None:
    """Wait until something that announces itself to nobody (a speaker, a file) is so; raises AssertionError."""
    end = time.monotonic() + timeout_s
    while not is_true():
        assert time.monotonic() < end, f"not within {timeout_s} s: {what}"
        await asyncio.sleep(POLL_S)


async def until_heard(card: SimCard, hertz: float, *, timeout_s: float = 10.0) -> Heard:
    """Wait until the speaker has played this tone for 200 ms; raises AssertionError with what it played."""
    end = time.monotonic() + timeout_s
    while not is_steady(pcm := card.played(200), hertz, rate=card.rate):
        heard = listen(pcm, rate=card.rate)
        assert time.monotonic() < end, f"{hertz} Hz not heard within {timeout_s} s, but {heard}"
        await asyncio.sleep(POLL_S)
    return listen(pcm, rate=card.rate)


async def until_silent(card: SimCard, *, dbfs: float = SILENCE_DBFS, timeout_s: float = 10.0) -> None:
    """Wait until the speaker has played nothing above `dbfs` for 200 ms; raises AssertionError."""
    await until(lambda: hear(card).dbfs <= dbfs, what="silence", timeout_s=timeout_s)


async def mouth_to_ear_ms(mouth: SimCard, ear: SimCard, *, within_ms: int = 1000) -> float | None:
    """Say a chirp into one card and find it in what the other's speaker plays; None: it did not arrive.

    Hushes the microphone.  Exact to the sample, whatever the cards' rates and clocks.
    """
    mouth.hush()
    said_at = mouth.now() + mouth.rate // 20
    said_ns = mouth.moment_ns(said_at)
    mouth.say(_chirp(mouth.rate), at=said_at)
    first = ear.time_at(said_ns)
    samples = ear.rate * (within_ms + CHIRP_MS) // 1000
    await until(lambda: ear.now() > first + samples, what="the end of the recording", timeout_s=within_ms / 1000 + 5)
    mouth.hush()
    lag = find(_chirp(ear.rate), ear.played_from(first, samples))
    return None if lag is None else (ear.moment_ns(first + lag) - said_ns) / 1e6


def find(pattern: Pcm, pcm: Pcm) -> int | None:
    """Return where in `pcm` the pattern begins, None where nothing there is like it (normalised correlation < 0.5)."""
    p, x = pattern.astype(np.float64), pcm.astype(np.float64)
    size = 1 << (len(p) + len(x)).bit_length()
    match: npt.NDArray[np.float64] = np.fft.irfft(np.fft.rfft(x, size) * np.conj(np.fft.rfft(p, size)), size)
    match = match[: len(x) - len(p) + 1]
    lag = int(np.argmax(np.abs(match)))
    energy = float(np.sum(p**2) * np.sum(x[lag : lag + len(p)] ** 2))
    return lag if energy and abs(match[lag]) >= 0.5 * np.sqrt(energy) else None


def _chirp(rate: int) -> Pcm:
    """Rise from 400 to 3400 Hz: within what every codec carries."""
    t = np.arange(rate * CHIRP_MS // 1000) / rate
    span = CHIRP_MS / 1000
    sweep = np.sin(2 * np.pi * (400 * t + (3400 - 400) / (2 * span) * t**2))
    return np.rint(16000 * np.hanning(len(t)) * sweep).astype(np.int16)
