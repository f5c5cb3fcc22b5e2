"""Comfort: what a station does beside its calls so that people are neither disturbed, missed nor overheard."""

import logging
import time
from asyncio import get_running_loop
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self

from msgspec import to_builtins
from msgspec.structs import replace

from intercom.call.connection import Connection
from intercom.call.machine import CallState
from intercom.errors import ConflictError
from intercom.settings import schema
from intercom.station import endmail, privacy, quiet, tidings
from intercom.station.actions import REFUSALS, Action
from intercom.station.endmail import Said
from intercom.station.events import Changed
from intercom.station.limits import Due, Limits
from intercom.station.memory import MemoryFile
from intercom.station.missed import MissedCalls, is_missed
from intercom.station.quiet import MINUTE_S, Quiet
from intercom.station.view import Sign
from intercom.story.hand import hand

CLIENT = "client:"

logger = logging.getLogger(__name__)


class Sound(Protocol):
    """The microphone and the speaker, as far as comfort needs them."""

    @property
    def is_audible(self) -> bool:
        """Whether a tone that plays now is heard."""

    def play(self, tone: str) -> None: ...

    def keep_private(self, flag: bool) -> None:
        """Let nothing of the microphone out in any call (True), whatever calls are told."""


@dataclass(slots=True, eq=False)
class _Call:
    """A call that is under way: `answers_at` is when it is answered by itself, `is_seen` that somebody was there."""

    connection: Connection
    limits: Limits
    answers_at: float | None = None
    answers_itself: bool = False
    is_open: bool = False
    is_seen: bool = False
    is_timed_out: bool = False

    @property
    def is_pending(self) -> bool:
        return self.connection.status() is CallState.PENDING


class Comfort:
    """A Companion, and an async context manager: what it remembers is written at its end at the latest.

    `post` takes Changed where light and tone may have changed; `clock` is the wall's, in seconds.
    """

    def __init__(
        self,
        settings: schema.Call,
        sound: Sound,
        *,
        state: Path,
        post: Callable[[Changed], object],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings, self._sound, self._post, self._clock = settings, sound, post, clock
        self._file = MemoryFile(state)
        self._quiet = Quiet(quiet.windows(settings.quiet))
        self._calls: list[_Call] = []
        self._is_quiet = False
        self._look_at: float | None = None

    async def __aenter__(self) -> Self:
        await self._file.__aenter__()
        self._quiet.by_hand = self._file.memory.by_hand
        self._look(get_running_loop().time())
        self._sound.keep_private(self.is_private)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._file.__aexit__()

    @property
    def is_private(self) -> bool:
        """Whether the microphone is silent in every call."""
        return self._file.memory.is_private

    @property
    def acts(self) -> Mapping[Action, Callable[[], object]]:
        """What buttons can have it do."""
        return {
            Action.TOGGLE_PRIVACY: lambda: self._keep_private(not self.is_private),
            Action.TOGGLE_DO_NOT_DISTURB: lambda: self.do_not_disturb(not self._is_quiet),
            Action.PROLONG: self._prolong,
        }

    @property
    def signs(self) -> frozenset[Sign]:
        """What it has shown over the state now."""
        pending = [call for call in self._calls if call.is_pending]
        is_urgent = any(_is_of(call, self._settings.urgent) for call in pending)
        facts = {
            Sign.PRIVATE: self.is_private,
            Sign.DO_NOT_DISTURB: self._is_quiet,
            Sign.MISSED: self._file.memory.missed.count,
            Sign.LAST_MINUTE: any(call.limits.is_warned for call in self._calls),
            Sign.ANNOUNCED: any(call.answers_at is not None for call in pending),
            Sign.HUSHED: self._is_quiet and pending and not is_urgent,
        }
        return frozenset(sign for sign, is_true in facts.items() if is_true)

    def follow(self, connection: Connection) -> None:
        """Care for a call that has begun."""
        call = _Call(connection, Limits(self._settings.ring_timeout_s, self._settings.longest_min * MINUTE_S))
        now = get_running_loop().time()
        call.limits.ring(now)
        self._calls.append(call)
        if call.is_pending and _is_of(call, self._settings.auto_answer) and not (self._is_quiet or self.is_private):
            call.answers_at = now + self._settings.auto_answer_after_s
        connection.on("accept", lambda _: self._opened(call))
        connection.on("message", lambda message: self._told(call, message.messagetype, message.content))
        connection.on("state", lambda _: self._moved(call))

    def after(self, _connection: Connection) -> None:
        """How a call ended is shown as it did."""

    def due(self) -> float | None:
        """When `tick` has something to do next."""
        times = [self._look_at, *(at for call in self._calls for at in (call.limits.due(), call.answers_at))]
        return min((at for at in times if at is not None), default=None)

    def tick(self, now: float) -> None:
        """Do what became due."""
        self._look(now)
        for call in list(self._calls):
            for due in call.limits.tick(now):
                self._do(due, call, now)
            if call.answers_at is not None and call.answers_at <= now:
                self._answer(call)

    def touched(self) -> None:
        """Somebody pressed a button: who is there sees what is missed, and what rings."""
        for call in self._calls:
            call.is_seen = True
        self.forget_missed()

    def do_not_disturb(self, flag: bool) -> None:
        """Switch it by hand, until the schedule's next edge."""
        self._quiet.switch(flag, self._clock())
        self._sound.play("quiet" if flag else "disturb")
        self._look(get_running_loop().time())
        self._post(Changed())

    def switch_privacy(self, flag: bool) -> None:
        """Switch it from afar; raises RefusedError where only somebody at the panel may switch it off."""
        privacy.check_switch(self.is_private, wanted=flag, settings=self._settings)
        self._keep_private(flag)

    def forget_missed(self) -> None:
        """Show no more that calls were missed."""
        if self._file.memory.missed.count:
            self._file.keep(replace(self._file.memory, missed=MissedCalls()))
            self._post(Changed())

    def status(self) -> dict[str, Any]:
        """Return what `intercom status` tells of it."""
        return tidings.status(
            self._file.memory, self._quiet, self.signs, is_quiet=self._is_quiet, now=self._clock(), why=self._file.why
        )

    def _look(self, now: float) -> None:
        """Look at the clock on the wall."""
        wall = self._clock()
        self._is_quiet = self._quiet.is_on(wall)
        self._look_at = now + MINUTE_S - wall % MINUTE_S if self._quiet.has_schedule else None
        if self._quiet.by_hand != self._file.memory.by_hand:
            self._file.keep(replace(self._file.memory, by_hand=self._quiet.by_hand))
        if self._is_quiet or self.is_private:
            for call in self._calls:
                call.answers_at = None

    def _do(self, due: Due, call: _Call, now: float) -> None:
        match due:
            case Due.UNANSWERED if call.is_pending:
                call.is_timed_out = True
                with hand("the station itself (call.ring_timeout_s)"):
                    call.connection.ignore()
            case Due.UNANSWERED:
                call.connection.time_out()
            case Due.WARNING:
                self._sound.play("last-minute")
                self._tell(call, Said(ends_in_s=round((call.limits.ends_at or now) - now)))
            case Due.OVER:
                logger.info("call %s: has lasted as long as `call.longest_min` lets it", call.connection.sid)
                with hand("the station itself (call.longest_min)"):
                    call.connection.disconnect()

    def _answer(self, call: _Call) -> None:
        call.answers_at = None
        if self._sound.is_audible:
            call.answers_itself = True
            with hand("the station itself (call.auto_answer)"):
                call.connection.accept()
        else:
            logger.warning("call %s: not answered by itself, as nobody would hear it announced", call.connection.sid)

    def _prolong(self) -> None:
        warned = [call for call in self._calls if call.limits.is_warned]
        if not warned:
            raise ConflictError(REFUSALS[Action.PROLONG])
        for call in warned:
            call.limits.open(get_running_loop().time())
            self._tell(call, Said(prolong=True))
        self._sound.play("prolonged")

    def _tell(self, call: _Call, said: Said) -> None:
        with suppress(ConflictError):  # without a far end there is nobody to tell
            call.connection.send_message(to_builtins(said), messagetype=endmail.TYPE)

    def _told(self, call: _Call, messagetype: str, content: object) -> None:
        """Take what the far end says of the end of an open call."""
        said = endmail.read(messagetype, content) if call.is_open else endmail.NOTHING
        if said.prolong:
            call.limits.open(get_running_loop().time())
            self._sound.play("prolonged")
        elif said.ends_in_s is not None:
            call.limits.is_warned = True
            self._sound.play("last-minute")
        if said != endmail.NOTHING:
            self._post(Changed())

    def _keep_private(self, flag: bool) -> None:
        self._sound.keep_private(flag)
        self._file.keep(replace(self._file.memory, is_private=flag))
        logger.info("privacy %s", "on" if flag else "off")
        self._look(get_running_loop().time())
        self._post(Changed())

    def _opened(self, call: _Call) -> None:
        call.is_open = True
        call.limits.open(get_running_loop().time())
        if call.connection.direction == "INCOMING" and not call.answers_itself:
            self.forget_missed()

    def _moved(self, call: _Call) -> None:
        if not call.is_pending:
            call.answers_at = None
        if call.connection.status() is CallState.CONNECTING:
            call.is_seen |= not call.answers_itself
        if (end := call.connection.ended) and call in self._calls:
            self._calls.remove(call)
            is_incoming = call.connection.direction == "INCOMING"
            if is_incoming and is_missed(end, was_seen=call.is_seen or call.is_open, is_timed_out=call.is_timed_out):
                memory = self._file.memory
                missed = memory.missed.with_one(_caller(call.connection), self._clock())
                self._file.keep(replace(memory, missed=missed))


def _is_of(call: _Call, identities: tuple[str, ...]) -> bool:
    """Whether one of these calls: a client of the exchange, which has verified who it is; never a telephone number."""
    name = call.connection.parameters.get("From", "")
    return name.startswith(CLIENT) and name.removeprefix(CLIENT) in identities


def _caller(connection: Connection) -> str:
    return connection.parameters.get("From", "").removeprefix(CLIENT)
