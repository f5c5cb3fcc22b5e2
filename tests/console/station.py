"""A small working station behind the console: one call, one simulated button, settings in memory."""

import asyncio
from pathlib import Path
from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from intercom.console.annalist import Annalist
from intercom.console.doorkeeper import Doorkeeper
from intercom.console.gate import Gate
from intercom.console.loglines import LogLines
from intercom.console.operator import Operator
from intercom.console.timekeeper import Timekeeper
from intercom.console.tryout import Tryout
from intercom.console.watch import Newsroom
from intercom.door.warden import Warden
from intercom.errors import ConflictError, RefusedError, UsageError
from intercom.settings.history import Entry
from intercom.settings.schema import Door, Settings, Station
from intercom.settings.transaction import Candidate, Commit
from tests.console.caretakers import SmallCaretaker
from tests.console.gates import Attended
from tests.console.past import SmallClock, SmallPast, SmallTryout


class SmallStation:
    """Can be rung by `ring`; `log` holds what was done to it."""

    def __init__(self) -> None:
        self.gate: Gate = Attended()
        self.settings = Settings(station=Station(name="hall", identity="hall"))
        self.state = "idle"
        self.log: list[str] = []
        self.boot = "5ca1ab1e"
        self.news = Newsroom()
        self.watch = self.news.watch
        self.quiet = False
        self.door: Doorkeeper = Warden(Door(), Path("/nowhere"))  # not begun: a test that needs one gives its own
        self.annals: Annalist = SmallPast()
        self.tryout: Tryout = SmallTryout()
        self.clock: Timekeeper = SmallClock()
        self.log_lines = LogLines()
        self.caretaker = SmallCaretaker()
        self.revisions: list[Entry] = []
        self.is_unconfirmed = False
        self.keep(self.settings, Commit("the settings file", "found so at start"))
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

    def do_not_disturb(self, flag: bool | None) -> dict[str, Any]:
        self.quiet = self.quiet if flag is None else flag
        return {"state": "on" if self.quiet else "off", "why": "by hand" if self.quiet else ""}

    def privacy(self, flag: bool | None) -> dict[str, Any]:
        if flag is False:
            raise RefusedError("Privacy is on, and only somebody at the panel can switch it off.")
        return {"state": "on", "why": ""}

    def missed(self) -> dict[str, Any]:
        calls = [] if self.quiet else [{"from": "gate", "at": "2026-11-23 07:51:12+01:00"}]
        return {"state": f"{len(calls)} call", "count": len(calls), "latest": calls}

    def forget_missed(self) -> None:
        self.log.append("forget missed")

    async def feedback(self, score: int, issue: str | None) -> None:
        if score > 5:
            raise UsageError("A call's score is a whole number from 1 to 5.")
        self.log.append(f"feedback {score} {issue}")

    def digits(self, digits: str) -> None:
        if self.state != "open":
            raise ConflictError("There is no call in which digits could be sent.")
        self.log.append(f"digits {digits}")

    async def open_door(self, who: str) -> None:
        self.log.append(f"door opened by {who}")

    async def press(self, button: str, *, for_s: float = 0.1, stays_down: bool = False) -> None:
        if button != "answer":
            raise UsageError("There is no such button.", "There are answer.")
        self.log.append(f"press for {for_s}" if not stays_down else "press and stay down")
        if for_s > 1:
            await self.may_let_go.wait()

    def release(self, button: str) -> None:
        raise RefusedError("The panel is real.", "Only a simulated button can be pressed.")

    def rules(self, *, is_all: bool) -> dict[str, Any]:
        return {"states": {"idle": {"light": "off", "tone": "", "lasts_s": None, "buttons": {}}}, "changed": []}

    def what_if(self, button: str) -> dict[str, Any]:
        return {"button": button, "state": self.state, "does": {"press": "call"}, "hold_s": 1.0, "why_not": ""}

    async def try_buttons(self, within_s: float) -> list[dict[str, Any]]:
        return [{"button": "answer", "what": "down"}]

    def try_ring(self, name: str) -> dict[str, Any]:
        if self.state != "idle":
            raise ConflictError("There is a call, which has the ring.")
        lights = {"idle": "heartbeat white", "open": "steady green"}
        return {"lights": {name: lights[name]} if name else lights, "for_s": 0.0}

    def problems(self, settings: Settings) -> list[tuple[str, str]]:
        return [("call.to", "must not be a parrot.")] if settings.call.to == "parrot" else []

    async def commit(self, settings: Settings, commit: Commit | None = None) -> list[str]:
        if self.is_unconfirmed:
            raise ConflictError(f"Revision {self.revision} waits to be confirmed.")
        is_alive = replace(settings, audio=self.settings.audio) == self.settings
        if commit:
            self.is_unconfirmed = commit.confirm_s is not None
            self.keep(settings, commit)
        self.settings = settings
        return ["Written to hall.toml." if is_alive else "The station starts anew with it now."]

    def keep(self, settings: Settings, commit: Commit) -> None:
        """Another revision."""
        paths = Candidate(self.settings, settings).paths()
        self.revisions.append(
            Entry(
                revision=self.revision + 1,
                at=0.0,
                who="serial" if commit.who.startswith("serial") else commit.who,
                comment=commit.comment,
                paths=tuple(paths),
                tree=to_builtins(settings),
            )
        )

    @property
    def revision(self) -> int:
        return len(self.revisions)

    async def confirm(self) -> int:
        if not self.is_unconfirmed:
            raise ConflictError("Nothing waits to be confirmed.")
        self.is_unconfirmed = False
        return self.revision

    async def history(self) -> list[dict[str, Any]]:
        return [entry.shown() | {"at": "2026-11-23 07:51:12+01:00"} for entry in self.revisions]

    async def settings_of(self, revision: int) -> Settings:
        if not 0 < revision <= self.revision:
            raise UsageError(f"There is no revision {revision}.", "`history` lists those that there are.")
        return self.revisions[revision - 1].settings

    def _step(self, before: str, after: str, done: str) -> None:
        if self.state != before:
            raise ConflictError(f"Now it is {self.state}.")
        self.state = after
        self.log.append(done)


def fits() -> Operator:
    """Let mypy see that it is an operator."""
    return SmallStation()
