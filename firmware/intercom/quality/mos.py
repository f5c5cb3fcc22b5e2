"""Mean opinion score, as the Voice JS SDK v1 computes it from round trip, jitter and loss."""

import math

HIGHEST = 4.6


def mos(rtt_ms: float | None, jitter_ms: float | None, loss_percent: float | None) -> float | None:
    """Return the score, 1.0 to 4.6; None where a figure is missing or the formula leaves that range.

    Two leaps are the reference's, and its warnings count on them: up at 1000 ms of delay, and up where the loss
    exceeds 1/2.5 of the rating (about 37 % on a good link; from about 34 % to there it is None).
    """
    if rtt_ms is None or jitter_ms is None or loss_percent is None:
        return None
    if not all(math.isfinite(each) and each >= 0 for each in (rtt_ms, jitter_ms, loss_percent)):
        return None
    rating = _rating(rtt_ms + 2 * jitter_ms + 10)
    rating -= loss_percent * _weight(loss_percent, rating)
    score = 1 + 0.035 * rating + 0.000007 * rating * (rating - 60) * (100 - rating)
    return score if 1 <= score < HIGHEST else None


def _rating(delay_ms: float) -> float:
    if delay_ms < 160:
        return 94.768 - delay_ms / 40
    if delay_ms < 1000:
        return 94.768 - (delay_ms - 120) / 10
    return 94.768 - delay_ms / 100


def _weight(loss_percent: float, rating: float) -> float:
    if loss_percent <= rating / 2.5:
        return 2.5
    return 0.25 if loss_percent < 100 else 0.01
