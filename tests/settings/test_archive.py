"""The settings file with its history: what was committed by whom, and the return from what nobody confirmed."""

from pathlib import Path

import pytest

from intercom.errors import ConflictError, SettingsError, UsageError
from intercom.settings import last_good
from intercom.settings.archive import HISTORY, MARKER, Archive
from intercom.settings.file import load
from intercom.settings.history import KEPT
from intercom.settings.paths import replace
from intercom.settings.schema import Settings
from intercom.settings.transaction import Commit

TEXT = "# Hall\n[audio]\nvolume = 80  # not too loud\n"
ANNA = Commit("anna", "for the new door")
TRIAL = Commit("anna", confirm_s=60)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "intercom.toml"
    file.write_text(TEXT)
    return file


def started(path: Path) -> Archive:
    """As at the start of a station."""
    settings, _ = last_good.start(path, path.parent / "state")
    return Archive(path, path.parent / "state", settings)


def calling(path: Path, to: str) -> Settings:
    return replace(load(path), "call.to", to)


def told(archive: Archive) -> list[tuple[int, str, str, tuple[str, ...]]]:
    return [(entry.revision, entry.who, entry.comment, entry.paths) for entry in archive.entries()]


FOUND = (1, "the settings file", "found so at start", ())


def test_each_commit_is_a_revision_with_who_and_why(path: Path) -> None:
    archive = started(path)
    archive.commit(calling(path, "anna"), ANNA)
    assert told(archive) == [FOUND, (2, "anna", "for the new door", ("call.to",))]
    assert (archive.revision, load(path).call.to, archive.settings_of(1).call.to) == (2, "anna", "")
    assert path.read_text().startswith(TEXT.rstrip())


def test_a_start_adds_nothing_but_what_somebody_edited_in_the_file(path: Path) -> None:
    started(path).commit(calling(path, "anna"), ANNA)
    assert started(path).revision == 2
    path.write_text('[call]\nto = "bob"\n[audio]\nvolume = 10\n')
    assert told(started(path))[2:] == [(3, "the settings file", "found so at start", ("call.to", "audio.volume"))]


def test_turned_volumes_are_no_revision(path: Path) -> None:
    started(path).put({"audio.volume": 10})
    assert started(path).revision == 1
    assert load(path).audio.volume == 10


def test_only_the_named_paths_are_written_where_asked(path: Path) -> None:
    archive = started(path)
    path.write_text(f'{TEXT}[call]\nto = "by hand"\n')
    archive.commit(replace(Settings(), "audio.ring_volume", 5), ANNA, only=["audio.ring_volume"])
    assert (load(path).call.to, load(path).audio.ring_volume) == ("by hand", 5)


def test_the_history_keeps_fifty_and_is_its_owners_alone(path: Path) -> None:
    archive = started(path)
    for count in range(KEPT + 5):
        archive.commit(calling(path, f"n{count}"), ANNA)
    kept = [entry.revision for entry in archive.entries()]
    assert kept == list(range(7, KEPT + 7))
    folder = path.parent / "state" / HISTORY
    assert folder.stat().st_mode & 0o077 == 0
    assert all(file.stat().st_mode & 0o077 == 0 for file in folder.iterdir())
    with pytest.raises(UsageError, match=r"There is no revision 6\."):
        archive.settings_of(6)


def test_what_is_shown_of_the_history_holds_no_value(path: Path) -> None:
    archive = started(path)
    keyed = replace(load(path), "signaling.api_key", "SK" + "0" * 32)
    archive.commit(replace(keyed, "signaling.api_secret", "hunter2"), ANNA)
    assert "hunter2" not in str([entry.shown() for entry in archive.entries()])
    assert archive.settings_of(2).signaling.api_secret == "hunter2"


def test_a_damaged_entry_and_one_of_other_settings_do_no_harm(path: Path) -> None:
    archive = started(path)
    archive.commit(calling(path, "anna"), ANNA)
    folder = path.parent / "state" / HISTORY
    (folder / "000001.json").write_text("{")
    (folder / "000002.json").write_text('{"revision": 2, "at": 0, "who": "anna", "tree": {"fax": {}}}')
    assert [entry.revision for entry in archive.entries()] == [2]
    with pytest.raises(SettingsError, match="Revision 2 holds settings that are no more"):
        archive.settings_of(2)
    archive.commit(calling(path, "bob"), ANNA)
    assert archive.settings_of(3).call.to == "bob"


def test_the_first_start_of_another_version_keeps_what_it_found_as_a_revision_of_its_own(path: Path) -> None:
    started(path)
    entry = path.parent / "state" / HISTORY / "000001.json"
    entry.write_text('{"revision": 1, "at": 0, "who": "anna", "tree": {"fax": {}}}')
    assert started(path).settings_of(2) == load(path)
    assert started(path).revision == 2


def test_confirmed_settings_stay_over_a_start(path: Path) -> None:
    archive = started(path)
    archive.commit(calling(path, "anna"), TRIAL)
    with pytest.raises(ConflictError, match="Revision 2 waits to be confirmed"):
        archive.commit(calling(path, "bob"), ANNA)
    assert archive.confirm() == 2
    with pytest.raises(ConflictError, match="Nothing waits"):
        archive.confirm()
    assert (started(path).revision, load(path).call.to) == (2, "anna")


def test_what_nobody_confirms_goes_back_to_the_letter(path: Path) -> None:
    archive = started(path)
    archive.commit(calling(path, "anna"), TRIAL)
    archive.put({"audio.volume": 10})
    assert archive.go_back() == load(path)
    assert path.read_text() == TEXT
    assert told(archive)[2:] == [
        (3, "the station", "Revision 2 was not confirmed: back to 1.", ("call.to",)),
    ]
    assert archive.returns_at is None
    archive.commit(calling(path, "bob"), ANNA)
    assert (started(path).revision, load(path).call.to) == (4, "bob")


def test_a_start_before_the_confirmation_goes_back_at_once_and_tells_so(path: Path) -> None:
    started(path).commit(calling(path, "anna"), TRIAL)
    assert (path.parent / "state" / MARKER).stat().st_mode & 0o077 == 0
    settings, origin = last_good.start(path, path.parent / "state")
    assert (settings.call.to, path.read_text()) == ("", TEXT)
    assert (origin.state, origin.why) == ("returned", "Revision 2 was not confirmed: back to 1.")
    assert not (path.parent / "state" / MARKER).exists()
    assert last_good.start(path, path.parent / "state")[1].state == "ok"


def test_a_file_that_can_not_be_put_back_is_not_used_either(path: Path) -> None:
    started(path).commit(calling(path, "anna"), TRIAL)
    path.with_name(f".{path.name}.new").mkdir()
    settings, origin = last_good.start(path, path.parent / "state")
    assert (settings.call.to, origin.state) == ("", "last good")
    path.with_name(f".{path.name}.new").rmdir()
    assert last_good.start(path, path.parent / "state")[1].state == "returned"


def test_a_commit_that_can_not_be_written_leaves_nothing_behind(path: Path) -> None:
    archive = started(path)
    path.with_name(f".{path.name}.new").mkdir()
    with pytest.raises(SettingsError, match="can't be written"):
        archive.commit(calling(path, "anna"), TRIAL)
    path.with_name(f".{path.name}.new").rmdir()
    assert (told(archive), archive.revision, archive.returns_at) == ([FOUND], 1, None)
    assert not (path.parent / "state" / MARKER).exists()
    assert path.read_text() == TEXT


def test_a_return_that_failed_is_made_good_before_anything_else_is_written(path: Path) -> None:
    archive, blocked = started(path), path.with_name(f".{path.name}.new")
    archive.commit(calling(path, "anna"), TRIAL)
    blocked.mkdir()
    assert archive.go_back().call.to == ""
    for commit in (ANNA, TRIAL):
        with pytest.raises(SettingsError, match="can't be written"):
            archive.commit(replace(Settings(), "call.to", "bob"), commit)
    assert (path.parent / "state" / MARKER).exists()  # so that the next start puts it back
    blocked.rmdir()
    archive.commit(replace(Settings(), "call.to", "bob"), ANNA)
    assert [(who, comment) for _, who, comment, _ in told(archive)][2:] == [
        ("the station", "Revision 2 was not confirmed: back to 1."),
        ("anna", "for the new door"),
    ]
    assert started(path).revision == 4
    assert load(path).call.to == "bob"


def test_a_file_that_is_no_text_is_refused_and_left_alone(path: Path) -> None:
    archive, wanted = started(path), calling(path, "anna")
    path.write_bytes(b"\xff")
    for commit in (ANNA, TRIAL):
        with pytest.raises(SettingsError, match="not UTF-8 text"):
            archive.commit(wanted, commit)
    assert (told(archive), archive.returns_at, path.read_bytes()) == ([FOUND], None, b"\xff")


def test_a_file_that_is_gone_comes_back_as_it_was_in_use(path: Path) -> None:
    archive, wanted = started(path), calling(path, "anna")
    path.unlink()
    archive.commit(wanted, TRIAL)
    assert load(path).call.to == "anna"
    assert archive.go_back() == load(path)


def test_a_state_folder_that_can_not_be_written_refuses_commits_but_not_the_start(path: Path) -> None:
    (path.parent / "state").write_text("a file where the folder should be")
    archive = Archive(path, path.parent / "state", load(path))
    with pytest.raises(SettingsError, match="history can't be written"):
        archive.commit(calling(path, "anna"), ANNA)
    assert path.read_text() == TEXT
