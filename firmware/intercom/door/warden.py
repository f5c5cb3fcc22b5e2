"""The warden of the door: judges in a thread of its own, so that no name server is waited for."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

from intercom.door import report, terms
from intercom.door.audit import FOLDER
from intercom.door.judge import SENSES, TAMPERED, Judge, Senses
from intercom.door.lockout import Locked
from intercom.door.verdict import How, Verdict, What
from intercom.settings.schema import Door

KEEP_EVERY_S = 600.0
MOST_SHOWN = 10

P = ParamSpec("P")
T = TypeVar("T")


class Warden:
    """An async context manager; entering never raises: `status` tells what can't be had.

    What is asked at once is judged one after the other; what was begun is ended though nobody waits for it any more.
    """

    def __init__(self, settings: Door, state: Path, *, senses: Senses = SENSES) -> None:
        self._judge = Judge(settings, state / FOLDER, senses)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="door")
        self._keeping: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self._do(self._judge.open)
        self._keeping = asyncio.create_task(self._keep(), name="door")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._keeping:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        await self._do(self._judge.keep)
        self._thread.shutdown()

    @property
    def is_tampered(self) -> bool:
        """Whether somebody was at the case, so that nothing opens the door until `reset`."""
        return self._judge.is_tampered

    async def ask(self, identity: str, *, call: str) -> Verdict:
        """Judge the door button of a station, whose identity an exchange has verified."""
        return await self._judged(self._judge.ask, identity, call=call)

    async def attempt(self, digits: str, *, identity: str, call: str) -> Verdict:
        """Judge a code that was dialled in an open call with that identity; a right one that is used up is so now."""
        return await self._judged(self._judge.attempt, digits, identity=identity, call=call)

    async def grant(self, who: str, *, how: How) -> Verdict:
        """Judge a button of this station or its console, which nothing but the case's contact keeps from it."""
        return await self._judged(self._judge.grant, who, how=how)

    async def outcome(self, verdict: Verdict, *, is_open: bool, why: str = "") -> None:
        """Write down what the lock did after a verdict."""
        await self._do(self._judge.outcome, verdict, is_open=is_open, why=why)

    async def note(self, what: What, *, who: str = "", why: str = "") -> None:
        """Write down what befell the door; `TAMPERED` keeps everybody out from now on."""
        if what is What.TAMPERED:
            self._judge.is_tampered = True  # at once, before what waits for its turn
        await self._do(self._judge.note, what, who=who, why=why)

    async def reset(self, who: str) -> dict[str, Any]:
        """Let the door be opened again after somebody was at the case; raises DoorError."""
        return {"was_tampered": await self._do(self._judge.reset, who)}

    async def add_code(self, given: Mapping[str, Any], *, who: str) -> dict[str, Any]:
        """Keep a new code (`terms.add`), `code` in the result where it was made here; raises also DoorError."""
        return {"name": given["name"], "code": await self._do(self._judge.add_code, given, who=who)}

    async def remove_code(self, name: str, *, who: str) -> dict[str, Any]:
        """Forget a code; raises UsageError where there is none of that name, DoorError."""
        await self._do(self._judge.remove_code, name, who=who)
        return {"name": name}

    def codes(self) -> dict[str, Any]:
        """The codes by their names, and when each is good."""
        return {"codes": [terms.told(code) for code in self._judge.shelf.codes.codes]}

    def lockouts(self) -> dict[str, Any]:
        """Whom wrong codes keep from trying, and until when; without identity: all who are not in `door.allow`."""
        return {"lockouts": [self._shown(lock) for lock in self._locks()]}

    async def forgive(self, identity: str, *, who: str) -> dict[str, Any]:
        """End the lock-outs of an identity, empty: all; raises UsageError where it has none, DoorError."""
        await self._do(self._judge.forgive, identity, who=who)
        return {"identity": identity}

    async def log(self, count: int) -> dict[str, Any]:
        """The last records of the log; raises DoorError."""
        return report.latest(await self._do(self._judge.logbook.read), count)

    async def verify(self) -> dict[str, Any]:
        """How many records the log has, all as they were written; raises DoorError where not."""
        return report.verified(await self._do(self._judge.logbook.read))

    def status(self) -> dict[str, Any]:
        """What the status tells of it, never a code."""
        judge = self._judge
        return {
            "tampered": judge.is_tampered,
            "codes": {
                "state": "failed" if judge.why else "ready",
                "why": judge.why,
                "count": len(judge.shelf.codes.codes),
            },
            "lockouts": [self._shown(lock) for lock in self._locks()[:MOST_SHOWN]],
            "log": {"state": "failed" if judge.logbook.why else judge.logbook.state, "why": judge.logbook.why},
        }

    def _locks(self) -> list[Locked]:
        shelf = self._judge.shelf
        return shelf.lockouts.locks(shelf.age_s)

    def _shown(self, lock: Locked) -> dict[str, Any]:
        until = self._judge.local(lock.until_s).isoformat(timespec="seconds")
        return {"identity": lock.identity, "until": until, "wrong": lock.wrong}

    async def _judged(self, judge: Callable[P, Verdict], *args: P.args, **more: P.kwargs) -> Verdict:
        verdict = await self._do(judge, *args, **more)
        return replace(verdict, is_allowed=False, why=TAMPERED) if verdict.is_allowed and self.is_tampered else verdict

    async def _do(self, act: Callable[P, T], *args: P.args, **more: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(act, *args, **more))

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(KEEP_EVERY_S)
            await self._do(self._judge.keep)
