"""Where people and programs sit at the console: who they are, and the settings that each of them is editing."""

import logging
from dataclasses import dataclass, field
from typing import Any

from intercom.console.operator import Operator
from intercom.errors import ConflictError
from intercom.settings.transaction import Candidate, Change

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Desk:
    """One place: `who` is what the log names."""

    operator: Operator
    who: str
    edited: Candidate | None = None

    @property
    def candidate(self) -> Candidate:
        """The settings being edited; those in use while nothing is."""
        return self.edited or Candidate.of(self.operator.settings)

    @candidate.setter
    def candidate(self, candidate: Candidate) -> None:
        self.edited = candidate if candidate.paths() else None

    async def commit(self) -> tuple[list[Change], list[str]]:
        """Write what was edited: the changes, and sentences that tell what waits.

        Raises SettingsError, or ConflictError where another writer was faster; the edits stay.
        """
        candidate, current = self.candidate, self.operator.settings
        if candidate.base != current:
            self.candidate = candidate.rebased(current)
            raise ConflictError(
                "Somebody else has changed the settings meanwhile.",
                "`diff` shows your changes to theirs, `commit` writes them.",
            )
        if not candidate.paths():
            return [], []
        notes = await self.operator.commit(candidate.validated())
        logger.info("%s changed %s", self.who, ", ".join(candidate.paths()))
        self.edited = None
        return candidate.diff(), notes

    async def change(self, path: str, value: Any) -> tuple[list[Change], list[str]]:
        """Write and apply this one setting, whatever else is edited; raises as `set` and `commit` do."""
        candidate = Candidate.of(self.operator.settings).set(path, value)
        if not candidate.paths():
            return [], []
        notes = await self.operator.commit(candidate.validated())
        logger.info("%s changed %s", self.who, path)
        if self.edited:
            self.candidate = self.edited.rebased(self.operator.settings)
        return candidate.diff(), notes


@dataclass(slots=True)
class Desks:
    """The places of those who come back, such as a user whose every command is a connection of its own."""

    operator: Operator
    taken: dict[str, Desk] = field(default_factory=dict)

    def of(self, who: str) -> Desk:
        """The same place for the same user."""
        return self.taken.setdefault(who, Desk(self.operator, who))
