"""What signalling tells the rest: values only."""

from enum import StrEnum, auto


class StreamState(StrEnum):
    """The signalling channel as the calls see it (Voice JS SDK v1, PStream status).

    `disconnected`: no socket, or its token not taken yet; `connected`: calls can be placed; `ready`: registered, calls
    come; `offline`: connected, but not registered any more.
    """

    DISCONNECTED = auto()
    CONNECTED = auto()
    READY = auto()
    OFFLINE = auto()
