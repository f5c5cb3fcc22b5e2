"""What a person or a script can tell a station: the console's, the socket's and the page's commands."""

import asyncio
from collections.abc import Callable
from typing import Any

from intercom.errors import ConflictError
from intercom.panel.panel import Panel
from intercom.settings.schema import Settings
from intercom.station.actions import Action
from intercom.station.plan import needs_restart
from intercom.station.station import Station
from intercom.station.tuning import Tuning


class StationOperator:
    """Fulfils `console.operator.Operator` for one station that runs with the settings that `tuning` has now."""

    def __init__(self, station: Station, panel: Panel, tuning: Tuning, *, status: Callable[[], dict[str, Any]]) -> None:
        self._station, self._panel, self._tuning = station, panel, tuning
        self._status, self._in_use = status, tuning.settings

    @property
    def settings(self) -> Settings:
        """The settings as committed last: those in use, but for what waits for the end of a call."""
        return self._tuning.settings

    def status(self) -> dict[str, Any]:
        """Return the snapshot."""
        return self._status()

    def call(self, to: str) -> None:
        """Call an identity or group."""
        self._station.phone.call(to)

    def answer(self) -> None:
        """Accept the call that rings."""
        self._station.do(Action.ACCEPT)

    def reject(self) -> None:
        """Reject the call that rings, for all who are rung."""
        self._station.do(Action.REJECT)

    def ignore(self) -> None:
        """Stop the ringing here only."""
        self._station.do(Action.IGNORE)

    def hangup(self) -> None:
        """End or cancel the call."""
        self._station.do(Action.HANG_UP)

    def mute(self, flag: bool) -> None:
        """Mute the microphone or open it again."""
        self._station.phone.mute(flag)

    async def feedback(self, score: int, issue: str | None) -> None:
        """Tell the event gateway how the call under way, or the last one, was."""
        if self._in_use.quality.reports == "off":
            raise ConflictError("Reports are off, so nobody would hear it.", "See `help quality.reports`.")
        await self._station.phone.latest_call().post_feedback(score, issue)

    def digits(self, digits: str) -> None:
        """Send digits to the far end of the call."""
        self._station.phone.send_digits(digits)

    async def press(self, button: str, *, for_s: float = 0.1, stays_down: bool = False) -> None:
        """Press a simulated button; returns when it is up again, or at once where it stays down."""
        self._panel.press(button)
        if not stays_down:
            await asyncio.sleep(for_s)
            self._panel.release(button)

    def release(self, button: str) -> None:
        """Let go of a simulated button."""
        self._panel.release(button)

    async def commit(self, settings: Settings) -> list[str]:
        """Write the settings and take them: volumes and the like at once, others by starting anew after the call."""
        is_restart = needs_restart(self.settings, settings)
        notes = await self._tuning.commit(settings)
        if is_restart:
            waits = "when the call has ended" if self._station.connection else "now"
            notes.append(f"The station starts anew with it {waits}.")
        return notes
