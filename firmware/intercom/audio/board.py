"""What this board was found to have the strength for, as `intercom doctor board` notes it in the state folder."""

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from intercom import disk
from intercom.audio.profile import Name

FILE = "board.json"


class Board(Struct, frozen=True, kw_only=True):
    """`share` of one core is what a call was estimated to use, by this profile at this complexity of the codec."""

    profile: Name
    complexity: Annotated[int, Meta(ge=0, le=10)]
    share: float
    at: str


def read(state: Path) -> Board | None:
    """Return what was noted; None: nothing that can be read."""
    try:
        return msgspec.json.decode((state / FILE).read_bytes(), type=Board)
    except (OSError, msgspec.DecodeError):
        return None


def write(state: Path, board: Board) -> None:
    """Note it, in place of what was noted before; raises OSError."""
    disk.write(state / FILE, msgspec.json.encode(board) + b"\n")
