"""What the console acts on: the station, as its operator knows it."""

from typing import Any, Protocol

from intercom.settings.schema import Settings


class Operator(Protocol):
    """The running station; what it can't do now raises ConflictError, UsageError or RefusedError with the reason."""

    @property
    def settings(self) -> Settings:
        """The settings in use."""

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

    async def feedback(self, score: int, issue: str | None) -> None:
        """Tell how the call was; raises UsageError, and NoAnswerError where nobody took it."""

    def digits(self, digits: str) -> None:
        """Send digits to the far end of the call."""

    async def press(self, button: str, *, for_s: float = 0.1, stays_down: bool = False) -> None:
        """Press a simulated button; returns when it is up again, or at once where it stays down."""

    def release(self, button: str) -> None:
        """Let go of a simulated button."""

    async def commit(self, settings: Settings) -> list[str]:
        """Write and apply the settings; returns sentences that tell what waits.

        Raises SettingsError where they can't be written, ConflictError while another commit is under way.
        """
