"""The lock as the station holds it: its guard kept alive, told that the loop is, and asked to open.

The relay switches the lock's current.  A fail-secure lock opens by current: safe is the level at which the relay is
at rest.  A fail-safe lock holds by current: safe is the level at which the relay is pulled in.  Safe is always locked.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from math import inf
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from intercom.door.events import DoorEvent, GuardLost, LockMoved, LockRefused
from intercom.door.guard_process import GuardProcess, make_safe
from intercom.door.relay import Relay, keep
from intercom.door.sensors import Sensors
from intercom.errors import DoorError
from intercom.settings import schema
from intercom.vital import vital

TICK_OPEN_S, TICK_LOCKED_S = 0.1, 1.0
# A guard that doesn't is ended by force, and another begins; while it is locked a slow one is better than none.
STARTS_WITHIN_S, ANSWERS_WITHIN_S, ANSWERS_OPEN_WITHIN_S = 15.0, 10.0, 2.0
STEADY_S = 10.0
PAUSES_S = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)  # before the next guard, by how many in a row did not last

PULLED_UP = range(9)  # the lines that a Pi pulls high from power-on; it pulls the others low
STARTING = "Its guard is starting."
UNPULLED = "GPIO {} opens the lock when it is low: a resistor of 10 kΩ to 3.3 V must hold it high until the guard runs."

logger = logging.getLogger(__name__)


class Lock:
    """An async context manager; entering never raises, `status` tells why it can't be opened.

    After `open` comes LockMoved(is_open=True), or LockRefused or GuardLost with the reason.
    """

    def __init__(
        self, settings: schema.Door, *, state: Path, is_simulated: bool, post: Callable[[DoorEvent], object]
    ) -> None:
        self._settings, self._state_folder, self._post = settings, state, post
        self._relay = relay_of(settings, is_simulated=is_simulated)
        self.sensors = Sensors(settings, post)
        self._guard: GuardProcess | None = None
        self._level, self._why, self._failure = "", STARTING, ""
        self._is_open = False
        self._answers_until = inf  # it owes no answer
        self._timer: asyncio.TimerHandle | None = None
        self._life: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        if self._relay is None:
            await self._lay_down()
        else:
            if self._relay.is_safe_high and self._relay.line not in PULLED_UP and not self._relay.is_simulated:
                logger.warning("%s", UNPULLED.format(self._relay.line))
            self._life = vital(self._live(self._relay), name="the lock")
            await asyncio.sleep(0)  # the guard starts now, whatever keeps the loop from going round after this
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._life:
            self._life.cancel()
            await asyncio.gather(self._life, return_exceptions=True)
        self.sensors.close()

    @property
    def has_lock(self) -> bool:
        """Whether there is one, in working order or not."""
        return self._relay is not None

    @property
    def is_open(self) -> bool:
        """Whether it is open, as its guard tells."""
        return self._is_open

    @property
    def is_case_open(self) -> bool:
        """Whether somebody is at the case now."""
        return self.sensors.is_case_open

    def open(self) -> None:
        """Have it opened, or kept open, for `door.pulse_s` from now; raises DoorError."""
        if self._relay is None:
            raise DoorError("This station has no lock.", "Name the pin of its relay in door.pin.")
        if self._guard is None or not self._level:
            raise DoorError(f"The lock can't be opened: {self._why}")
        self._guard.say(f"open {_now()}")
        self._owe_answer(ANSWERS_OPEN_WITHIN_S)
        self.sensors.lock(is_open=True)

    def status(self) -> dict[str, Any]:
        """Return what `intercom status` tells of lock, door and case; `level` is that of the relay's pin."""
        return {
            "lock": self._state,
            "kind": self._settings.lock if self._relay else None,
            "pin": self._settings.pin,
            "level": self._level or None,
            "is_simulated": bool(self._relay and self._relay.is_simulated),
            "why": self._why if self._relay else "",
            **self.sensors.status(),
        }

    @property
    def _state(self) -> str:
        if self._relay is None:
            return "none"
        if not self._level:
            return "failed"
        return "open" if self._is_open else "locked"

    async def _live(self, relay: Relay) -> None:
        """Have a guard, and another when it is lost, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._lay_down())
            in_a_row = 0
            while True:
                began_at = _now()
                why = await self._stand_guard(relay)
                in_a_row = in_a_row + 1 if _now() < began_at + STEADY_S else 1
                was_up = self._lose(why)
                if not was_up and (said := await asyncio.to_thread(make_safe, self._state_folder)):
                    logger.error("%s", said)
                await asyncio.sleep(PAUSES_S[min(in_a_row, len(PAUSES_S)) - 1])

    async def _stand_guard(self, relay: Relay) -> str:
        """Return why the guard was lost."""
        self._failure = ""
        try:
            async with GuardProcess(relay, self._hear) as guard:
                self._guard, self._answers_until = guard, inf
                self._tick()
                code = await guard.ended()
        except DoorError as error:
            return str(error)
        finally:
            self._guard = None
            if self._timer:
                self._timer.cancel()
        return self._failure or f"Its guard ended ({code})."

    async def _lay_down(self) -> None:
        try:
            await asyncio.to_thread(keep, self._relay, self._state_folder)
        except OSError as error:
            logger.error("after a crash nobody would know the relay's line: %s", error)  # noqa: TRY400

    def _tick(self) -> None:
        """Tell the guard that the loop goes round, again and again."""
        if self._timer:
            self._timer.cancel()
        if self._guard is None:
            return
        if _now() > self._answers_until:
            logger.error("the lock's guard does not answer")
            self._guard.kill()
            return
        with suppress(DoorError):  # it is about to end, which is heard of
            self._guard.say(f"tick {_now()}")
        answers_within_s = ANSWERS_OPEN_WITHIN_S if self._is_open else ANSWERS_WITHIN_S
        self._owe_answer(answers_within_s if self._level else STARTS_WITHIN_S)
        pause_s = TICK_OPEN_S if self._is_open else TICK_LOCKED_S
        self._timer = asyncio.get_running_loop().call_later(pause_s, self._tick)

    def _owe_answer(self, within_s: float) -> None:
        self._answers_until = min(self._answers_until, _now() + within_s)

    def _hear(self, words: str) -> None:
        """Take what the guard says (see `door.guard`)."""
        self._answers_until = inf
        word, _, rest = words.partition(" ")
        level, _, why = rest.partition(" ")
        match word:
            case "opened":
                self._move(level, is_open=True)
            case "safe" if self._is_open or not self._level:
                logger.info("the lock is locked: %s", why)
                self._move(level, is_open=False)
            case "refused":
                logger.warning("the lock was not opened: %s", rest)
                self.sensors.lock(is_open=self._is_open)
                self._post(LockRefused(rest))
            case "failed":
                self._failure = rest

    def _move(self, level: str, *, is_open: bool) -> None:
        if is_open and not self._is_open:
            logger.info("the lock is open")
        self._level, self._why, self._is_open = level, "", is_open
        self._tick()
        self.sensors.lock(is_open=is_open)
        self._post(LockMoved(is_open))

    def _lose(self, why: str) -> bool:
        """Take note that there is no guard; return whether there was one that held the line.

        What was open counts as open until the next guard says that it is not: a Pi goes on driving the line.
        """
        was_up = bool(self._level)
        if was_up or why != self._why:
            logger.error("the lock is without its guard: %s", why)
            self._post(GuardLost(why))
        self._level, self._why = "", why
        return was_up


def relay_of(settings: schema.Door, *, is_simulated: bool) -> Relay | None:
    """Return the facts of the relay; None: there is none."""
    if settings.pin is None:
        return None
    is_at_rest_when_safe = settings.lock == "fail-secure"
    return Relay(
        settings.pin,
        is_safe_high=is_at_rest_when_safe is not settings.active_high,
        pulse_s=settings.pulse_s,
        longest_s=settings.longest_s,
        is_simulated=is_simulated,
    )


def _now() -> float:
    return asyncio.get_running_loop().time()
