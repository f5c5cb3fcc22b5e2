"""Small files that outlive a restart."""

import os
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Write it whole, in place of what was there: any cut leaves the old or the new; raises OSError."""
    fresh = path.with_name(f".{path.name}")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
