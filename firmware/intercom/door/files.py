"""Small files of the door's folder: private, written whole, and on the disk before the call returns."""

import os
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Put this in place of what was there: any cut leaves the old or the new.  Raises OSError; then the old stays."""
    fresh = path.with_name(f".{path.name}")
    fresh.unlink(missing_ok=True)
    file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(file, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(file)
    fresh.replace(path)
    sync(path.parent)


def remove(path: Path) -> None:
    """Remove it, whether or not it is there; raises OSError."""
    path.unlink(missing_ok=True)
    sync(path.parent)


def sync(folder: Path) -> None:
    """Have what was made, renamed or removed in a folder outlive a power cut; raises OSError."""
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)
