"""The settings a station starts with."""

from pathlib import Path

import pytest

from intercom.errors import SettingsError
from intercom.settings.last_good import NAME, start
from intercom.settings.schema import Settings


def test_without_a_file_the_defaults_are_used(tmp_path: Path) -> None:
    settings, origin = start(None, tmp_path)
    assert (settings, origin.state) == (Settings(), "defaults")


def test_a_good_file_is_used_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    file, state = tmp_path / "intercom.toml", tmp_path / "new" / "state"
    file.write_text('[call]\nto = "anna"\n')
    settings, origin = start(file, state)
    assert (settings.call.to, origin.state, origin.why) == ("anna", "ok", "")
    assert (state / NAME).stat().st_mode & 0o777 == 0o600


def test_a_bad_file_without_a_good_one_before_it_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "intercom.toml"
    file.write_text("[call]\nto = 7\n")
    with pytest.raises(SettingsError, match=r"call\.to"):
        start(file, tmp_path)


@pytest.mark.parametrize("broken", ["[call]\nto = 7\n", "[call", None])
def test_a_bad_or_missing_file_leaves_those_that_worked_last(tmp_path: Path, broken: str | None) -> None:
    file = tmp_path / "intercom.toml"
    file.write_text('[call]\nto = "anna"\n')
    start(file, tmp_path)
    if broken is None:
        file.unlink()
    else:
        file.write_text(broken)
    settings, origin = start(file, tmp_path)
    assert (settings.call.to, origin.state) == ("anna", "last good")
    assert origin.why


def test_a_state_folder_that_can_not_be_written_does_not_keep_a_station_from_starting(tmp_path: Path) -> None:
    file, state = tmp_path / "intercom.toml", tmp_path / "taken"
    file.write_text("")
    state.write_text("a file where the folder should be")
    assert start(file, state)[1].state == "ok"
