"""A ringtone of one's own: a WAV file, made into what the speaker plays.

It is read once, whole, by whoever has the time: never by an audio thread.
"""

import io
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from intercom.audio.frames import RATE, SAMPLE_BYTES, silence
from intercom.errors import AudioError

MOST_S = 30
MOST_BYTES = 10_000_000  # 30 s of stereo, 24 bits, 48 kHz and a little
RATES = range(4_000, 192_001)
PAUSE_MS = 1500  # between one round and the next
NO_PCM = "The ringtone is no WAV file with plain PCM in it."
RAMP_SAMPLES = RATE * 5 // 1000

_EXTENSIBLE = (0xFFFE).to_bytes(2, "little")  # the tag of WAVE_FORMAT_EXTENSIBLE, which Python 3.11 refuses
_TAG_AT, _INNER_TAG_AT = 8, 32  # from where the `fmt ` chunk begins


@dataclass(frozen=True, slots=True)
class Ringtone:
    """`pcm` is one round with its pause; empty: the built-in one rings, `why` not that of the file."""

    file: str = ""
    pcm: bytes = b""
    why: str = ""

    def status(self) -> dict[str, Any]:
        """Return what `intercom status` shows."""
        return {"state": "as set" if self.pcm else "built-in", "file": self.file, "why": self.why}


def load(path: str) -> Ringtone:
    """Return the ringtone of a WAV file, the built-in one for an empty path; raises nothing: `why` tells.

    At most its first 30 s, and of a large file the first 10 MB.
    """
    if not path:
        return Ringtone()
    try:
        return Ringtone(path, _round(_content(Path(path))))
    except AudioError as error:
        return Ringtone(path, why=str(error))
    except OSError as error:
        return Ringtone(path, why=f"The ringtone can't be read: {error.strerror}.")


def _content(path: Path) -> bytes:
    if path.exists() and not path.is_file():  # a pipe would be waited for
        raise AudioError("The ringtone is no file.")
    with path.open("rb") as file:
        return file.read(MOST_BYTES)


def _round(content: bytes) -> bytes:
    try:
        with wave.open(io.BytesIO(_plain(content))) as file:
            rate, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
            frames = file.readframes(rate * MOST_S)
    except (wave.Error, EOFError, RuntimeError) as error:
        raise AudioError(
            "The ringtone is no WAV file with plain PCM in it.", "`sox FILE ringtone.wav` makes one."
        ) from error
    if rate not in RATES:
        raise AudioError(f"The ringtone's sample rate is not within {RATES[0]} to {RATES[-1]} Hz.")
    samples = _resampled(_mono(frames, channels=channels, width=width), rate)
    if not samples.any():
        raise AudioError("There is no sound in the ringtone.")
    return _ramped(samples).astype(np.int16).tobytes() + silence(RATE * PAUSE_MS // 1000)


def _plain(content: bytes) -> bytes:
    """Return the file with PCM's own tag where it is told the long way round."""
    at = content.find(b"fmt ", 12)
    if at < 0 or content[at + _TAG_AT : at + _TAG_AT + 2] != _EXTENSIBLE:
        return content
    inner = content[at + _INNER_TAG_AT : at + _INNER_TAG_AT + 2]
    return content[: at + _TAG_AT] + inner + content[at + _TAG_AT + 2 :]


def _mono(frames: bytes, *, channels: int, width: int) -> npt.NDArray[np.float64]:
    """Return the mean of all channels; of 24 and 32 bits the upper 16 do."""
    whole = np.frombuffer(frames, np.uint8)[: len(frames) // (channels * width) * channels * width]
    if width == 1:
        samples = (whole.astype(np.int16) - 128) * 256
    else:
        upper = whole.reshape(-1, width)[:, width - SAMPLE_BYTES :]
        samples = np.ascontiguousarray(upper).view("<i2")
    return np.asarray(samples.reshape(-1, channels).mean(axis=1, dtype=np.float64))


def _resampled(samples: npt.NDArray[np.float64], rate: int) -> npt.NDArray[np.float64]:
    """Return them at 48 kHz, by way of their spectrum: exact, and at once for the whole of it."""
    if rate == RATE or not len(samples):
        return samples
    seconds = len(samples) // rate + 2  # whole seconds keep the transform fast, silent ones its ends apart
    spectrum = np.fft.rfft(samples, seconds * rate)[: seconds * min(rate, RATE) // 2 + 1]
    sound = np.fft.irfft(spectrum, seconds * RATE) * (RATE / rate)
    return np.asarray(sound[: len(samples) * RATE // rate])


def _ramped(samples: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return them within 16 bits, without a click at either end."""
    ramp = np.minimum(np.arange(len(samples)) / RAMP_SAMPLES, 1.0)
    return np.clip(samples, -32768, 32767) * ramp * ramp[::-1]
