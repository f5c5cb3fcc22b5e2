"""A gate's side of its calls: who asks there that its door be opened."""

import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from intercom.call.connection import Connection
from intercom.call.machine import DIALLING, CallState
from intercom.errors import ConflictError
from intercom.station import doormail
from intercom.station.doormail import Mail, Result, Told
from intercom.station.opening import Warden, Wish

MOST_ASKED = 32  # by each of those who are in the call

NO_DOOR = "This station has no door."
NOT_VOUCHED = "Nobody vouches for who asks."
REPEATED = "The same was asked before."
TOO_OFTEN = "The door was asked for too often in this call."
RINGS_ELSEWHERE = "The call may ring elsewhere too, and nobody has answered it."

Known = defaultdict[str, set[str]]  # what each sender has asked in a call

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody asks in a call for the door: what decides whether it comes before the warden.

    `sender` is who that is, as an exchange has written it; only our own writes there whom it has verified.
    """

    sender: str
    has_door: bool = True
    is_exchange_ours: bool = True
    is_repeated: bool = False
    is_too_often: bool = False
    may_ring_elsewhere: bool = False


def objection(asked: Asked) -> str:
    """Return why it does not come before the warden; empty: it does."""
    reasons = (
        (not asked.has_door, NO_DOOR),
        (not asked.is_exchange_ours or not asked.sender, NOT_VOUCHED),
        (asked.is_repeated, REPEATED),
        (asked.is_too_often, TOO_OFTEN),
        (asked.may_ring_elsewhere, RINGS_ELSEWHERE),
    )
    return next((why for holds, why in reasons if holds), "")


class Gate:
    """Answers what is asked in calls, and ends a call of ours that rings when the door has been opened for it.

    `wish` has a wish seen to; `identity` is this station's own, `is_exchange_ours` whether its exchange is an
    intercom's.
    """

    def __init__(
        self, warden: Warden, wish: Callable[[Wish], None], *, has_door: bool, identity: str, is_exchange_ours: bool
    ) -> None:
        self._warden, self._wish = warden, wish
        self._has_door, self._address, self._is_exchange_ours = has_door, f"client:{identity}", is_exchange_ours
        self._let_in: Connection | None = None

    def follow(self, connection: Connection) -> None:
        """Hear what is asked in this call."""
        connection.on("message", partial(self._hear, connection, Known(set)))

    def has_let_in(self, connection: Connection) -> bool:
        """Whether this call rang, and is over because the door was opened for it."""
        return connection is self._let_in

    def _hear(self, connection: Connection, known: Known, message: Mail) -> None:
        if message.messagetype != doormail.TYPE:
            return
        match doormail.read(message.content):
            case None:
                logger.warning("call %s: a message about a door that says nothing", connection.sid)
            case doormail.Ask():
                self._asked(connection, known[message.sender], message)

    def _asked(self, connection: Connection, known: set[str], message: Mail) -> None:
        is_repeated = message.voiceeventsid in known
        is_too_often = len(known) >= MOST_ASKED
        if len(known) > MOST_ASKED:
            return  # it was told that before
        known.add(message.voiceeventsid)
        asked = Asked(
            message.sender,
            has_door=self._has_door,
            is_exchange_ours=self._is_exchange_ours,
            is_repeated=is_repeated,
            is_too_often=is_too_often,
            may_ring_elsewhere=connection.status() is CallState.PENDING
            and connection.parameters.get("To") != self._address,
        )
        tell = partial(self._tell, connection, message.voiceeventsid)
        if not (why := objection(asked)):
            judge = partial(self._warden.ask, message.sender, call=connection.sid)
            self._wish(Wish(judge, is_meant=lambda: connection.status() is not CallState.CLOSED, tell=tell))
            return
        logger.warning("call %s: the door stays shut: %s", connection.sid, why)
        if not is_repeated:  # the first of them gets its answer
            tell(Told(Result.REFUSED, why))

    def _tell(self, connection: Connection, request: str, told: Told) -> None:
        said = {"result": told.result, "why": told.why, "request": request}
        is_ringing = connection.direction == "OUTGOING" and connection.status() in DIALLING
        try:
            connection.send_message(said, messagetype=doormail.TYPE)
        except ConflictError as error:
            logger.info("call %s: nobody hears what came of it: %s", connection.sid, error.message)
        if is_ringing and told.result is Result.OPENED:
            self._let_in = connection
            connection.settle()
