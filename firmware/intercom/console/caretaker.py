"""What the console acts on where the machine itself is meant: its Wi-Fi, its end, its service button."""

from typing import Any, Protocol


class Caretaker(Protocol):
    """Who sees to the machine.

    What may cut a call raises ConflictError while there is one, unless it `is_now`.  Raises WifiError, UsageError and
    RefusedError with the reason.
    """

    async def wifi(self) -> dict[str, Any]:
        """The Wi-Fi's `device`, `state`, `ssid`, `signal` in percent, `addresses` and `country`, empty if not set."""

    async def networks(self, *, is_now: bool) -> list[dict[str, Any]]:
        """Those in reach, the strongest first: `ssid`, `signal` in percent, `security`, `is_joined`."""

    def check_call(self, *, is_now: bool) -> None:
        """Whether what may cut a call may be done; raises ConflictError."""

    async def join(self, ssid: str, password: str, *, is_now: bool) -> dict[str, Any]:
        """Join a network for good, or be back in the old one; returns as `wifi`."""

    async def forget(self, ssid: str, *, is_now: bool) -> None:
        """Forget a network that was joined from here."""

    async def reboot(self, *, is_now: bool) -> None:
        """Start the machine anew."""

    def check_reset(self, *, is_now: bool) -> None:
        """Whether a reset may be done: raises RefusedError where nobody holds the service button."""

    async def reset(self, *, is_now: bool) -> None:
        """Have the station end, and begin with its wiring alone; raises as `check_reset`."""

    def is_service_wanted(self) -> bool:
        """Whether the service button was pressed within the last minute."""
