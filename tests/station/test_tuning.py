"""Settings of a running station: in the file and in use, both or neither."""

import asyncio
import threading
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from intercom.errors import ConflictError, SettingsError
from intercom.settings import file, schema
from intercom.settings.archive import Archive
from intercom.settings.schema import Call, Settings
from intercom.settings.store import Store
from intercom.settings.transaction import Commit
from intercom.station import plan, tuning
from intercom.station.tuning import Tuning

ME = Commit("me")


class Voice:
    """Takes what it is given, but for a ringtone that is not there."""

    def __init__(self) -> None:
        self.takes = schema.Audio()

    def tune(self, settings: schema.Audio) -> None:
        self.takes = settings

    async def apply(self, settings: schema.Audio) -> list[str]:
        self.tune(settings)
        return ["The ringtone is not there."] if settings.ringtone else []


class Studio:
    """Settings in a file, in use by a voice; `rebuilt` are the parts that were to be."""

    def __init__(self, path: Path, archive: Archive | None = None) -> None:
        self.path, self.voice, self.rebuilt = path, Voice(), list[plan.Part]()
        Store(path).write(Settings())
        self.archive = archive or Archive(path, path.parent, Settings())
        self.tuning = Tuning(Settings(), self.voice, store=self.archive, rebuild=self.rebuild)

    def rebuild(self, before: Settings, after: Settings) -> None:
        self.rebuilt += plan.touched(before, after)

    @property
    def volumes(self) -> list[int]:
        """The volume as committed, in use, and in the file."""
        return [self.tuning.settings.audio.volume, self.voice.takes.volume, file.load(self.path).audio.volume]


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path / "intercom.toml")


def quieter(settings: Settings, volume: int) -> Settings:
    return replace(settings, audio=replace(settings.audio, volume=volume))


async def test_a_volume_is_taken_alive_and_kept(studio: Studio) -> None:
    async with studio.tuning as running:
        assert await running.commit(quieter(running.settings, 60)) == [f"Written to {studio.path}."]
        assert (studio.volumes, studio.rebuilt) == ([60, 60, 60], [])


async def test_what_can_not_be_taken_alive_waits_for_the_restart_and_is_not_lost_by_a_volume_after_it(
    studio: Studio,
) -> None:
    async with studio.tuning as running:
        await running.commit(replace(running.settings, call=Call(to="anna")), ME)
        assert studio.rebuilt == [plan.Part.STATION]
        await running.commit(quieter(running.settings, 60))
        assert (studio.volumes, studio.rebuilt) == ([60, 60, 60], [plan.Part.STATION])
        assert file.load(studio.path).call.to == "anna"


async def test_a_ringtone_that_is_not_there_is_told(studio: Studio) -> None:
    async with studio.tuning as running:
        audio = replace(running.settings.audio, ringtone="/nowhere.wav")
        assert (await running.commit(replace(running.settings, audio=audio), ME))[1:] == ["The ringtone is not there."]


async def test_a_file_that_can_not_be_written_leaves_everything_as_it_was(studio: Studio) -> None:
    studio.path.with_name(f".{studio.path.name}.new").mkdir()
    async with studio.tuning as running:
        with pytest.raises(SettingsError, match="can't be written"):
            await running.commit(quieter(running.settings, 60))
        assert (studio.volumes, studio.rebuilt) == ([100, 100, 100], [])


async def test_only_what_was_turned_is_written_where_somebody_edits_the_file_meanwhile(studio: Studio) -> None:
    async with studio.tuning as running:
        Store(studio.path).write(Settings(call=Call(to="anna")))
        await running.commit(quieter(running.settings, 60))
        running.turn("audio.ring_volume", 10)
    written = file.load(studio.path)
    assert (written.audio.volume, written.audio.ring_volume, written.call.to) == (60, 70, "anna")


async def test_a_file_with_mistakes_is_not_written_over_for_a_volume(studio: Studio) -> None:
    studio.path.write_text("[call]\nto = 7\n")
    async with studio.tuning as running:
        with pytest.raises(SettingsError, match=r"call\.to"):
            await running.commit(quieter(running.settings, 60))
        running.turn("audio.volume", -10)
    assert studio.path.read_text() == "[call]\nto = 7\n"


async def test_without_a_file_a_volume_is_forgotten_at_the_end_and_all_else_refused() -> None:
    voice = Voice()
    async with Tuning(Settings(), voice, store=None, rebuild=lambda *_: None) as running:
        assert "forgotten" in (await running.commit(quieter(running.settings, 60)))[0]
        assert (voice.takes.volume, running.settings.audio.volume) == (60, 60)
        with pytest.raises(SettingsError, match="without a settings file"):
            await running.commit(replace(running.settings, call=Call(to="anna")), ME)
        assert running.settings.call.to == ""


class SlowArchive(Archive):
    """Writes when it is let."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, path.parent, Settings())
        self.is_asked, self.may_write = threading.Event(), threading.Event()

    def put(self, values: Mapping[str, Any]) -> None:
        self.is_asked.set()
        assert self.may_write.wait(5)
        super().put(values)

    def commit(self, settings: Settings, commit: Commit, *, only: Collection[str] = ()) -> None:
        super().commit(settings, commit, only=only)
        self.is_asked.set()
        assert self.may_write.wait(5)


async def test_of_two_who_commit_at_once_the_second_is_told_and_changes_nothing(tmp_path: Path) -> None:
    store = SlowArchive(tmp_path / "intercom.toml")
    studio = Studio(store.path, store)
    async with studio.tuning as running:
        first = asyncio.create_task(running.commit(quieter(running.settings, 60)))
        await asyncio.to_thread(store.is_asked.wait, 5)
        with pytest.raises(ConflictError, match="being written now"):
            await running.commit(quieter(running.settings, 20))
        store.may_write.set()
        await first
        assert studio.volumes == [60, 60, 60]


async def test_a_commit_goes_to_its_end_where_its_line_is_built_anew_meanwhile(tmp_path: Path) -> None:
    store = SlowArchive(tmp_path / "intercom.toml")
    studio = Studio(store.path, store)
    async with studio.tuning as running:
        leaving = asyncio.create_task(running.commit(replace(running.settings, call=Call(to="anna")), ME))
        await asyncio.to_thread(store.is_asked.wait, 5)
        assert (running.revision, running.settings) == (1, Settings())  # both old, then both new
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        with pytest.raises(ConflictError, match="being written now"):
            await running.commit(quieter(running.settings, 20))
        asyncio.get_running_loop().call_soon(store.may_write.set)
    assert (running.revision, running.settings) == (2, file.load(studio.path))
    assert running.settings.call.to == "anna"


async def test_a_buttons_turns_are_heard_at_once_within_bounds_and_kept_at_the_end(studio: Studio) -> None:
    async with studio.tuning as running:
        running.turn("audio.volume", 10)
        assert studio.volumes == [100, 100, 100]
        for _ in range(12):
            running.turn("audio.volume", -10)
        assert studio.volumes == [0, 0, 100]
        running.turn("audio.volume", 10)
    assert studio.volumes == [10, 10, 10]


async def test_turns_are_written_when_no_more_follow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "SETTLE_S", 0.01)
    store = SlowArchive(tmp_path / "intercom.toml")
    store.may_write.set()
    studio = Studio(store.path, store)
    async with studio.tuning as running:
        running.turn("audio.ring_volume", -10)
        assert await asyncio.to_thread(store.is_asked.wait, 5)
    assert file.load(studio.path).audio.ring_volume == 50


async def test_turns_that_can_not_be_kept_stay_heard_and_are_logged(
    studio: Studio, caplog: pytest.LogCaptureFixture
) -> None:
    studio.path.with_name(f".{studio.path.name}.new").mkdir()
    async with studio.tuning as running:
        running.turn("audio.volume", -10)
    assert studio.volumes == [90, 90, 100]
    assert "a volume is not kept" in caplog.text
