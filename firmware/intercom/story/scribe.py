"""Writes down one call as it happens."""

from collections.abc import Callable
from typing import Any

from intercom.call.connection import Connection
from intercom.call.events import End, Ending
from intercom.call.machine import CallState
from intercom.quality.report import Report
from intercom.quality.tally import Tally
from intercom.story.hand import whose
from intercom.story.record import MOST, DoorTold, Outage, Ring, Route, Story
from intercom.story.warned import Warnings

CLIENT = "client:"
MOST_OF_A_NAME, MOST_OF_A_SENTENCE = 128, 300  # letters
SELECTED = "selected-ice-candidate-pair"
BY_HAND = {Ending.HUNG_UP, Ending.REJECTED, Ending.IGNORED}


class Scribe:
    """Listens to its call from the beginning to the end; `clock` is a steady one, `at` the wall's at the beginning.

    `ring` is asked what was heard of a call that came, when it rings no longer.  `changed` is called when the call has
    opened, and when it is over.
    """

    def __init__(
        self,
        call: Connection,
        n: int,
        *,
        at: float,
        clock: Callable[[], float],
        ring: Callable[[], Ring],
        changed: Callable[[], None],
    ) -> None:
        self._call, self._n, self._at, self._clock, self._changed = call, n, at, clock, changed
        self._is_incoming = call.direction == "INCOMING"
        self._began, self._hand, self._ask_ring = clock(), whose(), ring
        self._ring: Ring | None = None
        self._rang_s: float | None = None
        self._answered_s: float | None = None
        self._answered_by = self._ended_by = ""
        self._was_open = False
        self._route: Route | None = None
        self._tally, self._warnings = Tally(), Warnings()
        self._outages: list[Outage] = []
        self._doors: list[DoorTold] = []
        call.on("state", self._moved)
        call.on("ringing", self._ringing)
        call.on("sample", lambda sample: self._tally.add(sample, call.quality.figures))
        call.on("warning", lambda name, _: self._warnings.raised(name, self._now_s()))
        call.on("warning-cleared", lambda name, _: self._warnings.cleared(name, self._now_s()))
        call.on("observed", self._observed)

    def door(self, result: str, why: str) -> None:
        """Take what the far end answers when its door was asked for."""
        self._doors = [*self._doors, DoorTold(self._now_s(), result, _plain(why, MOST_OF_A_SENTENCE))][-MOST:]

    def story(self) -> Story:
        """Return what is known of the call until now."""
        call, end = self._call, self._call.ended
        peer = call.parameters.get("From", "") if self._is_incoming else call.custom_parameters.get("To", "")
        return Story(
            n=self._n,
            at=self._at,
            direction=call.direction.lower(),
            peer=_plain(peer.removeprefix(CLIENT), MOST_OF_A_NAME),
            sid=call.sid,
            hand=self._hand,
            ring=self._ring,
            rang_s=self._rang_s,
            answered_s=self._answered_s,
            answered_by=self._answered_by,
            lasted_s=round(call.duration_s, 1) if self._was_open else None,
            codec=call.codec or "",
            route=self._route,
            heard=self._tally.sum(),
            warnings=self._warnings.told(self._now_s()),
            outages=tuple(self._outages),
            doors=tuple(self._doors),
            ended_by=self._ended_by,
            **_end(end),
        )

    def _moved(self, state: CallState) -> None:
        if self._is_incoming and self._ring is None:
            self._ring = self._ask_ring()
        match state:
            case CallState.CONNECTING:  # ours is so before anybody listens
                self._answered_s, self._answered_by = self._now_s(), whose()
            case CallState.OPEN:
                self._opened()
            case CallState.RECONNECTING:
                self._outages = [*self._outages, Outage(self._now_s())][-MOST:]
            case CallState.CLOSED:
                is_by_hand = self._call.ended is not None and self._call.ended.how in BY_HAND
                self._ended_by = whose() if is_by_hand else ""
                self._changed()

    def _opened(self) -> None:
        if self._was_open:
            lost = self._outages.pop()
            self._outages.append(Outage(lost.at_s, round(self._now_s() - lost.at_s, 1)))
            return
        self._was_open = True
        if self._answered_s is None:
            self._answered_s = self._now_s()
        self._changed()

    def _ringing(self, _has_early_media: bool) -> None:
        if self._rang_s is None:
            self._rang_s = self._now_s()

    def _observed(self, told: Report) -> None:
        if told.name == SELECTED:
            self._route = _route(told.payload["local_candidate"], told.payload["remote_candidate"])

    def _now_s(self) -> float:
        return round(self._clock() - self._began, 1)


def _end(end: End | None) -> dict[str, Any]:
    return {"how": end.how, "code": end.code, "message": _plain(end.message, MOST_OF_A_SENTENCE)} if end else {}


def _plain(text: str, most: int) -> str:
    """Return what a far end or an exchange says as a terminal may show it."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())[:most]


def _route(ours: dict[str, Any], theirs: dict[str, Any]) -> Route:
    return Route(ours["candidate_type"], theirs["candidate_type"], ours["ip"], theirs["ip"])
