"""Edges to gestures: what a person meant by a contact that closes, bounces and opens.  Pure: time is an argument.

A press acts at the press edge; where a hold means something too, at the release, or as a hold once the hold time is
over; where a double press does, as late as a second press could still come.  After each accepted edge a contact is
deaf for 30 ms (LOCK_OUT_S), so that a bounce is no second press; where it stands at the end of that time counts.
A button that is found held, at start or after a flood, gives nothing until it was released.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum, auto

from intercom.panel.events import Edge

LOCK_OUT_S = 0.030


class Kind(StrEnum):
    """What was done with a button; TALK_END follows each TALK."""

    PRESS = auto()
    HOLD = auto()
    DOUBLE = auto()
    TALK = auto()
    TALK_END = auto()


@dataclass(frozen=True, slots=True)
class Gesture:
    """One thing that a person meant; `within` is that of the Reach in which it began."""

    kind: Kind
    button: str
    within: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """What a press can become, where its button means more than a press at its edge; with `is_talk` nothing else.

    `steady_s`: a press counts once the contact was closed for so long without a break.  `within` names the
    circumstances that all this holds in.
    """

    within: str = ""
    hold_s: float | None = None
    double_s: float | None = None
    steady_s: float | None = None
    is_talk: bool = False


class Gestures:
    """The gestures of all buttons."""

    def __init__(self) -> None:
        self._contacts: dict[str, _Contact] = {}

    def feed(self, edge: Edge, reach: Reach) -> Gesture | None:
        """Take an edge; `reach` is what a press of this button can become now.

        Call `tick(edge.at)` before, which lets what is due act, and only then decide on the reach.
        """
        contact = self._contacts.setdefault(edge.button, _Contact(edge.button))
        return contact.feed(edge, reach)

    def due(self) -> float | None:
        """When `tick` has something to do next; None: not before another edge."""
        return min((at for contact in self._contacts.values() for at in contact.due()), default=None)

    def tick(self, at: float) -> list[Gesture]:
        """Return what became due until `at`, in the order in which it did."""
        gestures: list[Gesture] = []
        while (now := self.due()) is not None and now <= at:
            for contact in self._contacts.values():
                if now in contact.due():
                    gesture = contact.pass_time(now)
                    gestures += [gesture] if gesture else []
        return gestures

    def forget(self, button: str) -> Gesture | None:
        """Begin anew with a button, as if it were held at start; return the end of its talk if it is talked by."""
        contact = self._contacts.pop(button, None)
        return contact.gesture(Kind.TALK_END) if contact and contact.is_talking else None


@dataclass(slots=True)
class _Contact:
    """A button's contact as it is, the press or release that was last accepted of it, and what that may become."""

    button: str
    is_closed: bool = False
    was_pressed: bool | None = None
    deaf_until: float = -math.inf
    next_reach: Reach = Reach()
    reach: Reach = Reach()
    pressed_at: float = -math.inf
    hold_at: float | None = None
    press_at: float | None = None
    may_double: bool = False
    is_talking: bool = False

    def feed(self, edge: Edge, reach: Reach) -> Gesture | None:
        self.is_closed, self.next_reach = edge.is_down, reach
        if edge.is_found:
            self.was_pressed = edge.is_down
        if self.press_at is not None and self.reach.steady_s and not self.may_double:
            self.press_at = edge.at + self.reach.steady_s  # also within the lock-out: it is not steady yet
        return self.settle(edge.at) if edge.at >= self.deaf_until else None

    def due(self) -> Iterator[float]:
        if self.is_closed is not self.was_pressed:
            yield self.deaf_until
        if self.hold_at is not None:
            yield self.hold_at
        if self.press_at is not None:
            yield self.press_at

    def pass_time(self, now: float) -> Gesture | None:
        if self.hold_at is not None and self.hold_at <= now:
            self.hold_at = None
            return self.gesture(Kind.HOLD)
        if self.press_at is not None and self.press_at <= now:
            return self._press()
        return self.settle(now)

    def settle(self, at: float) -> Gesture | None:
        """Accept where the contact stands."""
        if self.is_closed is self.was_pressed:
            return None
        self.was_pressed, self.deaf_until = self.is_closed, at + LOCK_OUT_S
        return self._pressed(at) if self.is_closed else self._released(at)

    def gesture(self, kind: Kind) -> Gesture:
        return Gesture(kind, self.button, self.reach.within)

    def _pressed(self, at: float) -> Gesture | None:
        if self.may_double:
            self.may_double, self.press_at = False, None
            return self.gesture(Kind.DOUBLE)
        self.reach, self.pressed_at = self.next_reach, at
        reach = self.reach
        if reach.is_talk:
            self.is_talking = True
            return self.gesture(Kind.TALK)
        if reach.hold_s is not None:
            self.hold_at = at + reach.hold_s
        elif reach.double_s is not None:
            self._wait_for_second(at)
        elif reach.steady_s is not None:
            self.press_at = at + reach.steady_s
        else:
            return self._press()
        return None

    def _released(self, at: float) -> Gesture | None:
        if self.is_talking:
            self.is_talking = False
            return self.gesture(Kind.TALK_END)
        hold_at, self.hold_at = self.hold_at, None
        if self.reach.steady_s and at < self.pressed_at + self.reach.steady_s:
            self.may_double, self.press_at = False, None
            return None
        if hold_at is None:
            return None
        if at >= hold_at:
            return self.gesture(Kind.HOLD)
        if self.reach.double_s is None:
            return self._press()
        self._wait_for_second(at)
        return None

    def _wait_for_second(self, at: float) -> None:
        assert self.reach.double_s is not None
        self.may_double, self.press_at = True, at + self.reach.double_s

    def _press(self) -> Gesture:
        self.may_double, self.press_at = False, None
        return self.gesture(Kind.PRESS)
