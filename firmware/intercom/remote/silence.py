"""Why nobody answers at a line, as far as what was heard instead tells.  Pure."""

import re
from collections.abc import Callable
from typing import NamedTuple

from intercom.console.noise import is_noise
from intercom.errors import NoAnswerError

_LOGIN = re.compile(rb"(login|password):\s*$", re.IGNORECASE)
_OWN_FRAME = re.compile(rb"@[0-9A-Za-z]{1,16} hello ")


class Sign(NamedTuple):
    """What may be heard, what it means, and the next step."""

    is_heard: Callable[[bytes], bool]
    what: str
    hint: str


SIGNS = (
    Sign(
        lambda heard: not heard,
        "nobody answers.",
        "See that the station is on, that its console.port names this line, that RX and TX are crossed, and that its "
        "console.baud is the same (--baud).",
    ),
    Sign(
        lambda heard: _OWN_FRAME.search(heard) is not None,
        "what is sent comes back.",
        "See that RX and TX do not touch, and that a station is at the other end of the cable.",
    ),
    Sign(
        lambda heard: _LOGIN.search(heard) is not None,
        "a login prompt answers, and no intercom.",
        "On the station, `sudo systemctl mask --now serial-getty@PORT` ends it, PORT as ttyAMA0.",
    ),
    Sign(is_noise, "noise is heard, such as another speed makes.", "Try --baud with 9600, 57600 or what it is set to."),
    Sign(lambda _: True, "what answers is no intercom.", "`picocom` shows what it is; see to the cable."),
)


def silence(heard: bytes, *, port: str, baud: int) -> NoAnswerError:
    """The error for a line on which, in place of an answer, these bytes came."""
    sign = next(sign for sign in SIGNS if sign.is_heard(heard))
    return NoAnswerError(f"At {port}, {baud} baud, {sign.what}", sign.hint)
