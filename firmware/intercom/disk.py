"""Files that a power cut leaves old or new, never torn.  Everything here blocks, and raises OSError."""

import logging
import os
from contextlib import suppress
from pathlib import Path

logger = logging.getLogger(__name__)


def write(
    path: Path,
    content: bytes,
    *,
    mode: int = 0o600,
    like: os.stat_result | None = None,
    keeps_previous: bool = False,
    strict: bool = True,
) -> None:
    """Make the file hold that: a temporary file, fsync, rename, fsync of the folder.

    `like` tells whose it is to be; `keeps_previous` links what is replaced to `NAME.prev`.  What can be seen but might
    not outlive a power cut, as the folder can't be synced, is an error if `strict`, else told in the log.
    """
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    try:
        file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(file, "wb") as stream:
            stream.write(content)
            stream.flush()
            _dress(file, mode, like)
            os.fsync(file)
        if keeps_previous:
            _keep(path)
        new.rename(path)
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)
    _settle(path.parent, strict=strict)


def append(path: Path, content: bytes) -> None:
    """Add to the end of a file, which is made where it is not there; a power cut may leave a beginning of it."""
    is_new = not path.exists()
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, 0o600), "ab") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    if is_new:
        sync(path.parent)


def remove(path: Path, *, strict: bool = True) -> None:
    """Have the file gone; one that is not there is none.  `strict` as of `write`."""
    path.unlink(missing_ok=True)
    _settle(path.parent, strict=strict)


def sync(folder: Path) -> None:
    """Have what was made, renamed or removed in a folder outlive a power cut."""
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _dress(file: int, mode: int, like: os.stat_result | None) -> None:
    if like:
        with suppress(PermissionError):  # the folder is ours, the file was root's: then it becomes ours
            os.fchown(file, like.st_uid, like.st_gid)
    os.fchmod(file, mode)


def _keep(path: Path) -> None:
    link, previous = path.with_name(f".{path.name}.prev.new"), path.with_name(f"{path.name}.prev")
    link.unlink(missing_ok=True)
    link.hardlink_to(path)
    link.rename(previous)


def _settle(folder: Path, *, strict: bool) -> None:
    try:
        sync(folder)
    except OSError as error:
        if strict:
            raise
        logger.warning("%s: a power cut now may undo the last write: %s", folder, error.strerror)
