"""Everything that can happen to a station."""

from dataclasses import dataclass

from intercom.audio.events import AudioChanged
from intercom.call.connection import Connection
from intercom.door.events import DoorEvent
from intercom.panel.events import PanelEvent


@dataclass(frozen=True, slots=True)
class CallEnded:
    """A call is over; its `ended` tells how."""

    connection: Connection


@dataclass(frozen=True, slots=True)
class Changed:
    """A call, the registration or a part moved on; what it is now stands in the status."""


StationEvent = PanelEvent | DoorEvent | AudioChanged | CallEnded | Changed
