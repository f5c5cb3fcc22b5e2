"""Who may open the door: each wish is judged in one order, and what must not be lost is on the disk before its verdict.

A code opens only where that could be written: else it could be guessed for ever, and a one-time code used twice.  The
door button of those in `door.allow`, this station's own buttons and its console open whatever the disk does.
"""

import hmac
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from intercom.door import terms
from intercom.door.chain import Record
from intercom.door.codes import Compare, kept_as, look_up
from intercom.door.entry import LONGEST, SHORTEST
from intercom.door.flood import Flood
from intercom.door.logbook import Logbook
from intercom.door.shelf import Shelf
from intercom.door.verdict import How, Verdict, What
from intercom.errors import DoorError, UsageError
from intercom.settings.schema import Door

WRONG = "That code opens nothing now."
NO_CODE = f"A code has {SHORTEST} to {LONGEST} digits."
TAMPERED = "Somebody was at the case of this station; `door reset` lets the door be opened again."
NOT_ALLOWED = "You may not open this door."
LOCKED = "Too many codes were wrong; none is tried"
OTHER_KEY = "The codes were made under another device key."

logger = logging.getLogger(__name__)


def now() -> datetime:
    """The local time."""
    return datetime.now().astimezone()


@dataclass(frozen=True, slots=True)
class Senses:
    """What a judge knows of the world: the local time, a clock that no one can set, how two MACs are compared."""

    local: Callable[[], datetime] = now
    running_s: Callable[[], float] = monotonic
    compare: Compare = hmac.compare_digest


SENSES = Senses()


class Judge:
    """Blocks, and is called by one thread at a time; what is public and no method may be read by any.

    `is_tampered`: somebody was at the case.  `why`: why nothing opens by code, empty where codes do.
    """

    def __init__(self, settings: Door, folder: Path, senses: Senses) -> None:
        self.is_tampered, self.why = False, ""
        self.shelf = Shelf(folder, running_s=senses.running_s)
        self.logbook = Logbook(folder, local=senses.local)
        self._settings, self._senses = settings, senses
        self._floods = defaultdict[What, Flood](Flood)

    def open(self) -> None:
        """Read what is kept; what can't be had is told by `why` and asked for again when it is needed."""
        self._look()
        self.logbook.open()

    def attempt(self, digits: str, *, identity: str, call: str) -> Verdict:
        """Judge a code: the attempt is written, then compared, a one-time code burnt, the verdict written."""
        asked = Verdict(False, WRONG, identity, How.CODE, call)
        try:
            self._ready()
            if why := self._why_unheard(digits, identity):
                return self._unheard(replace(asked, why=why))
            verdict = self._compared(digits, asked)
        except DoorError as error:
            self._fail(error)
            return replace(asked, why=f"Nothing opens by code: {error.message}")
        self.why = ""
        return verdict

    def ask(self, identity: str, *, call: str) -> Verdict:
        """Judge the door button of the station of that identity, as an exchange has verified it."""
        self._look()
        asked = Verdict(False, TAMPERED if self.is_tampered else NOT_ALLOWED, identity, How.STATION, call)
        may = identity in self._settings.allow and not self.is_tampered
        return self._granted(asked) if may else self._unheard(asked)

    def grant(self, who: str, *, how: How) -> Verdict:
        """Judge somebody whom this station lets open it by its own rules."""
        self._look()
        asked = Verdict(False, TAMPERED, who, how)
        return self._unheard(asked) if self.is_tampered else self._granted(asked)

    def outcome(self, verdict: Verdict, *, is_open: bool, why: str) -> None:
        """Write what came of a verdict."""
        self.logbook.tell(_record(What.OPENED if is_open else What.FAILED, verdict, why=why))

    def note(self, what: What, *, who: str, why: str) -> None:
        """Write what befell the door; that somebody was at the case is kept in mind until `reset`.

        Who shakes a contact drowns no older record either.
        """
        if what is What.TAMPERED:
            self.is_tampered = True
            try:
                self.shelf.put_tampered(is_tampered=True)
            except DoorError as error:
                self._fail(error)
        if times := self._floods[what].take(self.shelf.age_s):
            self.logbook.tell(Record(what=what, who=who, why=why, times=times))

    def reset(self, who: str) -> bool:
        """Let the door be opened again after somebody was at the case, and tell whether so; raises DoorError."""
        was_tampered = self.is_tampered
        self.shelf.put_tampered(is_tampered=False)
        self.is_tampered = False
        if was_tampered:
            self.logbook.tell(Record(what=What.RESET, who=who))
        return was_tampered

    def add_code(self, given: Mapping[str, Any], *, who: str) -> str:
        """Keep a new code; its digits where they were made here.  Raises DoorError, UsageError, ConflictError."""
        self._ready()
        made = terms.add(self.shelf.codes, given, self.shelf.key, self._senses.local())
        self.shelf.put_codes(made.codes)
        self.logbook.tell(Record(what=What.CODE_ADDED, who=who, why=given["name"]))
        return made.shown

    def remove_code(self, name: str, *, who: str) -> None:
        """Forget a code; raises DoorError, UsageError."""
        self._ready()
        fewer = self.shelf.codes.without(name)
        if fewer == self.shelf.codes:
            raise UsageError("There is no code of that name.", "`door code list` names them.")
        self.shelf.put_codes(fewer)
        self.logbook.tell(Record(what=What.CODE_REMOVED, who=who, why=name))

    def forgive(self, identity: str, *, who: str) -> None:
        """Let an identity try codes again, empty: everybody; raises DoorError, UsageError."""
        self._ready()
        shelf, before = self.shelf, self.shelf.lockouts.at(self.shelf.age_s)
        after = before.forgiving(identity, shelf.age_s)
        if identity and after == before:
            raise UsageError("Nobody of that name tried a wrong code.", "`door lockouts` names who is locked out.")
        shelf.put_lockouts(after)
        self.logbook.tell(Record(what=What.FORGIVEN, who=who, why=identity))

    def keep(self) -> None:
        """Keep how long this station has run, where a lock-out depends on it, and what could not be kept before."""
        try:
            if self.is_tampered and not self.shelf.is_tampered():
                self.shelf.put_tampered(is_tampered=True)
            self._ready()
            if self.shelf.lockouts.wrong:
                self.shelf.put_lockouts(self.shelf.lockouts.at(self.shelf.age_s))
        except DoorError as error:
            self._fail(error)

    def local(self, age_s: float) -> datetime:
        """The local time at which this station will be of that age."""
        return self._senses.local() + timedelta(seconds=age_s - self.shelf.age_s)

    def _compared(self, digits: str, asked: Verdict) -> Verdict:
        shelf, before = self.shelf, self.shelf.lockouts
        shelf.put_lockouts(before.counting(asked.who, shelf.age_s))
        code = look_up(shelf.codes.codes, kept_as(digits, shelf.key), compare=self._senses.compare)
        why = code.why_not(self._senses.local()) if code else "no such code"
        if code is None or why:
            self.logbook.write(_record(What.ASKED, asked, why=f"{code.name}: {why}" if code else why))
            return asked
        if code.is_once:
            shelf.put_codes(shelf.codes.without(code.name))
        shelf.put_lockouts(before.at(shelf.age_s))
        granted = replace(asked, is_allowed=True, why="", name=code.name)
        self.logbook.write(_record(What.ASKED, granted, why=code.name))
        return granted

    def _granted(self, asked: Verdict) -> Verdict:
        granted = replace(asked, is_allowed=True, why="")
        self.logbook.tell(_record(What.ASKED, granted))
        return granted

    def _unheard(self, asked: Verdict) -> Verdict:
        """Refuse what needed no thought; the log tells it as far as that doesn't drown the rest."""
        if times := self._floods[What.ASKED].take(self.shelf.age_s):
            self.logbook.tell(_record(What.ASKED, asked, why=asked.why, times=times))
        return asked

    def _why_unheard(self, digits: str, identity: str) -> str:
        if self.is_tampered:
            return TAMPERED
        if not SHORTEST <= len(digits) <= LONGEST:
            return NO_CODE
        if not self.shelf.codes.is_under(self.shelf.key):
            return OTHER_KEY
        lock = self.shelf.lockouts.lock(identity, self.shelf.age_s, allow=self._settings.allow)
        return f"{LOCKED} before {self.local(lock.until_s):%H:%M:%S}." if lock else ""

    def _look(self) -> None:
        try:
            self._ready()
        except DoorError as error:
            self._fail(error)

    def _ready(self) -> None:
        if not self.shelf.is_open:
            self.is_tampered |= self.shelf.is_tampered()
            self.shelf.open()

    def _fail(self, error: DoorError) -> None:
        if self.why != error.message:
            logger.error("%s", error)
        self.why = error.message


def _record(what: What, verdict: Verdict, *, why: str = "", times: int = 1) -> Record:
    allowed = verdict.is_allowed if what is What.ASKED else None
    return Record(what=what, who=verdict.who, how=verdict.how, call=verdict.call, allowed=allowed, why=why, times=times)
