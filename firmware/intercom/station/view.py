"""The facts that light, tone and buttons follow from; values only."""

from dataclasses import dataclass
from enum import StrEnum, auto


class Shows(StrEnum):
    """What the station shows."""

    OFFLINE = auto()
    IDLE = auto()
    PENDING = auto()
    CONNECTING = auto()
    RINGING = auto()
    OPEN = auto()
    LAST_MINUTE = auto()
    RECONNECTING = auto()
    ENDED = auto()
    ENDED_QUIETLY = auto()
    FAILED = auto()
    BUSY = auto()
    NO_ANSWER = auto()
    NOT_CONNECTED = auto()
    NOT_CONFIGURED = auto()


class Sign(StrEnum):
    """What is shown over the state, while it is true; the values of those in `rules.SIGNS` are names of OVERLAYS.

    `announced`, a call is about to be answered by itself, and `hushed`, one rings without a sound, are heard alone.
    """

    MUTED = "muted"
    LINK_LOST = "link-lost"
    POOR_QUALITY = "poor-quality"
    PRIVATE = "private"
    DO_NOT_DISTURB = "do-not-disturb"
    MISSED = "missed"
    LAST_MINUTE = "last-minute"
    ANNOUNCED = "announced"
    HUSHED = "hushed"
    DOOR_OPEN = "door-open"
    DOOR_ASKED = "door-asked"
    DOOR_GRANTED = "door-granted"
    DOOR_REFUSED = "door-refused"
    DOOR_HELD = "door-held"
    TAMPERED = "tampered"


CALLING = {Shows.CONNECTING, Shows.RINGING}
IN_CALL = CALLING | {Shows.OPEN, Shows.LAST_MINUTE, Shows.RECONNECTING}
AT_REST = {
    Shows.IDLE, Shows.ENDED, Shows.ENDED_QUIETLY, Shows.FAILED, Shows.BUSY, Shows.NO_ANSWER, Shows.NOT_CONFIGURED,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class View:
    """What the station is now, as far as people see, hear or press it."""

    shows: Shows
    signs: frozenset[Sign] = frozenset()
    has_early_media: bool = False

    @property
    def is_muted(self) -> bool:
        """Whether the far end hears nothing of us."""
        return Sign.MUTED in self.signs
