"""A small working station behind the console: one call, one simulated button, settings in memory."""

import asyncio
from typing import Any

from msgspec.structs import replace

from intercom.console.operator import Operator
from intercom.errors import ConflictError, RefusedError, UsageError
from intercom.settings.schema import Settings, Station


class SmallStation:
    """Can be rung by `ring`; `log` holds what was done to it."""

    def __init__(self) -> None:
        self.settings = Settings(station=Station(name="hall", identity="hall"))
        self.state = "idle"
        self.log: list[str] = []
        self.may_let_go = asyncio.Event()
        self.was_muted = asyncio.Event()

    def ring(self) -> None:
        """A call comes in."""
        self.state = "pending"

    def status(self) -> dict[str, Any]:
        call = {
            "status": self.state,
            "sid": "CA1",
            "direction": "incoming",
            "from": "web",
            "to": "hall",
            "duration_s": 3,
            "muted": False,
            "codec": "opus" if self.state == "open" else None,
        }
        return {
            "identity": self.settings.station.identity,
            "registration": "ready",
            "call": None if self.state == "idle" else call,
            "pending": [],
            "light": {"pattern": "off", "colour": "white", "overlays": []},
            "sample": None,
            "warnings": [],
            "audio": {"capture": {"pcm": "default", "state": "busy", "why": "another program holds it"}},
            "serial": {"port": "", "state": "off", "why": ""},
        }

    def call(self, to: str) -> None:
        self._step("idle", "ringing", f"call {to}")

    def answer(self) -> None:
        self._step("pending", "open", "answer")

    def reject(self) -> None:
        self._step("pending", "idle", "reject")

    def ignore(self) -> None:
        self._step("pending", "idle", "ignore")

    def hangup(self) -> None:
        if self.state == "idle":
            raise ConflictError("There is no call.")
        self._step(self.state, "idle", "hangup")

    def mute(self, flag: bool) -> None:
        self.log.append(f"mute {flag}")
        self.was_muted.set()

    async def feedback(self, score: int, issue: str | None) -> None:
        if score > 5:
            raise UsageError("A call's score is a whole number from 1 to 5.")
        self.log.append(f"feedback {score} {issue}")

    def digits(self, digits: str) -> None:
        if self.state != "open":
            raise ConflictError("There is no call in which digits could be sent.")
        self.log.append(f"digits {digits}")

    async def press(self, button: str, *, for_s: float = 0.1, stays_down: bool = False) -> None:
        if button != "answer":
            raise UsageError("There is no such button.", "There are answer.")
        self.log.append(f"press for {for_s}" if not stays_down else "press and stay down")
        if for_s > 1:
            await self.may_let_go.wait()

    def release(self, button: str) -> None:
        raise RefusedError("The panel is real.", "Only a simulated button can be pressed.")

    async def commit(self, settings: Settings) -> list[str]:
        is_alive = replace(settings, audio=self.settings.audio) == self.settings
        self.settings = settings
        return ["Written to hall.toml." if is_alive else "The station starts anew with it now."]

    def _step(self, before: str, after: str, done: str) -> None:
        if self.state != before:
            raise ConflictError(f"Now it is {self.state}.")
        self.state = after
        self.log.append(done)


def fits() -> Operator:
    """Let mypy see that it is an operator."""
    return SmallStation()
