"""The revisions of one settings file: who committed what when, and the settings themselves.

One file each, its owner's alone, as settings hold secrets; nothing that is shown of an entry holds a value.
"""

import logging
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from intercom import disk
from intercom.errors import SettingsError, UsageError
from intercom.settings.schema import Settings

KEPT = 50

logger = logging.getLogger(__name__)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One revision: `at` is the wall clock's, which a Pi without network may have wrong; `paths` is what differed."""

    revision: int
    at: float
    who: str
    comment: str = ""
    paths: tuple[str, ...] = ()
    tree: dict[str, Any]

    @property
    def settings(self) -> Settings:
        """The settings; raises SettingsError where they are of a version of this program that knew others."""
        try:
            return msgspec.convert(self.tree, Settings)
        except msgspec.ValidationError as error:
            raise SettingsError(f"Revision {self.revision} holds settings that are no more.") from error

    def shown(self) -> dict[str, Any]:
        """What people and programs may see of it."""
        return {
            "revision": self.revision,
            "at": datetime.fromtimestamp(self.at).astimezone().isoformat(" ", "seconds"),
            "who": self.who,
            "comment": self.comment,
            "paths": list(self.paths),
        }


class History:
    """The last 50 entries in a folder; blocks, and raises OSError where it writes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def newest(self) -> Entry | None:
        """The newest entry that can be read."""
        return next((entry for number in reversed(self._numbers()) if (entry := self._read(number))), None)

    def entries(self) -> list[Entry]:
        """Every entry that can be read, the oldest first."""
        return [entry for number in self._numbers() if (entry := self._read(number))]

    def entry(self, revision: int) -> Entry:
        """That one; raises UsageError."""
        if revision in self._numbers() and (entry := self._read(revision)):
            return entry
        raise UsageError(f"There is no revision {revision}.", "`history` lists those that there are.")

    def add(self, entry: Entry) -> None:
        """Keep it, and forget the oldest beyond 50."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        disk.write(self._file(entry.revision), msgspec.json.encode(entry), strict=False)
        for number in self._numbers()[:-KEPT]:
            self._file(number).unlink(missing_ok=True)

    def drop(self, revision: int) -> None:
        """Forget it, as it never came to be."""
        disk.remove(self._file(revision), strict=False)

    def _file(self, revision: int) -> Path:
        return self._folder / f"{revision:06}.json"

    def _numbers(self) -> list[int]:
        return sorted(int(file.stem) for file in self._folder.glob("*.json") if file.stem.isdecimal())

    def _read(self, revision: int) -> Entry | None:
        try:
            return msgspec.json.decode(self._file(revision).read_bytes(), type=Entry)
        except (OSError, msgspec.MsgspecError) as error:
            logger.warning("revision %s of the settings can't be read: %s", revision, type(error).__name__)
            return None
