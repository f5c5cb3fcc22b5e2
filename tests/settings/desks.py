"""A station's settings in a real file with its history, and a desk at which they are edited; nothing else of it."""

from pathlib import Path
from typing import Any

import msgspec

from intercom.console.commands import find
from intercom.console.desk import Desk
from intercom.settings.archive import Archive
from intercom.settings.file import load
from intercom.settings.paths import find as leaf_of
from intercom.settings.paths import get
from intercom.settings.schema import Settings
from intercom.settings.transaction import Candidate, Commit
from tests.console.station import SmallStation


class FiledStation(SmallStation):
    """Its settings are those of `path`, its history is beside it."""

    def __init__(self, path: Path, text: str) -> None:
        path.parent.mkdir()
        path.write_text(text)
        self.path, self.archive = path, Archive(path, path.parent / "state", load(path))
        super().__init__()
        self.settings = load(path)
        self.desk = Desk(self, "uid 1000")

    @property
    def revision(self) -> int:
        return self.archive.revision

    def problems(self, settings: Settings) -> list[tuple[str, str]]:
        return []

    async def commit(self, settings: Settings, commit: Commit | None = None) -> list[str]:
        assert commit
        self.archive.commit(settings, commit)
        self.settings = settings
        return []

    async def run(self, verb: str, **given: Any) -> dict[str, Any]:
        """Do a command at the desk; raises IntercomError."""
        return msgspec.to_builtins(await find(verb).run(self.desk, given))  # type: ignore[no-any-return]

    async def edit(self, wanted: Settings) -> None:
        """Set, or unset, each setting by its path until these are edited."""
        for path in Candidate(self.settings, wanted).paths():
            value = get(wanted, path)
            given = {} if value is None or value == leaf_of(path).default else {"value": value}
            await self.run("set" if given else "unset", path=path, **given)

    async def export(self) -> list[str]:
        """The lines of all its settings."""
        return str((await self.run("export"))["text"]).split("\n")

    async def paste(self, lines: list[str]) -> dict[str, Any]:
        """Import them as they are typed; return the last answer, or raise what it was."""
        answer = await self.run("import")
        for line in lines:
            answer = await self.run("import", text=f"{line}\n")
        return answer

    def trace(self) -> tuple[Any, ...]:
        """All that a refused change must leave as it is."""
        files = {file: file.read_bytes() for file in self.path.parent.rglob("*") if file.is_file()}
        return files, self.settings, self.revision, self.desk.candidate
