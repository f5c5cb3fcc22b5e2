"""A voice that reads."""

import io
import subprocess
import wave
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.signal import resample_poly

RATE = 48_000
WITHIN_S = 60


@cache
def spoken(text: str, voice: str) -> npt.NDArray[np.float64]:
    """Return a text read by one of espeak-ng's voices, at 48 kHz; 32768 is full scale."""
    command = ["espeak-ng", "-v", voice, "--stdout", text]
    said = subprocess.run(command, capture_output=True, check=True, timeout=WITHIN_S).stdout
    with wave.open(io.BytesIO(said)) as sound:
        pcm = np.frombuffer(sound.readframes(sound.getnframes()), "<i2").astype(np.float64)
        return np.asarray(resample_poly(pcm, RATE, sound.getframerate()))
