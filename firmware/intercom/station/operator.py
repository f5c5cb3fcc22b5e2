"""What a person or a script can tell a station: the console's, the socket's and the page's commands."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from intercom.errors import ConflictError, SettingsError
from intercom.panel.panel import Panel
from intercom.settings.schema import Settings
from intercom.station.rules import Action
from intercom.station.station import Station


class Keeper(Protocol):
    """Where settings are kept."""

    path: Path

    def write(self, settings: Settings) -> None:
        """Write them; blocks; raises SettingsError."""


class StationOperator:
    """Fulfils `console.operator.Operator` for one station.

    `store` is where its settings are kept, None where there is no file; `restart` is called when new ones were written.
    """

    def __init__(
        self,
        settings: Settings,
        station: Station,
        panel: Panel,
        *,
        status: Callable[[], dict[str, Any]],
        store: Keeper | None,
        restart: Callable[[Settings], None],
    ) -> None:
        self._settings, self._station, self._panel = settings, station, panel
        self._status, self._store, self._restart = status, store, restart

    @property
    def settings(self) -> Settings:
        """The settings in use."""
        return self._settings

    def status(self) -> dict[str, Any]:
        """Return the snapshot."""
        return self._status()

    def call(self, to: str) -> None:
        """Call an identity or group."""
        self._station.call(to)

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
        self._station.mute(flag)

    async def feedback(self, score: int, issue: str | None) -> None:
        """Tell the event gateway how the call under way, or the last one, was."""
        if self._settings.quality.reports == "off":
            raise ConflictError("Reports are off, so nobody would hear it.", "See `help quality.reports`.")
        await self._station.latest_call().post_feedback(score, issue)

    def digits(self, digits: str) -> None:
        """Send digits to the far end of the call."""
        self._station.send_digits(digits)

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
        """Write the settings; the station starts anew with them as soon as no call is under way."""
        if self._store is None:
            raise SettingsError("This station was started without a settings file.", "Start it with --config FILE.")
        await asyncio.to_thread(self._store.write, settings)
        self._restart(settings)
        waits = "when the call has ended" if self._station.connection else "now"
        return [f"Written to {self._store.path}.", f"The station starts anew with it {waits}."]
