"""A small caretaker behind the console: two networks, a service button that may be held, nothing that ends anything."""

from typing import Any

from intercom.console.caretaker import Caretaker
from intercom.errors import ConflictError, RefusedError, UsageError, WifiError

PASSWORDS = {"home net": "right password", "cafe": ""}


class SmallCaretaker:
    """`log` holds what was done; what people do at the station is set by the other fields."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.joined = ""
        self.is_in_call = self.is_button_held = self.was_button_pressed = False
        self.has_wifi = True

    def befall(self, *, is_in_call: bool = False, is_button_held: bool = False) -> None:
        """Have it be so from now on."""
        self.is_in_call, self.is_button_held = is_in_call, is_button_held

    async def wifi(self) -> dict[str, Any]:
        if not self.has_wifi:
            raise WifiError("This machine has no Wi-Fi that NetworkManager knows.")
        state: dict[str, Any] = {"state": "connected", "ssid": self.joined, "signal": 70, "addresses": ["192.168.1.9"]}
        lonely: dict[str, Any] = {"state": "disconnected", "ssid": "", "signal": None, "addresses": []}
        return {"device": "wlan0", "country": "DE" if self.joined else "", **(state if self.joined else lonely)}

    async def networks(self, *, is_now: bool) -> list[dict[str, Any]]:
        self.check_call(is_now=is_now)
        return [
            {"ssid": "home net", "signal": 70, "security": "WPA2", "is_joined": self.joined == "home net"},
            {"ssid": "cafe", "signal": 45, "security": "", "is_joined": self.joined == "cafe"},
        ]

    def check_call(self, *, is_now: bool) -> None:
        if self.is_in_call and not is_now:
            raise ConflictError("There is a call, which this may cut.", "Do it after the call, or with `--now`.")

    async def join(self, ssid: str, password: str, *, is_now: bool) -> dict[str, Any]:
        self.check_call(is_now=is_now)
        if PASSWORDS.get(ssid) != password:
            raise WifiError("The password is wrong.", "There was no connection before.")
        self.joined = ssid
        return await self.wifi()

    async def forget(self, ssid: str, *, is_now: bool) -> None:
        self.check_call(is_now=is_now)
        if ssid != self.joined:
            raise UsageError("No network of that name was joined from here.", "`wifi` tells which is joined.")
        self.joined = ""

    async def reboot(self, *, is_now: bool) -> None:
        self.check_call(is_now=is_now)
        self.log.append("reboot")

    def check_reset(self, *, is_now: bool) -> None:
        if not self.is_button_held:
            raise RefusedError("This needs somebody at the station.", "Hold its service button down meanwhile.")
        self.check_call(is_now=is_now)

    async def reset(self, *, is_now: bool) -> None:
        self.check_reset(is_now=is_now)
        self.log.append("reset")

    def is_service_wanted(self) -> bool:
        return self.was_button_pressed


def fits() -> Caretaker:
    """Let mypy see that it is a caretaker."""
    return SmallCaretaker()
