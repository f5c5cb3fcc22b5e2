"""The stories on disk: two files of lines of JSON, of which the older one goes when the newer one is full.

A call is a line when it opens and another when it is over, of which the later counts: what a power cut left without an
end was cut by it.  Lines are only added, so that an SD card wears little.
"""

import logging
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec.structs import replace

from intercom import disk
from intercom.story.record import CUT, Story

NEWER, OLDER = "calls.jsonl", "calls.1.jsonl"
FULL_BYTES = 96 * 1024
MOST_BYTES = 2 * FULL_BYTES  # of a file that is read at all
KEPT = 200

logger = logging.getLogger(__name__)


def read(folder: Path) -> list[Story]:
    """Return the stories that are there, the oldest first; raises OSError.  What is no story is passed over."""
    stories: dict[int, Story] = {}
    for name in (OLDER, NEWER):
        for line in _lines(folder / name):
            with suppress(msgspec.MsgspecError, UnicodeDecodeError):
                story = msgspec.json.decode(line, type=Story)
                stories[story.n] = story
    ordered = [stories[n] for n in sorted(stories)][-KEPT:]
    return [story if story.how else replace(story, how=CUT) for story in ordered]


def add(folder: Path, stories: Iterable[Story]) -> None:
    """Add stories, or what is new of them; raises OSError."""
    newer, older = folder / NEWER, folder / OLDER
    with suppress(FileNotFoundError):
        if newer.stat().st_size > FULL_BYTES:
            newer.replace(older)
    lines = b"".join(msgspec.json.encode(story) + b"\n" for story in stories)
    disk.append(newer, lines if _is_whole(newer) else b"\n" + lines)


def _lines(path: Path) -> list[bytes]:
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return []
    with os.fdopen(file, "rb") as stream:
        return stream.read(MOST_BYTES).splitlines()


def _is_whole(path: Path) -> bool:
    """Whether it ends with a line's end, as what a power cut left may not."""
    with suppress(FileNotFoundError), path.open("rb") as stream:
        if stream.seek(0, os.SEEK_END):
            stream.seek(-1, os.SEEK_END)
            return stream.read(1) == b"\n"
    return True
