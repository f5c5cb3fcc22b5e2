"""How long sound should wait here: the target, how far we are from it, and what to do about it."""

from collections import deque
from typing import Literal

from intercom.audio.frames import RATE
from intercom.rtc.arrival import Arrival
from intercom.rtc.skew import Skew

MARGIN_S = 0.004
CARD_S = 0.25
CUT_S, HURRY_S, HASTE_S = 0.007, 0.025, 0.06  # too much delay: from where periods go, go often, go unlike ones too
REPEAT_S, LATE_S = 0.003, 0.010  # too little delay: from where periods are repeated, unlike ones too
ALIKE = (0.85, 0.5, -1.0)  # how alike two periods must be; the more there is to do, the less
REST_SAMPLES = RATE * 6 // 100
PPM_PER_S, MOST_PPM = 1e5, 900.0

Change = Literal["shrink", "stretch", "keep"]


class Pace:
    """Times are in seconds; `owed_samples` is what was played (of whatever) minus how far the far end's sound got."""

    def __init__(self, skew: Skew, transit_s: float, *, at_s: float) -> None:
        self._skew = skew
        self._arrival = Arrival(transit_s, at_s=at_s)
        self._card: deque[tuple[float, float]] = deque()
        self._pull_s = 0.0
        self._following_s = 0.02
        self._since_samples = 0
        self._due = 0.0

    def arrived(self, transit_s: float, *, at_s: float) -> None:
        """Take a packet's transit."""
        self._arrival.arrived(transit_s, at_s=at_s)
        self._skew.arrived(transit_s)

    def pulled(self, card_s: float, *, at_s: float, samples: int) -> None:
        """Take a pull: `card_s` is when it was minus when it was by the card's clock, its count of samples."""
        self._pull_s = samples / RATE
        self._skew.pulled(card_s, at_s=at_s)
        while self._card and self._card[-1][1] >= card_s:
            self._card.pop()
        self._card.append((at_s, card_s))
        while self._card[0][0] < at_s - CARD_S:
            self._card.popleft()

    def played(self, samples: int, *, is_after_loss: bool) -> None:
        """Take that a packet was played, and whether some before it were not there."""
        self._following_s = samples / RATE
        self._arrival.played(is_after_loss=is_after_loss)

    def tried(self, *, is_repeated: bool) -> None:
        """Take whether a packet repeated the lost one before it."""
        self._arrival.tried(is_repeated=is_repeated)

    def target_samples(self) -> int:
        """Return how many samples we should owe."""
        bound_s = self._arrival.bound_s(self._following_s)
        return round((bound_s + self._pull_s + MARGIN_S - self._card[0][1]) * RATE)

    def excess_s(self, owed_samples: int) -> float:
        """Return by how much sound waits longer here than it should."""
        return (owed_samples - self.target_samples()) / RATE

    def change(self, excess_s: float, *, length: int, likeness: float, is_quiet: bool) -> Change:
        """Return what to do with a sound whose periods are of that length and likeness."""
        if excess_s >= max(CUT_S, length / RATE):
            urgency = (excess_s > HURRY_S) + (excess_s > HASTE_S)
            is_time = urgency > 0 or self._since_samples >= REST_SAMPLES
            if is_time and (is_quiet or likeness > ALIKE[urgency]):
                self._since_samples = 0
                return "shrink"
        elif excess_s <= -REPEAT_S and (is_quiet or excess_s < -LATE_S or likeness > ALIKE[1]):
            return "stretch"
        return "keep"

    def nudge(self, excess_s: float, *, samples: int) -> int:
        """Return by how many samples, -1 to 1, to make a sound longer so that clocks and delay keep together."""
        self._since_samples += samples
        ppm = self._skew.ppm + excess_s * PPM_PER_S
        self._due -= min(MOST_PPM, max(-MOST_PPM, ppm)) * 1e-6 * samples
        step = max(-1, min(1, int(self._due)))
        self._due -= step
        return step


def is_off(excess_s: float) -> bool:
    """Whether the delay is so far from its target that a change by a period may be due."""
    return not -REPEAT_S < excess_s < CUT_S
