"""Buttons that can't be trusted: stuck, found down, or closing as no finger does.  Pure: time is an argument.

A stuck button does nothing by itself, as nothing comes of a contact that stays; this is to say so.
"""

from intercom.panel.events import Edge, Flood, PanelEvent
from intercom.panel.sieve import QUIET_S, TELL_S

STUCK_S = 60.0
STUCK = "The button {} seems stuck: it has been down for {:.0f} s. It acts again once it was released."
FOUND = "The button {} was found down. It acts once it was released."
FLOODING = "The button {} bounces or floats: no finger is so fast. It acts again after {:.0f} s of quiet."


class Health:
    """What is wrong with which button, from their edges."""

    def __init__(self) -> None:
        self.faults: dict[str, str] = {}
        self._down_since: dict[str, float] = {}
        self._quiet_at: dict[str, float] = {}

    def feed(self, event: PanelEvent) -> None:
        """Take what the panel reports."""
        self._quiet_at.pop(event.button, None)
        match event:
            case Flood(button=button, at=at):
                self._down_since.pop(button, None)
                self._quiet_at[button] = at + TELL_S + QUIET_S
                self.faults[button] = FLOODING.format(button, QUIET_S)
            case Edge(button=button, is_down=True, at=at):
                self._down_since.setdefault(button, at)
                self.faults.pop(button, None)
                if event.is_found:
                    self.faults[button] = FOUND.format(button)
            case Edge(button=button):
                self._down_since.pop(button, None)
                self.faults.pop(button, None)

    def due(self) -> float | None:
        """When `tick` has something to do."""
        stuck = (since + STUCK_S for since in self._down_since.values())
        return min([*stuck, *self._quiet_at.values()], default=None)

    def trust(self, now: float) -> list[str]:
        """Trust again those that became quiet by now; return them."""
        quiet = [button for button, at in self._quiet_at.items() if at <= now]
        for button in quiet:
            del self._quiet_at[button], self.faults[button]
        return quiet

    def tick(self, now: float) -> list[str]:
        """Return the buttons that have been down for too long by now."""
        stuck = [button for button, since in self._down_since.items() if since + STUCK_S <= now]
        for button in stuck:
            del self._down_since[button]
            self.faults[button] = STUCK.format(button, STUCK_S)
        return stuck
