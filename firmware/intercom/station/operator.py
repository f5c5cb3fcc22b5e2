"""What a person or a script can tell a station: the console's, the socket's and the page's commands."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from intercom.console.gate import Gate
from intercom.console.loglines import LogLines
from intercom.console.timekeeper import Timekeeper
from intercom.console.watch import Newsroom
from intercom.door.verdict import How
from intercom.door.warden import Warden
from intercom.errors import ConflictError, UsageError
from intercom.panel.panel import Panel
from intercom.settings.schema import Settings
from intercom.settings.transaction import Commit
from intercom.station import plan, privacy, rulecheck, rulesheet, showing
from intercom.station.actions import Action
from intercom.station.annals import Annals
from intercom.station.caretaker import Caretaker
from intercom.station.cells import BUTTON_NAMES
from intercom.station.comfort import Comfort
from intercom.station.doorway import Doorway
from intercom.station.station import Station
from intercom.station.tryout import Tryout
from intercom.station.tuning import Tuning
from intercom.story.hand import hand

CONSOLE = "the console"
SERIAL = "serial "  # so begins the name of who sits at the serial line


@dataclass(frozen=True, slots=True)
class Staff:
    """Whom in the station the operator asks and tells to do something."""

    comfort: Comfort
    door: Warden
    doorway: Doorway
    annals: Annals
    tryout: Tryout
    clock: Timekeeper
    log_lines: LogLines
    gate: Gate
    caretaker: Caretaker


class StationOperator:
    """Fulfils `console.operator.Operator` for one station that runs with the settings that `tuning` has now."""

    def __init__(
        self,
        station: Station,
        panel: Panel,
        tuning: Tuning,
        staff: Staff,
        *,
        status: Callable[[], dict[str, Any]],
    ) -> None:
        self._station, self._panel, self._tuning = station, panel, tuning
        self._comfort, self._doorway, self.door = staff.comfort, staff.doorway, staff.door
        self.gate, self.caretaker = staff.gate, staff.caretaker
        self.annals, self.tryout, self.clock = staff.annals, staff.tryout, staff.clock
        self.log_lines = staff.log_lines
        self._status, self._in_use = status, tuning.settings
        self.boot = secrets.token_hex(4)
        self.news = Newsroom()
        self.watch = self.news.watch

    @property
    def settings(self) -> Settings:
        """The settings as committed last: those in use, but for what waits for the end of a call."""
        return self._tuning.settings

    def status(self) -> dict[str, Any]:
        """Return the snapshot."""
        return self._status()

    def call(self, to: str) -> None:
        """Call an identity or group."""
        try:
            with hand(CONSOLE):
                self._station.phone.call(to)
        except ConflictError as error:
            self.annals.came_to_nothing(error.message, to=to)
            raise

    def answer(self) -> None:
        """Accept the call that rings."""
        self._do(Action.ACCEPT)

    def reject(self) -> None:
        """Reject the call that rings, for all who are rung."""
        self._do(Action.REJECT)

    def ignore(self) -> None:
        """Stop the ringing here only."""
        self._do(Action.IGNORE)

    def hangup(self) -> None:
        """End or cancel the call."""
        self._do(Action.HANG_UP)

    def mute(self, flag: bool) -> None:
        """Mute the microphone or open it again."""
        self._station.phone.mute(flag)

    def do_not_disturb(self, flag: bool | None) -> dict[str, Any]:
        """Switch do-not-disturb by hand, or tell of it."""
        if flag is not None:
            self._comfort.do_not_disturb(flag)
        return self._told("dnd")

    def privacy(self, flag: bool | None) -> dict[str, Any]:
        """Switch privacy, or tell of it; raises RefusedError where only somebody at the panel may switch it off."""
        if flag is not None:
            self._comfort.switch_privacy(flag)
        return self._told("privacy")

    def missed(self) -> dict[str, Any]:
        """Tell of the missed calls."""
        return self._told("missed")

    def forget_missed(self) -> None:
        """Show them no more."""
        self._comfort.forget_missed()

    async def feedback(self, score: int, issue: str | None) -> None:
        """Tell the event gateway how the call under way, or the last one, was."""
        if self._in_use.quality.reports == "off":
            raise ConflictError("Reports are off, so nobody would hear it.", "See `help quality.reports`.")
        await self._station.phone.latest_call().post_feedback(score, issue)

    def digits(self, digits: str) -> None:
        """Send digits to the far end of the call."""
        self._station.phone.send_digits(digits)

    async def open_door(self, who: str) -> None:
        """Open this station's door."""
        await self._doorway.open(who, how=How.CONSOLE if who.startswith(SERIAL) else How.SOCKET)

    async def press(self, button: str, *, for_s: float = 0.1, stays_down: bool = False) -> None:
        """Press a simulated button; returns when it is up again, or at once where it stays down."""
        self._panel.press(button)
        if not stays_down:
            await asyncio.sleep(for_s)
            self._panel.release(button)

    def release(self, button: str) -> None:
        """Let go of a simulated button."""
        self._panel.release(button)

    def rules(self, *, is_all: bool) -> dict[str, Any]:
        """What is shown, heard and done in every state."""
        return rulesheet.sheet(self._station.rulebook, BUTTON_NAMES if is_all else self._panel.status()["buttons"])

    def what_if(self, button: str) -> dict[str, Any]:
        """What a button would do now; raises UsageError where there is none of that name."""
        wired = self._panel.status()["buttons"]
        if button not in wired:
            raise UsageError("There is no button of that name that has a pin.", f"There are {', '.join(wired)}.")
        why_not = self._station.presses.status()["faults"].get(button, "")
        return rulesheet.what_if(self._station.rulebook, button, self._station.view.shows, why_not=why_not)

    async def try_buttons(self, within_s: float) -> list[dict[str, Any]]:
        """What is done with the buttons from now on, which do nothing else meanwhile; waits for the first of it."""
        return await self._station.trial.seen(within_s)

    def try_ring(self, name: str) -> dict[str, Any]:
        """Show one light for a while in place of what is, where there is no call; or tell which there are."""
        lights = showing.lights(self._station.rulebook.rows)
        if name and name not in lights:
            raise UsageError("There is no light of that name.", "`test ring` lists them.")
        if self._station.connection:
            raise ConflictError("There is a call, which has the ring.", "Try it again after the call.")
        if name:
            self._panel.try_light(lights[name], showing.SHOWN_S)
            self._station.publish()
            asyncio.get_running_loop().call_later(showing.SHOWN_S, self._station.publish)
        shown = [name] if name else lights
        return {"lights": {each: showing.words(lights[each]) for each in shown}, "for_s": showing.SHOWN_S}

    @property
    def revision(self) -> int:
        """The number of the settings."""
        return self._tuning.revision

    def problems(self, settings: Settings) -> list[tuple[str, str]]:
        """What is wrong with the rules that they make."""
        return rulecheck.problems(settings)

    async def commit(self, settings: Settings, commit: Commit | None = None) -> list[str]:
        """Write the settings and take them: volumes and the like at once, others by building anew what they are for."""
        privacy.check_commit(self._comfort.is_private, before=self.settings, after=settings)
        parts = plan.touched(self.settings, settings)
        notes = await self._tuning.commit(settings, commit)
        return [*notes, *plan.told(parts, is_in_call=self._station.connection is not None)]

    async def confirm(self) -> int:
        """Let the last commit stay."""
        return await self._tuning.confirm()

    async def history(self) -> list[dict[str, Any]]:
        """The revisions, the oldest first."""
        return [entry.shown() for entry in await self._tuning.entries()]

    async def settings_of(self, revision: int) -> Settings:
        """Those of that revision."""
        return await self._tuning.settings_of(revision)

    def _do(self, action: Action) -> None:
        with hand(CONSOLE):
            self._station.do(action)

    def _told(self, part: str) -> dict[str, Any]:
        told: dict[str, Any] = self._comfort.status()[part]
        return told
