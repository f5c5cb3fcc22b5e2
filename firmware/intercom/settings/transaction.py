"""Settings being edited: a candidate that is compared, validated as a whole, and then written or dropped.  Pure."""

from dataclasses import dataclass
from typing import Any

import msgspec

from intercom.errors import SettingsError
from intercom.settings.clashes import clashes
from intercom.settings.file import Check
from intercom.settings.paths import find, get, leaves, read, replace, shown
from intercom.settings.schema import Settings
from intercom.settings.words import written

# What buttons and the word `volume` turn: no revision of the settings.
VOLUMES = frozenset({"audio.volume", "audio.ring_volume", "audio.mic_gain_db"})


@dataclass(frozen=True, slots=True)
class Commit:
    """Who commits and why; where `confirm_s` is told it goes back by itself after so many seconds."""

    who: str
    comment: str = ""
    confirm_s: float | None = None


class Change(msgspec.Struct, frozen=True):
    """One setting that differs, its values as they may be shown: a secret is `<set>`."""

    path: str
    value: Any
    was: Any

    def __str__(self) -> str:
        another = ", another one" if self.value == self.was else ""  # of secrets
        return f"{self.path} = {written(self.value)}  # was {written(self.was)}{another}"


@dataclass(frozen=True, slots=True)
class Candidate:
    """The settings it began with, and the draft of new ones."""

    base: Settings
    draft: Settings

    @classmethod
    def of(cls, settings: Settings) -> "Candidate":
        """A candidate in which nothing has changed."""
        return cls(settings, settings)

    def set(self, path: str, value: Any) -> "Candidate":
        """The candidate with that value, given as words or typed; raises UsageError."""
        return Candidate(self.base, replace(self.draft, path, read(path, value)))

    def unset(self, path: str) -> "Candidate":
        """The candidate with that setting's default; raises UsageError."""
        return Candidate(self.base, replace(self.draft, path, find(path).default))

    def paths(self) -> list[str]:
        """The settings that differ from the base; of a table, its keys that do."""
        return [path for leaf in leaves() for path in _changed(leaf, get(self.base, leaf), get(self.draft, leaf))]

    def diff(self) -> list[Change]:
        """What differs from the base, in the order of the tree; `str` of a change is `audio.volume = 60  # was 80`."""
        return [
            Change(path, shown(find(path), get(self.draft, path)), shown(find(path), get(self.base, path)))
            for path in self.paths()
        ]

    def validated(self, *, also: Check = lambda _: ()) -> Settings:
        """The draft; raises SettingsError, one line per problem, where settings contradict each other.

        `also` knows more of what is wrong with settings than this package can.
        """
        problems = [*clashes(self.draft), *also(self.draft)]
        if problems:
            raise SettingsError("\n".join(f"{path} {words}" for path, words in problems))
        return self.draft

    def rebased(self, base: Settings) -> "Candidate":
        """The same edits on top of other settings."""
        draft = base
        for path in self.paths():
            draft = replace(draft, path, get(self.draft, path))
        return Candidate(base, draft)


def _changed(path: str, before: Any, after: Any) -> list[str]:
    if isinstance(before, dict):
        return [f"{path}.{key}" for key in (before | after) if before.get(key) != after.get(key)]
    return [path] if before != after else []
