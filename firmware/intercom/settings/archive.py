"""A station's settings file with its history, and the return from a commit that nobody confirms.

A commit writes its entry of the history, then (where it is to be confirmed) the marker, which holds the file as it
was, then the file.  To confirm is to remove the marker: a program that starts and finds one puts the old file back,
whatever happened meanwhile and whatever the clock says.
"""

import codecs
import logging
import stat
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from intercom import disk
from intercom.errors import ConflictError, IntercomError, SettingsError
from intercom.settings.file import text_of
from intercom.settings.history import Entry, History
from intercom.settings.paths import get, replace
from intercom.settings.schema import Settings
from intercom.settings.store import Store
from intercom.settings.template import template
from intercom.settings.transaction import VOLUMES, Candidate, Commit

HISTORY, MARKER = "history", "unconfirmed.json"
FILE, STATION = "the settings file", "the station"

logger = logging.getLogger(__name__)


class Unconfirmed(msgspec.Struct, frozen=True):
    """The marker: the revision that waits to be confirmed, the one that returns otherwise, and its file."""

    revision: int
    base: int
    text: str

    @property
    def why(self) -> str:
        """What is told of the return."""
        return f"Revision {self.revision} was not confirmed: back to {self.base}."


class Archive:
    """Blocks: call it off the loop.  Raises SettingsError where files can't be written; then nothing has changed."""

    def __init__(self, path: Path, state: Path, settings: Settings, *, returned: str = "") -> None:
        """`settings` are those that the program starts with; a file that somebody edited makes a revision too.

        `returned` is what `recover` told.
        """
        self.path = path
        self.returns_at: float | None = None  # by the monotonic clock of this run
        self._settings = settings
        self._undoing: tuple[Unconfirmed, Settings] | None = None  # what returns, to the letter and as it was in use
        self._store, self._history = Store(path), History(state / HISTORY)
        self._state, self._marker = state, state / MARKER
        self.revision = 0
        try:
            newest = self._history.newest()
            self.revision = newest.revision if newest else 0
            if newest is None or _is_another(newest, settings):
                self._enter(settings, Commit(STATION, returned) if returned else Commit(FILE, "found so at start"))
        except OSError as error:  # which must not keep a station from starting
            logger.warning("the settings' history can't be kept: %s", error.strerror)

    def commit(self, settings: Settings, commit: Commit, *, only: Collection[str] = ()) -> None:
        """Make the file hold these, and be their revision; `only`: these paths, all else in the file stays.

        Raises ConflictError while another commit waits to be confirmed.
        """
        if self.returns_at is not None:
            raise ConflictError(
                f"Revision {self.revision} waits to be confirmed.", "`confirm` keeps it; without, it is undone in time."
            )
        self._return_late()
        before = self.revision
        try:
            self._enter(settings, commit)
            unconfirmed = self._mark(before) if commit.confirm_s is not None else None
            self._write(settings, only)
        except OSError as error:
            self._undo(before)
            raise _unwritable(error) from error
        except IntercomError:
            self._undo(before)
            raise
        if unconfirmed and commit.confirm_s is not None:
            self._undoing, self.returns_at = (unconfirmed, self._settings), time.monotonic() + commit.confirm_s
        self._settings = settings

    def put(self, values: Mapping[str, Any]) -> None:
        """Make the file hold these volumes, without a revision."""
        self._store.put(values)
        for path, value in values.items():
            self._settings = replace(self._settings, path, value)

    def confirm(self) -> int:
        """Keep what was committed for a while only, and return its revision; raises ConflictError where nothing was."""
        if self.returns_at is None:
            raise ConflictError("Nothing waits to be confirmed.", "`commit confirm SECONDS` makes a commit that does.")
        try:
            disk.remove(self._marker, strict=False)
        except OSError as error:
            raise _unwritable(error) from error
        self._undoing = self.returns_at = None
        return self.revision

    def go_back(self) -> Settings:
        """Put back what was before the commit that nobody confirmed, and return it.

        Where it can't be written, the marker stays, and the next start tries again.
        """
        if self._undoing is None:
            raise ConflictError("Nothing waits to be confirmed.")
        unconfirmed, before = self._undoing
        self._undoing, self.returns_at, self._settings = None, None, before
        try:
            _put_back(self.path, unconfirmed)
            disk.remove(self._marker, strict=False)
            self._enter(before, Commit(STATION, unconfirmed.why))
        except OSError as error:
            logger.error("settings: %s", _unwritable(error))  # noqa: TRY400  (an operator's matter)
        return before

    def entries(self) -> list[Entry]:
        """The history, the oldest first."""
        return self._history.entries()

    def settings_of(self, revision: int) -> Settings:
        """Those of that revision; raises UsageError, and SettingsError where they are no more."""
        return self._history.entry(revision).settings

    def _return_late(self) -> None:
        """Put back what could not be when its time came; the file would else keep what nobody confirmed."""
        if why := recover(self.path, self._state):
            with suppress(OSError):
                self._enter(self._settings, Commit(STATION, why))

    def _enter(self, settings: Settings, commit: Commit) -> None:
        newest = self._history.newest()
        entry = Entry(
            revision=self.revision + 1,
            at=time.time(),
            who=commit.who,
            comment=commit.comment,
            paths=tuple(_paths(newest, settings)),
            tree=msgspec.to_builtins(settings),
        )
        self._history.add(entry)
        self.revision = entry.revision

    def _mark(self, base: int) -> Unconfirmed:
        text = text_of(self.path) if self.path.exists() else template(self.settings_of(base))
        unconfirmed = Unconfirmed(self.revision, base, text)
        disk.write(self._marker, msgspec.json.encode(unconfirmed), strict=False)
        return unconfirmed

    def _write(self, settings: Settings, only: Collection[str]) -> None:
        if only:
            self._store.put({path: get(settings, path) for path in only})
        else:
            self._store.write(settings)

    def _undo(self, before: int) -> None:
        """Forget a commit that failed; the next start puts right what can't be forgotten now."""
        with suppress(OSError):
            self._history.drop(before + 1)
        with suppress(OSError):
            disk.remove(self._marker, strict=False)
        self.revision = before


def recover(path: Path, state: Path) -> str:
    """Before the file is read: put back what a commit replaced that was not confirmed; tells so, empty: nothing was.

    Raises SettingsError where the file can't be written; the next start tries again.
    """
    file = state / MARKER
    marker = _marked(file)
    if marker is None:
        return ""
    try:
        is_back = _put_back(path, marker)
        disk.remove(file, strict=False)
    except OSError as error:
        raise _unwritable(error) from error
    return marker.why if is_back else ""


def _marked(file: Path) -> Unconfirmed | None:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Unconfirmed)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        logger.warning("%s can't be read, and is left alone: %s", file, type(error).__name__)
        return None


def _put_back(path: Path, marker: Unconfirmed) -> bool:
    """Whether the file was another; it is not where the power went before it was replaced."""
    path, content = path.resolve(), marker.text.encode()
    old = path.stat() if path.exists() else None
    if old and path.read_bytes().removeprefix(codecs.BOM_UTF8) == content:
        return False
    disk.write(path, content, mode=stat.S_IMODE(old.st_mode) if old else 0o600, like=old, strict=False)
    logger.warning("settings: %s", marker.why)
    return True


def _paths(newest: Entry | None, settings: Settings) -> list[str]:
    """What differs from that entry; nothing that is known where it is of another version of this program."""
    try:
        return Candidate(newest.settings, settings).paths() if newest else []
    except SettingsError:
        return []


def _is_another(newest: Entry, settings: Settings) -> bool:
    """Whether these are no longer that entry's, or nobody can tell, as another version of this program wrote it."""
    try:
        return not VOLUMES.issuperset(Candidate(newest.settings, settings).paths())
    except SettingsError:
        return True


def _unwritable(error: OSError) -> SettingsError:
    return SettingsError(
        f"The settings or their history can't be written: {error.strerror}.", "The settings in use are unchanged."
    )
