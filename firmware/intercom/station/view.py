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
    RECONNECTING = auto()
    ENDED = auto()
    ENDED_QUIETLY = auto()
    FAILED = auto()
    BUSY = auto()
    NOT_CONNECTED = auto()
    NOT_CONFIGURED = auto()


class Sign(StrEnum):
    """What is shown over the state, while it is true; the values are names of `panel.patterns.OVERLAYS`."""

    MUTED = "muted"
    LINK_LOST = "link-lost"
    POOR_QUALITY = "poor-quality"


IN_CALL = {Shows.CONNECTING, Shows.RINGING, Shows.OPEN, Shows.RECONNECTING}
AT_REST = {Shows.IDLE, Shows.ENDED, Shows.ENDED_QUIETLY, Shows.FAILED, Shows.BUSY, Shows.NOT_CONFIGURED}


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
