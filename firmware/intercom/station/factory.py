"""The way back to how a station came from the factory: ordered while it runs, done before it starts the next time.

The order is a file, so that a power cut leaves either the station as it was or one that is reset at its next start;
each step may be taken again.  Kept are the wiring, what was measured of the board, and the door's log.
"""

import logging
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from intercom import disk
from intercom.audio import board
from intercom.door import audit, relay, shelf
from intercom.door.chain import Record
from intercom.door.logbook import Logbook
from intercom.errors import IntercomError, SettingsError
from intercom.settings import file, last_good
from intercom.settings.schema import Settings
from intercom.settings.template import template
from intercom.station.rescue import BUTTON

MARKER = "factory-reset"
FILES, WIFI = b"files\n", b"wifi\n"  # what is yet to be forgotten: files and Wi-Fi, or that alone
KEPT = frozenset({MARKER, audit.FOLDER, relay.NAME, board.FILE})

logger = logging.getLogger(__name__)


def of(settings: Settings) -> Settings:
    """Defaults, but for the wiring: pins, ring, lock and the serial line."""
    return Settings(
        panel=replace(settings.panel, rules={}, hold_ms_of={}),
        door=replace(settings.door, allow=(), inband=False),
        console=settings.console,
    )


def order(state: Path) -> None:
    """Have the next start do it; raises IntercomError where that can't be written."""
    try:
        disk.write(state / MARKER, FILES)
    except OSError as error:
        raise IntercomError(f"The reset can't be ordered: {error.strerror}.", "Nothing is changed.") from error


def carry_out(path: Path | None, state: Path, *, forget_wifi: Callable[[], None]) -> None:
    """Before the settings are read: do what was ordered, if it was; what fails is logged and tried at the next start.

    `path` is the settings file, if there is one; `forget_wifi` raises IntercomError.
    """
    marker = state / MARKER
    try:
        ordered = marker.read_bytes() if marker.exists() else b""
        if ordered == FILES:
            logger.warning("the station is reset: all but its wiring is forgotten")
            _forget(path, state)
            disk.write(marker, WIFI)
        if ordered:
            forget_wifi()
            disk.remove(marker)
    except (OSError, IntercomError) as error:
        logger.error("the reset is not finished, and goes on at the next start: %s", error)  # noqa: TRY400


def _forget(path: Path | None, state: Path) -> None:
    if path:
        path = path.resolve()
        settings = of(_wired(path, state))
        disk.write(path, template(settings).encode(), like=path.stat() if path.exists() else None)
        for old in (path.with_name(f"{path.name}.prev"), path.with_name(f".{path.name}.new")):
            disk.remove(old)
    for each in _forgotten(state):
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        else:
            each.unlink()
    disk.sync(state)
    _tell(state / audit.FOLDER)


def _wired(path: Path, state: Path) -> Settings:
    """The settings that tell of the wiring, as far as any can be read."""
    for each in (path, state / last_good.NAME):
        try:
            return file.load(each)
        except SettingsError as error:
            logger.warning("%s", error)
    return Settings()


def _forgotten(state: Path) -> Iterator[Path]:
    yield from (each for each in state.iterdir() if each.name not in KEPT)
    door = state / audit.FOLDER
    if door.is_dir():
        yield from (each for each in door.iterdir() if not each.name.startswith((audit.PREFIX, shelf.TAMPERED)))


def _tell(door: Path) -> None:
    """Have the door's log, where there is one, tell of it."""
    if door.is_dir():
        logbook = Logbook(door, local=lambda: datetime.now().astimezone())
        logbook.tell(Record(what="factory reset", who=f"the {BUTTON} button"))
