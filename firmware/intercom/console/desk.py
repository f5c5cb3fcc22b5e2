"""Where people and programs sit at the console: who they are, and the settings that each of them is editing."""

import logging
from dataclasses import dataclass, field
from typing import Any

from intercom.console.access import Access
from intercom.console.operator import Operator
from intercom.console.seat import Entry, Seat
from intercom.errors import ConflictError
from intercom.settings.transaction import Candidate, Change, Commit

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Desk:
    """One place, whose `seat` tells who sits there, and what is edited from it."""

    operator: Operator
    place: str
    seat: Seat = field(default_factory=Seat)
    pasted: str | None = None  # of settings that are imported, so far

    @property
    def who(self) -> str:
        """What log and history name."""
        return f"{self.place}, {self.seat.account}" if self.seat.account else self.place

    @property
    def access(self) -> Access:
        """What they may do."""
        return self.seat.access

    @property
    def sitting(self) -> int:
        """Another one after each login and logout: in it no answer to the one before is told."""
        return self.seat.sitting

    @property
    def leaves_at_s(self) -> float | None:
        """When who is logged in has done nothing for too long, by the monotonic clock; None: nobody is."""
        return self.seat.used_at_s + self.operator.settings.console.idle_logout_s if self.seat.entry else None

    def enter(self, entry: Entry) -> None:
        """Somebody has logged in; what another edited is dropped."""
        if entry.account != self.seat.account:
            self.seat.edited = self.pasted = None
        self.seat.enter(entry)
        logger.info("%s logged in", self.who)

    def logout(self) -> None:
        """Nobody is logged in any more; what was edited is dropped."""
        if self.seat.account:
            logger.info("%s logged out", self.who)
        self.seat.edited = self.pasted = None
        self.seat.leave()

    @property
    def candidate(self) -> Candidate:
        """The settings being edited; those in use while nothing is."""
        return self.seat.edited or Candidate.of(self.operator.settings)

    @candidate.setter
    def candidate(self, candidate: Candidate) -> None:
        if self.seat.edited is None:
            self.seat.revision = self.operator.revision
        self.seat.edited = candidate if candidate.paths() else None

    async def commit(self, comment: str = "", *, confirm_s: float | None = None) -> tuple[list[Change], list[str]]:
        """Write what was edited: the changes, and sentences that tell what waits.

        Raises SettingsError, or ConflictError where another writer was faster; the edits stay.
        """
        candidate = self.candidate.rebased(self.operator.settings)  # volumes may have been turned meanwhile
        if self.seat.edited and self.seat.revision != self.operator.revision:
            self.seat.edited, self.seat.revision = candidate, self.operator.revision
            raise ConflictError(
                "Somebody else has changed the settings meanwhile.",
                "`diff` shows your changes to theirs, `commit` writes them.",
            )
        if not candidate.paths():
            self.seat.edited = None
            return [], []
        settings = candidate.validated(also=self.operator.problems)
        notes = await self.operator.commit(settings, Commit(self.who, comment, confirm_s))
        logger.info("%s changed %s", self.who, ", ".join(candidate.paths()))
        self._go_on()
        return candidate.diff(), notes

    async def roll_back(self, revision: int | None) -> int:
        """Make old settings what is edited, in place of what was, and return their revision; raises UsageError."""
        revision = self.operator.revision - 1 if revision is None else revision
        draft = await self.operator.settings_of(revision)
        self.replace(Candidate(self.operator.settings, draft))
        return revision

    def replace(self, candidate: Candidate) -> None:
        """Edit that in place of what was edited."""
        self.seat.edited = None
        self.candidate = candidate

    async def change(self, path: str, value: Any) -> tuple[list[Change], list[str]]:
        """Write and apply this one volume, whatever else is edited; raises as `set` and `commit` do."""
        candidate = Candidate.of(self.operator.settings).set(path, value)
        if not candidate.paths():
            return [], []
        notes = await self.operator.commit(candidate.validated(also=self.operator.problems))
        logger.info("%s changed %s", self.who, path)
        if self.seat.edited:
            self.seat.edited = self.seat.edited.rebased(self.operator.settings)
        return candidate.diff(), notes

    def _go_on(self) -> None:
        """Edit what was set while a commit was written, as another line of the same user may."""
        if self.seat.edited:
            self.replace(self.seat.edited.rebased(self.operator.settings))


@dataclass(slots=True)
class Desks:
    """The places of those who come back, such as a user whose every command is a connection of its own.

    Their seats are the gate's, which outlasts the station's restart.
    """

    operator: Operator
    taken: dict[str, Desk] = field(default_factory=dict)

    def of(self, who: str) -> Desk:
        """The same place for the same user."""
        return self.taken.setdefault(who, Desk(self.operator, who, self.operator.gate.place(who)))
