"""How long a call's sound is on its way, and what it went through: beyond the seed's figures.  Pure."""

from math import gcd

from intercom.audio.frames import RATE
from intercom.quality.sample import Figures
from intercom.rtc.playout import Playout


def figures(playout: Playout, *, mouth_to_ear_ms: float | None, loss: float | None) -> Figures:
    """Return the figures of this moment."""
    counted = playout.counters
    return Figures(
        concealed_fraction=playout.concealed_fraction,
        playout_delay=playout.wait_ms,
        mouth_to_ear=mouth_to_ear_ms,
        concealed_ms=_ms(counted.concealed_samples),
        recovered_ms=_ms(counted.recovered_samples),
        stretched_ms=_ms(counted.stretched_samples + counted.inserted_samples),
        shrunk_ms=_ms(counted.shrunk_samples + counted.removed_samples),
        dropped_ms=_ms(counted.dropped_samples),
        late=counted.packets_late,
        resets=counted.resets,
        skew_ppm=playout.skew_ppm,
        loss_there=loss,
    )


def mouth_to_ear_ms(
    *, period_ms: float, packet_ms: int, look_ahead_ms: float, rtt_ms: float, wait_ms: float, queued_ms: float
) -> float:
    """Return the estimate for the far end's voice, if that end is as ours.

    A packet leaves with the end of a period of the microphone: at once, where whole periods make it up, else half a
    period later on the average, less half of what both have in common.
    """
    period, packet = round(period_ms * RATE / 1000), packet_ms * RATE // 1000
    late_ms = _ms(period - gcd(period, packet)) / 2 if period else 0.0
    return packet_ms + late_ms + look_ahead_ms + rtt_ms / 2 + wait_ms + queued_ms


def _ms(samples: int) -> float:
    return samples * 1000 / RATE
