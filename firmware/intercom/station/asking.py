"""The door button of a station that is in a call with a gate: what it asks, and what it shows of the answer."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum, auto
from functools import partial
from typing import Any

from intercom.call.connection import Connection
from intercom.call.machine import CallState
from intercom.errors import ConflictError
from intercom.station import doormail
from intercom.station.actions import REFUSALS, Action
from intercom.station.doormail import Mail, Result, Told
from intercom.station.view import Sign

PATIENCE_S = 4.0
SHOWN_S = 4.0

NO_ANSWER = "The other end did not answer: a browser or a telephone has no door."
ENDED = "The call ended before the other end answered."
TWICE = "The door was asked for already, and the answer is on its way."
AWAY = "The exchange is away at the moment, and a door that opens when it is back may open for anybody."
NOT_OURS = "This exchange does not tell a gate who asks, so no door opens through it."

logger = logging.getLogger(__name__)


class Step(StrEnum):
    """How far a wish for an open door is."""

    ASKING = auto()
    OPENED = auto()
    REFUSED = auto()
    FAILED = auto()


SIGNS = {
    Step.ASKING: Sign.DOOR_ASKED,
    Step.OPENED: Sign.DOOR_GRANTED,
    Step.REFUSED: Sign.DOOR_REFUSED,
    Step.FAILED: Sign.DOOR_REFUSED,
}
STEPS = {Result.OPENED: Step.OPENED, Result.REFUSED: Step.REFUSED, Result.FAILED: Step.FAILED}


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is shown until then; `request` is the message of `connection` whose answer is waited for."""

    step: Step
    until: float
    why: str = ""
    connection: Connection | None = None
    request: str = ""


class Asking:
    """One question at a time; what came of it is shown for SHOWN_S.  `changed` is called when there is news.

    `is_exchange_ours`: whether it is an intercom's own, which tells a gate for sure who asks.
    """

    def __init__(self, changed: Callable[[], None], *, clock: Callable[[], float], is_exchange_ours: bool) -> None:
        self._changed, self._clock, self._is_exchange_ours = changed, clock, is_exchange_ours
        self._shown: _Shown | None = None

    @property
    def sign(self) -> Sign | None:
        """What is shown over the state."""
        return SIGNS[self._shown.step] if self._shown else None

    def status(self) -> dict[str, Any] | None:
        """Return what is shown, as the status tells it; None: nothing."""
        return {"step": self._shown.step, "why": self._shown.why} if self._shown else None

    def ask(self, connection: Connection | None, *, is_linked: bool) -> None:
        """Ask the other end of this call to open its door; raises ConflictError where that makes no sense now.

        `is_linked`: it goes out at once; what waits for an exchange to come back would open a door that nobody watches.
        """
        if connection is None:
            raise ConflictError(REFUSALS[Action.ASK_DOOR])
        if not self._is_exchange_ours:
            raise ConflictError(NOT_OURS)
        if not is_linked:
            raise ConflictError(AWAY)
        if self._shown and self._shown.step is Step.ASKING:
            raise ConflictError(TWICE)
        request = connection.send_message({"open": True}, messagetype=doormail.TYPE)
        logger.info("call %s: asked the other end to open its door", connection.sid)
        self._shown = _Shown(Step.ASKING, self._clock() + PATIENCE_S, connection=connection, request=request)
        self._changed()

    def follow(self, connection: Connection) -> None:
        """Hear in this call what is answered."""
        connection.on("message", partial(self._answered, connection))
        connection.on("message-refused", self._refused)
        connection.on("state", partial(self._moved, connection))

    def show(self, told: Told) -> None:
        """Show what came of a wish, in place of what is shown."""
        self._shown = _Shown(STEPS[told.result], self._clock() + SHOWN_S, doormail.sentence(told.why))
        self._changed()

    def due(self) -> float | None:
        """When `tick` has something to do."""
        return self._shown.until if self._shown else None

    def tick(self, now: float) -> None:
        """Wait no longer for an answer; show one no longer."""
        if self._shown is None or now < self._shown.until:
            return
        if self._shown.connection:
            self._settle(self._shown.connection, Told(Result.FAILED, NO_ANSWER))
        else:
            self._shown = None

    def _answered(self, connection: Connection, message: Mail) -> None:
        told = doormail.read(message.content) if message.messagetype == doormail.TYPE else None
        if isinstance(told, Told) and self._waits_for(told.request):
            self._settle(connection, told)

    def _refused(self, request: str, why: str) -> None:
        if self._shown and self._shown.connection and self._waits_for(request):
            self._settle(self._shown.connection, Told(Result.FAILED, why))

    def _moved(self, connection: Connection, state: CallState) -> None:
        if state is CallState.CLOSED and self._shown and self._shown.connection is connection:
            self._settle(connection, Told(Result.FAILED, ENDED))

    def _waits_for(self, request: str) -> bool:
        return self._shown is not None and self._shown.step is Step.ASKING and self._shown.request == request

    def _settle(self, connection: Connection, told: Told) -> None:
        why = doormail.sentence(told.why)
        logger.info("call %s: the door of the other end: %s%s", connection.sid, told.result, why and f": {why}")
        self.show(told)
