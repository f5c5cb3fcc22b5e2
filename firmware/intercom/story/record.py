"""What is kept of a call: values only, as they stand in the file; times are seconds since the call began."""

from enum import StrEnum, auto

from msgspec import Struct

from intercom.quality.tally import Heard

MOST = 20  # of what there may be any number of in a call


class Ring(StrEnum):
    """What was heard here of a call that came."""

    ALOUD = auto()
    HUSHED = auto()
    UNHEARD = auto()


NEVER = "never"  # how a call ended that could not even be begun
CUT = "cut"  # and one during which the station was killed or lost its power


class Route(Struct, frozen=True):
    """Between which candidates the voice travelled: their types (RFC 8445: host, srflx, prflx, relay) and addresses."""

    ours: str
    theirs: str
    our_address: str
    their_address: str


class Warned(Struct, frozen=True):
    """A warning of the call's quality: how often it was raised, and for how long it held in all."""

    name: str
    times: int
    lasted_s: float


class Outage(Struct, frozen=True):
    """The far end was not heard; `lasted_s` None: until the call's end."""

    at_s: float
    lasted_s: float | None = None


class DoorTold(Struct, frozen=True):
    """What the far end answered when its door was asked for: `opened`, `refused` or `failed`, and why."""

    at_s: float
    result: str
    why: str = ""


class Story(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One call: `n` is its number, `at` when it began by the wall's clock.

    `hand`, `answered_by`, `ended_by`: who placed, answered and ended it here, as far as that is known.  `how` is a
    `call.events.Ending`, NEVER or CUT; empty: it is under way.  `times`: how often NEVER befell in a row.
    """

    n: int
    at: float
    direction: str
    peer: str = ""
    sid: str = ""
    hand: str = ""
    ring: Ring | None = None
    rang_s: float | None = None  # when the far end was found to ring
    answered_s: float | None = None
    answered_by: str = ""
    lasted_s: float | None = None  # since both ends had agreed; None: they never did
    how: str = ""
    code: int = 0
    message: str = ""
    ended_by: str = ""
    codec: str = ""
    route: Route | None = None
    heard: Heard | None = None
    warnings: tuple[Warned, ...] = ()
    outages: tuple[Outage, ...] = ()
    doors: tuple[DoorTold, ...] = ()
    times: int = 1

    @property
    def is_incoming(self) -> bool:
        """Whether somebody called us."""
        return self.direction == "incoming"
