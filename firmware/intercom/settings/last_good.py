"""The settings a station starts with: the file's, or those that worked last when the file can't be used."""

import logging
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from intercom import disk
from intercom.errors import SettingsError
from intercom.settings import archive, file
from intercom.settings.schema import Settings

logger = logging.getLogger(__name__)

NAME = "last-good.toml"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the settings in use are from.

    `state` is `ok`, `defaults` (there is no file), `last good`, `returned` (from a commit that nobody confirmed) or
    `rescue`.
    """

    file: str
    state: str
    why: str = ""

    def status(self) -> dict[str, Any]:
        """Return what `intercom status` shows under `settings`."""
        return asdict(self)


def start(path: Path | None, state: Path, *, also: file.Check | None = None) -> tuple[Settings, Origin]:
    """Return the settings of `path`; raises SettingsError where neither they nor an earlier copy can be used.

    A copy of what could be read stays in `state`, for the day on which the file can't be.  A commit that was not
    confirmed is undone first.  `also`: see `file.load`.
    """
    if path is None:
        return Settings(), Origin("", "defaults")
    kept = state / NAME
    try:
        why = archive.recover(path, state)
        settings = file.load(path, also=also)
    except SettingsError as error:
        if not kept.exists():
            raise
        logger.error("%s  The settings that worked last are used.", error)  # noqa: TRY400  (an operator's matter)
        return file.load(kept, also=also), Origin(str(path), "last good", str(error))
    with suppress(OSError):  # a state folder that can't be written must not keep the station from starting
        _keep(path.read_text("utf-8"), kept)
    return settings, Origin(str(path), "returned" if why else "ok", why)


def _keep(text: str, kept: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    disk.write(kept, text.encode())
