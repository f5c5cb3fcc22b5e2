"""Commits settings again and again, in each way and each in a folder of its own, until the power goes.

`commits.py work FOLDER` goes on from what is there, and tells in memory how far it is.  `commits.py look FOLDER` starts
as a station does, and prints of each worker what was in its file, what is there then, and its history: a JSON object.
"""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from intercom.settings import last_good
from intercom.settings.archive import Archive
from intercom.settings.paths import replace
from intercom.settings.schema import Settings
from intercom.settings.transaction import Commit

TEXT = '# Gate\n[call]\nto = "{}"  # how many times\n'
DONE = Path("/run/commits")  # a file each: the number that stays, and how often it was done since power-on


@dataclass
class Worker:
    """One folder; `number` is that of the settings that are to stay."""

    archive: Archive
    settings: Settings
    number: int

    def keep(self) -> None:
        """Commit the next number."""
        self._commit(None)
        self.number += 1

    def confirm(self) -> None:
        """Commit the next number for a while, and confirm it."""
        self._commit(60)
        self.archive.confirm()
        self.number += 1

    def undo(self) -> None:
        """Commit the next number for a while, and let it be undone."""
        self._commit(60)
        self.archive.go_back()

    def _commit(self, confirm_s: float | None) -> None:
        settings = replace(self.settings, "call.to", str(self.number + 1))
        self.archive.commit(settings, Commit("worker", confirm_s=confirm_s))


WAYS: dict[str, Callable[[Worker], None]] = {"keep": Worker.keep, "confirm": Worker.confirm, "undo": Worker.undo}
WORKERS = {f"{way}-{number}": way for way in WAYS for number in (1, 2)}


def work(folder: Path) -> None:
    """Commit in all ways at once, for ever."""
    DONE.mkdir(exist_ok=True)
    for name, way in WORKERS.items():
        if os.fork() == 0:
            _work(way, folder / name)
    os.wait()


def look(folder: Path) -> None:
    """Print what is there."""
    print(json.dumps({name: _look(folder / name) for name in WORKERS}))  # noqa: T201


def _work(way: str, folder: Path) -> None:
    path, state = folder / "intercom.toml", folder / "state"
    if not path.exists():
        state.mkdir(parents=True)
        path.write_text(TEXT.format(0))
    settings, _ = last_good.start(path, state)
    worker = Worker(Archive(path, state, settings), settings, int(settings.call.to))
    done = os.open(DONE / folder.name, os.O_WRONLY | os.O_CREAT)
    for times in count(1):
        WAYS[way](worker)
        os.pwrite(done, f"{worker.number:9} {times:9}\n".encode(), 0)


def _look(folder: Path) -> dict[str, Any]:
    path, state = folder / "intercom.toml", folder / "state"
    found = path.read_text()
    settings, origin = last_good.start(path, state)
    entries = Archive(path, state, settings).entries()
    return {
        "found": found,
        "started": path.read_text(),
        "to": settings.call.to,
        "state": origin.state,
        "revisions": [entry.revision for entry in entries],
        "newest": entries[-1].settings.call.to,
    }


if __name__ == "__main__":
    {"work": work, "look": look}[sys.argv[1]](Path(sys.argv[2]))
