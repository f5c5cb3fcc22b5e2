"""Settings that nobody confirms, in a running station: they go back by themselves, and confirmed ones don't."""

import asyncio
from pathlib import Path

import pytest

from intercom.errors import ConflictError, SettingsError
from intercom.settings.archive import Archive
from intercom.settings.file import load
from intercom.settings.last_good import Origin
from intercom.settings.paths import replace
from intercom.settings.schema import Audio, Settings
from intercom.settings.transaction import Commit
from intercom.station.tuning import Ledger, Tuning


class Voice:
    """Plays as loud as told."""

    def __init__(self) -> None:
        self.volume = 100

    def tune(self, settings: Audio) -> None:
        self.volume = settings.volume

    async def apply(self, settings: Audio) -> list[str]:
        self.tune(settings)
        return []


class Rebuilt(asyncio.Queue[Settings]):
    """What parts were built anew with."""

    def take(self, before: Settings, after: Settings) -> None:
        self.put_nowait(after)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    path = tmp_path / "intercom.toml"
    path.write_text("")
    return Archive(path, tmp_path, Settings())


CHANGED = replace(replace(Settings(), "audio.volume", 10), "call.to", "nobody")


async def test_unconfirmed_settings_are_undone_in_the_file_and_in_use(archive: Archive) -> None:
    voice, rebuilt = Voice(), Rebuilt()
    async with asyncio.timeout(10), Tuning(Settings(), voice, store=archive, rebuild=rebuilt.take) as running:
        await running.commit(CHANGED, Commit("anna", confirm_s=0.05))
        assert [await rebuilt.get(), await rebuilt.get()] == [CHANGED, Settings()]
        assert (running.settings, load(archive.path), voice.volume) == (Settings(), Settings(), 100)
        assert [entry.who for entry in await running.entries()] == ["the settings file", "anna", "the station"]


async def test_a_volume_that_was_turned_before_is_as_it_was_in_the_file_and_in_use(archive: Archive) -> None:
    voice, rebuilt = Voice(), Rebuilt()
    async with asyncio.timeout(10), Tuning(Settings(), voice, store=archive, rebuild=rebuilt.take) as running:
        await running.commit(replace(Settings(), "audio.volume", 40))
        await running.commit(replace(running.settings, "call.to", "nobody"), Commit("anna", confirm_s=0.05))
        while running.settings.call.to:
            await rebuilt.get()
        assert (running.settings, voice.volume) == (load(archive.path), 40)


async def test_confirmed_ones_stay(archive: Archive) -> None:
    voice, rebuilt = Voice(), Rebuilt()
    async with asyncio.timeout(10), Tuning(Settings(), voice, store=archive, rebuild=rebuilt.take) as running:
        ledger = Ledger(Origin("f", "ok"), running)
        await running.commit(CHANGED, Commit("anna", confirm_s=60))
        assert ledger.status()["confirm_within_s"] in (59, 60)
        with pytest.raises(ConflictError, match="waits to be confirmed"):
            await running.commit(Settings(), Commit("bob"))
        assert await running.confirm() == 2
        assert ledger.status() == {"file": "f", "state": "ok", "why": "", "revision": 2}
        await running.commit(Settings(), Commit("bob", confirm_s=0.05))  # its time, not that of the first, counts
        assert [await rebuilt.get() for _ in range(3)] == [CHANGED, Settings(), CHANGED]


async def test_a_station_that_started_anew_meanwhile_goes_back_too(archive: Archive) -> None:
    voice, rebuilt = Voice(), Rebuilt()
    async with Tuning(Settings(), voice, store=archive, rebuild=rebuilt.take) as running:
        await running.commit(CHANGED, Commit("anna", confirm_s=0.05))
    async with asyncio.timeout(10), Tuning(running.settings, voice, store=archive, rebuild=rebuilt.take) as anew:
        while await rebuilt.get() != Settings():
            pass
        assert anew.settings == load(archive.path) == Settings()


async def test_without_a_file_there_is_no_history() -> None:
    async with Tuning(Settings(), Voice(), store=None, rebuild=lambda *_: None) as running:
        assert running.revision == 0
        for asked in (running.entries, running.confirm):
            with pytest.raises(SettingsError, match="without a settings file"):
                await asked()
