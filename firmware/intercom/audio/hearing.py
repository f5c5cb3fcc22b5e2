"""What two seconds of a microphone tell of it.  Pure."""

from dataclasses import dataclass

import numpy as np

from intercom.audio.chirp import CLIPPED, FLOOR_DBFS, FULL_SCALE
from intercom.audio.frames import FRAME_SAMPLES

CLIPPED_SHARE = 1e-4
SOME_NOISE_DBFS, MUCH_NOISE_DBFS = -55.0, -40.0
FAINT_DBFS = -70.0
QUIETEST_PERCENT = 10  # of the frames: what is heard when nobody speaks

MUTED = "Choose the card in `alsamixer` (F6), and see under F4 that capturing is switched on and turned up."
QUIETER = "Turn the microphone down in `alsamixer` (F4)."
HUM = "Look for hum (supply, cable, ground) or turn the microphone down."
LESS_NOISE = "`audio.noise = true` takes steady noise out."
LOUDER = "Speak while it listens; if you did, turn the microphone up in `alsamixer` (F4)."


@dataclass(frozen=True, slots=True)
class Hearing:
    """Levels are RMS, in dB below a full-scale square wave; `peak_dbfs` is that of the loudest sample."""

    level_dbfs: float
    peak_dbfs: float
    noise_dbfs: float
    clipped_share: float
    is_dead: bool


def hear(recording: bytes) -> Hearing:
    """Measure a recording (mono S16LE, 48 kHz) of at least one frame."""
    sound = np.frombuffer(recording, np.int16) / (FULL_SCALE + 1)
    frames = sound[: len(sound) - len(sound) % FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
    quiet = float(np.percentile(np.mean(frames**2, axis=1), QUIETEST_PERCENT))
    loudest = float(np.max(np.abs(sound)))
    return Hearing(
        level_dbfs=_decibels(float(np.mean(sound**2))),
        peak_dbfs=_decibels(loudest**2),
        noise_dbfs=_decibels(quiet),
        clipped_share=float(np.mean(np.abs(sound) >= CLIPPED / (FULL_SCALE + 1))),
        is_dead=loudest == 0.0,
    )


def in_words(heard: Hearing) -> list[str]:
    """Say what that means, and what to do."""
    if heard.is_dead:
        return [f"The microphone gives nothing but zeros. {MUTED}"]
    told = [
        f"The microphone heard {heard.level_dbfs:.0f} dBFS, {heard.peak_dbfs:.0f} dBFS at the loudest, "
        f"{heard.noise_dbfs:.0f} dBFS at the quietest."
    ]
    if heard.clipped_share > CLIPPED_SHARE:
        share = f"{heard.clipped_share * 1000:.1f} in a thousand samples"
        told.append(f"Its sound is cut off at its loudest ({share}). {QUIETER}")
    if heard.noise_dbfs > MUCH_NOISE_DBFS:
        told.append(f"It is never quiet: that is much noise, or somebody spoke all the time. {HUM}")
    elif heard.noise_dbfs > SOME_NOISE_DBFS:
        told.append(f"There is some noise. {LESS_NOISE}")
    if heard.level_dbfs < FAINT_DBFS:
        told.append(f"That is very faint. {LOUDER}")
    return told


def _decibels(power: float) -> float:
    return max(FLOOR_DBFS, 10 * float(np.log10(power))) if power > 0 else FLOOR_DBFS
