"""What the console acts on: the station, as its operator knows it."""

from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager
from typing import Any, Protocol

from intercom.console.annalist import Annalist
from intercom.console.caretaker import Caretaker
from intercom.console.doorkeeper import Doorkeeper
from intercom.console.gate import Gate
from intercom.console.loglines import LogLines
from intercom.console.timekeeper import Timekeeper
from intercom.console.tryout import Tryout
from intercom.console.watch import Watch
from intercom.settings.schema import Settings
from intercom.settings.transaction import Commit


class Operator(Protocol):
    """The running station; what it can't do now raises ConflictError, UsageError or RefusedError with the reason."""

    @property
    def settings(self) -> Settings:
        """The settings in use."""

    @property
    def gate(self) -> Gate:
        """Who lets people and programs in at the serial line."""

    @property
    def door(self) -> Doorkeeper:
        """Who knows the codes of the door and keeps its log."""

    @property
    def annals(self) -> Annalist:
        """Who keeps the stories of the calls."""

    @property
    def tryout(self) -> Tryout:
        """Who tries speaker, microphone and door."""

    @property
    def clock(self) -> Timekeeper:
        """Who knows the machine's clock."""

    @property
    def caretaker(self) -> Caretaker:
        """Who sees to the machine itself."""

    @property
    def log_lines(self) -> LogLines:
        """The latest lines of the log."""

    @property
    def boot(self) -> str:
        """Which run of the station this is: another after every start."""

    def watch(self, kinds: Collection[str]) -> AbstractContextManager[Watch]:
        """News of these kinds, from now on."""

    def status(self) -> dict[str, Any]:
        """The snapshot that `intercom status --json` prints."""

    def call(self, to: str) -> None:
        """Call that identity or group."""

    def answer(self) -> None:
        """Accept the call that rings."""

    def reject(self) -> None:
        """Reject the call that rings, for all who are rung."""

    def ignore(self) -> None:
        """Stop the ringing here only."""

    def hangup(self) -> None:
        """End or cancel the call."""

    def mute(self, flag: bool) -> None:
        """Mute the microphone or open it again."""

    def do_not_disturb(self, flag: bool | None) -> dict[str, Any]:
        """Switch do-not-disturb (None: leave it); returns what the snapshot tells of it."""

    def privacy(self, flag: bool | None) -> dict[str, Any]:
        """Switch privacy (None: leave it); returns what the snapshot tells of it."""

    def missed(self) -> dict[str, Any]:
        """Return what the snapshot tells of the missed calls."""

    def forget_missed(self) -> None:
        """Show them no more."""

    async def feedback(self, score: int, issue: str | None) -> None:
        """Tell how the call was; raises UsageError, and NoAnswerError where nobody took it."""

    def digits(self, digits: str) -> None:
        """Send digits to the far end of the call."""

    async def open_door(self, who: str) -> None:
        """Open this station's door; raises RefusedError, and DoorError where its lock does not open."""

    async def press(self, button: str, *, for_s: float = 0.1, stays_down: bool = False) -> None:
        """Press a simulated button; returns when it is up again, or at once where it stays down."""

    def release(self, button: str) -> None:
        """Let go of a simulated button."""

    def rules(self, *, is_all: bool) -> dict[str, Any]:
        """What is shown, heard and done in every state; `is_all`: by the buttons without a pin too."""

    def what_if(self, button: str) -> dict[str, Any]:
        """What a button would do now."""

    async def try_buttons(self, within_s: float) -> list[dict[str, Any]]:
        """What is done with the buttons from now on, which do nothing else meanwhile; waits for the first of it."""

    def try_ring(self, name: str) -> dict[str, Any]:
        """The `lights` there are, in words; of one that is named, it alone, which is shown `for_s` in place of what is.

        Raises UsageError where there is none of that name, ConflictError in a call or without a ring.
        """

    @property
    def revision(self) -> int:
        """The number of the settings, which each commit raises."""

    def problems(self, settings: Settings) -> Iterable[tuple[str, str]]:
        """What is wrong with settings beyond their bounds: paths, and words that follow them."""

    async def commit(self, settings: Settings, commit: Commit | None = None) -> list[str]:
        """Write and apply the settings; returns sentences that tell what waits.  None: volumes, which are no revision.

        Raises SettingsError where they can't be written, ConflictError while another commit is under way, or waits to
        be confirmed.
        """

    async def confirm(self) -> int:
        """Let the last commit stay, and return its revision; raises ConflictError where it stays anyhow."""

    async def history(self) -> list[dict[str, Any]]:
        """The revisions, the oldest first: `revision`, `at`, `who`, `comment` and changed `paths`, never a value."""

    async def settings_of(self, revision: int) -> Settings:
        """Those of that revision; raises UsageError."""
