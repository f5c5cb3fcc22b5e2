"""What a call's sound went through, beyond the seed's figures."""

from intercom.audio.frames import FRAME_MS
from intercom.quality.sample import Figures
from intercom.rtc.pool import Pool

LOOK_AHEAD_MS = {"opus": 6.5, "PCMU": 2.0}  # libopus; the filter of our way down to 8 kHz


def figures(
    playout: Pool,
    *,
    transit_ms: float | None,
    codec: str | None,
    rtt_ms: float | None,
    delays_ms: tuple[float, float],
) -> Figures:
    """Return the figures of this moment; `delays_ms` as `Voice.delays_ms`, `transit_ms` of aiortc's own buffer."""
    period_ms, queued_ms = delays_ms
    playout_ms = None if transit_ms is None or playout.wait_ms is None else transit_ms + playout.wait_ms
    mouth_to_ear_ms = None
    if playout_ms is not None and rtt_ms is not None:
        said_ms = period_ms + FRAME_MS + LOOK_AHEAD_MS.get(codec or "", 0.0)
        mouth_to_ear_ms = said_ms + rtt_ms / 2 + playout_ms + queued_ms
    return Figures(
        concealed_fraction=playout.concealed_fraction, playout_delay=playout_ms, mouth_to_ear=mouth_to_ear_ms
    )
