"""What befell the small station before, told by the real sentences, and what can be tried there."""

from datetime import datetime
from typing import Any

from intercom.call.events import Ending
from intercom.console.annalist import Annalist
from intercom.console.timekeeper import Timekeeper
from intercom.console.tryout import Tryout
from intercom.errors import RefusedError, UsageError
from intercom.quality.tally import Heard
from intercom.story import telling
from intercom.story.record import CUT, NEVER, DoorTold, Outage, Ring, Route, Story, Warned

AT = "2026-11-23 07:51:12+01:00"
HEARD = Heard(
    seconds=42, mos=4.21, lowest_mos=2.84, loss_percent=0.4, loss_there_percent=1.2, jitter_ms=3.1,
    worst_jitter_ms=41.0, rtt_ms=12.0, worst_rtt_ms=30.0, mouth_to_ear_ms=131.0, concealed_percent=0.5,
)  # fmt: skip
STORIES = (
    Story(n=1, at=0.0, direction="outgoing", peer="web", how=NEVER, message="The exchange is away.", times=3),
    Story(
        n=2, at=0.0, direction="outgoing", peer="anna", hand="the answer button", rang_s=0.4, how=Ending.FAILED,
        code=31486, message="The line was busy.",
    ),
    Story(
        n=3, at=0.0, direction="incoming", peer="gate", sid="CA3", ring=Ring.ALOUD, answered_s=4.2,
        answered_by="the answer button", lasted_s=42.3, how=Ending.HUNG_UP_BY_FAR_END, codec="opus",
        route=Route("host", "host", "192.168.1.5", "192.168.1.9"), heard=HEARD,
        warnings=(Warned("high-jitter", 2, 11.0),), outages=(Outage(12.0, 3.6),),
        doors=(DoorTold(20.0, "refused", "Nobody lets this station open the door."),),
    ),
    Story(n=4, at=0.0, direction="incoming", peer="web", sid="CA4", ring=Ring.HUSHED, how=Ending.CANCELLED),
    Story(n=5, at=0.0, direction="outgoing", peer="web", answered_s=2.0, lasted_s=7.0, how=CUT),
)  # fmt: skip
REFUSED = {"at": AT, "who": "gate", "how": "code", "what": "asked", "allowed": False, "why": "no such code"}


class SmallPast:
    """Fulfils `Annalist`."""

    def calls(self, count: int) -> dict[str, Any]:
        return {"calls": [telling.shown(story, at=AT) for story in STORIES[: -count - 1 : -1]]}

    async def why(self, n: int | None) -> dict[str, Any]:
        story = next((story for story in reversed(STORIES) if n in {None, story.n}), None)
        if story is None:
            raise UsageError("There is no such call.", "See `calls`.")
        doors = [REFUSED] if story.n == 3 else []
        return {**telling.shown(story, at=AT), "sentences": [*telling.sentences(story, at=AT), *telling.at_door(doors)]}


class SmallTryout:
    """Fulfils `Tryout`; there is no call."""

    async def speaker(self) -> dict[str, Any]:
        return {"told": ["Three tones went to PCM default at 60 %."]}

    async def microphone(self) -> dict[str, Any]:
        raise RefusedError("Privacy is on, so nothing listens.", "It is switched off at the panel.")

    def door(self) -> dict[str, Any]:
        return {"lock": "locked", "told": ["The lock is fail-secure, at GPIO 26, and locked now."]}


class SmallClock:
    """Fulfils `Timekeeper`; the network is asked and does not answer."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 7, 51, 12)

    async def time(self) -> dict[str, Any]:
        return {"now": self.at.isoformat(), "zone": "Europe/Berlin", "ntp": True, "synchronised": False}

    async def set_time(self, to: datetime) -> dict[str, Any]:
        self.at = to
        return await self.time()


def fits() -> tuple[Annalist, Tryout, Timekeeper]:
    """Let mypy see that they are."""
    return SmallPast(), SmallTryout(), SmallClock()
