"""Edges to gestures: what a person meant by a contact that closes, bounces and opens.  Pure: time is an argument.

A press acts at the press edge; where a hold means something too, at the release, or as a hold once the hold time
is over.  After each accepted edge a contact is deaf for 30 ms (LOCK_OUT_S), so that a bounce is no second press;
where it stands at the end of that time counts.  A button that is held at start gives nothing until it was released.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from intercom.panel.events import Edge

LOCK_OUT_S = 0.030


@dataclass(frozen=True, slots=True)
class Press:
    """A button was pressed."""

    button: str


@dataclass(frozen=True, slots=True)
class Hold:
    """A button was kept down for the hold time; its release gives nothing more."""

    button: str


Gesture = Press | Hold


class Gestures:
    """The gestures of all buttons; `hold_s` is how long a press must last to be a hold."""

    def __init__(self, hold_s: float) -> None:
        self._hold_s = hold_s
        self._contacts: dict[str, _Contact] = {}

    def feed(self, edge: Edge, *, may_hold: bool) -> Gesture | None:
        """Take an edge; `may_hold` says whether a hold of this button means something now.

        Call `tick(edge.at)` before, which lets what is due act, and only then decide `may_hold`.
        """
        contact = self._contacts.setdefault(edge.button, _Contact(edge.button))
        contact.is_closed = edge.is_down
        contact.may_hold = may_hold
        return contact.settle(edge.at, self._hold_s) if edge.at >= contact.deaf_until else None

    def due(self) -> float | None:
        """When `tick` has something to do next; None: not before another edge."""
        return min((at for contact in self._contacts.values() for at in contact.due()), default=None)

    def tick(self, at: float) -> list[Gesture]:
        """Return what became due until `at`, in the order in which it did."""
        gestures: list[Gesture] = []
        while (now := self.due()) is not None and now <= at:
            for contact in self._contacts.values():
                if now in contact.due():
                    gesture = contact.pass_time(now, self._hold_s)
                    gestures += [gesture] if gesture else []
        return gestures


@dataclass(slots=True)
class _Contact:
    """A button's contact as it is, and the press or release that was last accepted of it."""

    button: str
    is_closed: bool = False
    may_hold: bool = False
    was_pressed: bool | None = None
    deaf_until: float = -math.inf
    hold_at: float | None = None

    def due(self) -> Iterator[float]:
        if self.is_closed is not self.was_pressed:
            yield self.deaf_until
        if self.hold_at is not None:
            yield self.hold_at

    def pass_time(self, now: float, hold_s: float) -> Gesture | None:
        if self.hold_at is not None and self.hold_at <= now:
            self.hold_at = None
            return Hold(self.button)
        return self.settle(now, hold_s)

    def settle(self, at: float, hold_s: float) -> Gesture | None:
        """Accept where the contact stands."""
        if self.is_closed is self.was_pressed:
            return None
        self.was_pressed, self.deaf_until = self.is_closed, at + LOCK_OUT_S
        if self.is_closed:
            self.hold_at = at + hold_s if self.may_hold else None
            return None if self.may_hold else Press(self.button)
        hold_at, self.hold_at = self.hold_at, None
        if hold_at is None:
            return None
        return Press(self.button) if at < hold_at else Hold(self.button)
