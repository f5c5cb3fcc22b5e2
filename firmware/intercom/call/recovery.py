"""When a call whose media is lost tries again, whose offer counts, and when it gives up.  Pure: facts and times in."""

from dataclasses import dataclass

WINDOW_S = 30.0
CYCLE_S = 10.0
RETRY_S = 2.0
GLARE_S = 2.0
NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Attempt:
    """Offer the far end a new path."""


@dataclass(frozen=True, slots=True)
class Follow:
    """Answer the far end's offer of a new path; an offer of ours is dropped."""

    offer: str


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The call can't be saved."""


Step = Attempt | Follow | GiveUp


class Recovery:
    """One call's outages; times are seconds of one steady clock (Voice JS SDK v1, ICE restart).

    `lost_at`: since when nothing is heard of the far end.  An attempt has CYCLE_S to bring the media back; then comes
    the next, until WINDOW_S have passed and the last attempt, ours or the far end's, has had its time.

    Where both ends offer at once, the end that was called (`yields`) drops its own offer.  The other holds the far
    end's for GLARE_S and follows it where no answer comes: that far end will not see ours (an official SDK).
    """

    def __init__(self, *, yields: bool) -> None:
        self._yields = yields
        self.lost_at: float | None = None
        self._attempt_at = self._follow_at = NEVER
        self._is_offering = False
        self._held = ""

    @property
    def due(self) -> float:
        """When `step` has something to say."""
        return min(self._attempt_at, self._follow_at)

    def lost(self, now: float) -> None:
        """Nothing is heard of the far end any more."""
        self.lost_at = self._attempt_at = now

    def found(self) -> None:
        """The far end is heard again, by whatever path."""
        self.lost_at = None
        self._attempt_at = NEVER

    def linked(self, now: float) -> None:
        """The exchange is back after an outage: what was said last may have been lost."""
        if self.lost_at is not None:
            self._attempt_at = now

    def may_offer(self) -> bool:
        """Return whether the offer that is ready now is still wanted."""
        return self._is_offering and not (self._held and self._yields)

    def offer_failed(self, now: float) -> None:
        """No offer could be made, as where no network is up."""
        self._is_offering = False
        if self.lost_at is not None:
            self._attempt_at = min(self._attempt_at, now + RETRY_S)

    def answered(self) -> bool:
        """Take the news of an answer; returns whether it is one to an offer of ours that stands."""
        was_offering, self._is_offering = self._is_offering, False
        if was_offering:
            self._held, self._follow_at = "", NEVER
        return was_offering

    def far_end_offers(self, offer: str, now: float) -> None:
        """The far end offers a new path."""
        self._held = offer
        self._follow_at = now + GLARE_S if self._is_offering and not self._yields else now

    def step(self, now: float, *, is_linked: bool) -> Step | None:
        """Return what is to be done now; `is_linked`: the exchange can be reached."""
        if now >= self._follow_at:
            return self._follow(now)
        if self.lost_at is None or now < self._attempt_at:
            return None
        if now >= self.lost_at + WINDOW_S:
            self._attempt_at = NEVER
            return GiveUp()
        self._is_offering = is_linked
        self._attempt_at = now + CYCLE_S if is_linked else self.lost_at + WINDOW_S
        return Attempt() if is_linked else None

    def _follow(self, now: float) -> Follow:
        offer, self._held, self._follow_at = self._held, "", NEVER
        self._is_offering = False
        if self.lost_at is not None:
            self._attempt_at = now + CYCLE_S
        return Follow(offer)
