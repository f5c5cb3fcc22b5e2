"""The door's log as the door writes it: each record with its local time, into the journal too, and never in the way."""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from intercom.door.audit import AuditLog, read
from intercom.door.chain import Finding, Record, State
from intercom.errors import DoorError

logger = logging.getLogger(__name__)


class Logbook:
    """Blocks, as each record is on the disk before it counts.

    `why` tells why the last one could not be written, empty where it was; `state` how the log was found.
    """

    def __init__(self, folder: Path, *, local: Callable[[], datetime]) -> None:
        self.why, self.state = "", State.WHOLE
        self._folder, self._local = folder, local
        self._log = AuditLog(folder)

    def open(self) -> None:
        """Look at the log that is there, and put in order what a power cut left; `state` and `why` tell how it was."""
        try:
            found = self._log.open(self._now())
        except OSError as error:
            self._fail(error)
            return
        self.state = found.state
        if found.why:
            logger.warning("the door's log: %s", found.why)

    def write(self, record: Record) -> None:
        """Write it; raises DoorError where that can't be done."""
        record = replace(
            record, at=self._now(), who=_plain(record.who), why=_plain(record.why), call=_plain(record.call)
        )
        logger.info("door: %s", in_words(record))
        try:
            self._log.append(record)
        except OSError as error:
            raise self._fail(error) from error
        self.why = ""

    def tell(self, record: Record) -> None:
        """Write it if that can be done: `why` tells where not."""
        with suppress(DoorError):
            self.write(record)

    def read(self) -> Finding:
        """The log as it lies there; raises DoorError."""
        try:
            return read(self._folder)
        except OSError as error:
            raise DoorError(f"The door's log can't be read: {error.strerror}.", _HINT) from error

    def _fail(self, error: OSError) -> DoorError:
        told = DoorError(f"The door's log can't be written: {error.strerror}.", _HINT)
        if self.why != told.message:
            logger.error("%s", told)
        self.why = told.message
        return told

    def _now(self) -> str:
        return self._local().isoformat(timespec="seconds")


_HINT = "See to the disk and to the state folder."


def in_words(record: Record) -> str:
    """One line for people, without its time."""
    allowed = {True: "allowed", False: "refused", None: ""}[record.allowed]
    facts = [record.who, record.how and f"by {record.how}", record.what, allowed, record.why]
    return ", ".join(fact for fact in facts if fact) + (f" ({record.times} times)" if record.times > 1 else "")


def _plain(text: str) -> str:
    """What a terminal shows as it is, and a journal in one line."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)
