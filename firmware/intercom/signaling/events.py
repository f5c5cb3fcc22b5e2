"""What signalling tells the rest: values only."""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class StreamError:
    """What went wrong with the link itself; `error` frames of the exchange are frames (Voice JS SDK v1, Device error).

    | code | twilio_code | when |
    |---|---|---|
    | 31000 | 53001 | the exchange could not be reached, once for each attempt |
    | 31005 | 53000 | a connection that was open broke, or fell silent |
    | 31009 | 31009 | a frame could not be sent; one that makes sense later too goes out with the next connection |
    """

    code: int
    message: str
    twilio_code: int
