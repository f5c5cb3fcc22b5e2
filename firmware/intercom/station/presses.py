"""From edges to what people want of the station, and which of its buttons can't be believed."""

import logging
from collections.abc import Callable
from typing import Any

from intercom.panel.events import Edge, Flood, PanelEvent
from intercom.panel.gestures import Gesture, Gestures
from intercom.panel.health import Health
from intercom.station.rulebook import Rulebook
from intercom.station.trial import Trial
from intercom.station.view import Shows

logger = logging.getLogger(__name__)


class Presses:
    """The gestures of all buttons as the rules read them; while buttons are tried none comes of them.

    Call `tick` before `take`, with the event's time.  `look` is called with a button that flooded and is quiet now,
    to have it reported how its contact stands.
    """

    def __init__(self, book: Rulebook, trial: Trial) -> None:
        self.look: Callable[[str], None] = lambda _: None
        self._book, self._trial = book, trial
        self._gestures, self._health = Gestures(), Health()
        self._known: set[str] = set()
        self.pressed_s: dict[str, float] = {}  # when each button went down last

    def take(self, event: PanelEvent, shows: Shows) -> list[Gesture]:
        """Take what the panel reports; return what people mean by it now."""
        known_faults = dict(self._health.faults)
        self._health.feed(event)
        self._tell(known_faults)
        if isinstance(event, Edge) and event.is_down and not event.is_found:
            self.pressed_s[event.button] = event.at
        if self._trial.is_on(event.at):
            self._trial.take(event)
            return self._forget(*self._known)
        self._known.add(event.button)
        match event:
            case Edge(button=button):
                gesture = self._gestures.feed(event, self._book.reach(button, shows))
                return [gesture] if gesture else []
            case Flood(button=button):
                return self._forget(button)

    def due(self) -> float | None:
        """When `tick` has something to do next."""
        due = (self._gestures.due(), self._health.due(), self._trial.due())
        return min((at for at in due if at is not None), default=None)

    def tick(self, now: float) -> list[Gesture]:
        """Return what people mean by what became due until now."""
        known_faults = dict(self._health.faults)
        quiet = self._health.trust(now)
        gestures = self._gestures.tick(now) + self._forget(*self._health.tick(now))
        self._tell(known_faults)
        for button in quiet:
            self.look(button)
        self._trial.tick(now)
        return gestures

    def status(self) -> dict[str, Any]:
        """Return what `intercom status` tells of the buttons: which of them can't be believed, and why."""
        faults = self._health.faults
        return {"state": "faulty" if faults else "fine", "why": " ".join(faults.values()), "faults": dict(faults)}

    def _forget(self, *buttons: str) -> list[Gesture]:
        """Begin anew with these; who talks by one talks no more."""
        ended = [self._gestures.forget(button) for button in buttons]
        return [gesture for gesture in ended if gesture]

    def _tell(self, known: dict[str, str]) -> None:
        for button, why in self._health.faults.items():
            if known.get(button) != why:
                logger.warning("%s", why)
        for button in known.keys() - self._health.faults.keys():
            logger.info("the button %s acts again", button)
