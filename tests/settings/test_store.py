"""Writing the settings file: whole or not at all, comments and layout kept."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intercom.errors import SettingsError
from intercom.settings.file import load, parse
from intercom.settings.paths import replace
from intercom.settings.schema import Settings
from intercom.settings.store import Store, edited
from intercom.settings.template import template
from tests.settings.strategies import valid_settings

LAYOUTS = [
    "",
    "# only words\n",
    template(),
    "[panel.ring]\nkind = 'none'\n[audio]\nvolume = 3\n",
    "panel.ring.kind = 'none'\naudio = { volume = 3, capture = 'x' } # c\n",
    "[panel]\nbuttons.answer = 3\nring = { kind = 'gpio', pins = [1, 2] }\n[exchange.groups]\na = ['b'] # x\n",
    "[panel.ring]\npins = [2,\n# in between\n3]\n[panel]\nhold_ms = 400\n",
    "[exchange]\r\nport = 3\r\n[exchange.groups]\r\na = ['x']\r\n",
    "this is not TOML",
]


def changed(path: str, value: object) -> Settings:
    return replace(Settings(), path, value)


@given(st.sampled_from(LAYOUTS), valid_settings())
@settings(max_examples=60, deadline=None)
def test_any_settings_written_over_any_layout_load_to_the_same(layout: str, chosen: Settings) -> None:
    assert parse(edited(layout, chosen)) == chosen


def test_comments_order_and_layout_stay(tmp_path: Path) -> None:
    file = tmp_path / "intercom.toml"
    file.write_text("# Hall\n\n[log]\nlevel='debug' # for now\n\n[audio]\n# not too loud\nvolume   = 80   # was 90\n")
    Store(file).write(replace(load(file), "audio.volume", 60))
    assert file.read_text() == (
        "# Hall\n\n[log]\nlevel='debug' # for now\n\n[audio]\n# not too loud\nvolume   = 60   # was 90\n"
    )


def test_a_setting_without_value_leaves_the_file(tmp_path: Path) -> None:
    file = tmp_path / "intercom.toml"
    file.write_text("[panel.buttons]\nanswer = 17\ncall = 27\n")
    Store(file).write(replace(load(file), "panel.buttons.answer", None))
    assert file.read_text() == "[panel.buttons]\ncall = 27\n"


@pytest.mark.parametrize("key", ["open.answer.press", '"open.answer.press"'])
def test_one_key_of_a_table_is_changed_where_it_stands(tmp_path: Path, key: str) -> None:
    file = tmp_path / "intercom.toml"
    file.write_text(f'[panel.rules]\n{key} = "mute" # mine\nidle.light = "off" # hers\n')
    Store(file).write(replace(load(file), "panel.rules.open.answer.press", "hang-up"))
    assert file.read_text() == f'[panel.rules]\n{key} = "hang-up" # mine\nidle.light = "off" # hers\n'


def test_a_new_file_is_the_commented_template(tmp_path: Path) -> None:
    file = tmp_path / "intercom.toml"
    Store(file).write(Settings())
    assert file.read_text() == template()
    assert [one.name for one in tmp_path.iterdir()] == ["intercom.toml"]


def test_what_was_there_stays_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "intercom.toml"
    for volume in (1, 2, 3):
        Store(file).write(changed("audio.volume", volume))
    assert load(file).audio.volume == 3
    assert load(tmp_path / "intercom.toml.prev").audio.volume == 2
    assert len(list(tmp_path.iterdir())) == 2


def test_mode_stays_but_a_secret_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "intercom.toml"
    file.write_text("")
    file.chmod(0o664)
    Store(file).write(changed("audio.volume", 1))
    assert file.stat().st_mode & 0o777 == 0o664
    Store(file).write(replace(changed("signaling.api_key", "SK" + "0" * 32), "signaling.api_secret", "hunter2"))
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_link_to_the_file_stays_a_link(tmp_path: Path) -> None:
    file, link = tmp_path / "real.toml", tmp_path / "intercom.toml"
    file.write_text("")
    link.symlink_to(file)
    Store(link).write(changed("audio.volume", 1))
    assert link.is_symlink()
    assert load(file).audio.volume == 1


def test_left_overs_of_a_write_that_was_cut_do_no_harm(tmp_path: Path) -> None:
    file, victim = tmp_path / "intercom.toml", tmp_path / "victim"
    victim.write_text("untouched")
    (tmp_path / ".intercom.toml.new").symlink_to(victim)
    (tmp_path / ".intercom.toml.prev.new").write_text("half")
    Store(file).write(Settings())
    Store(file).write(changed("audio.volume", 1))
    assert victim.read_text() == "untouched"
    assert load(file).audio.volume == 1


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"can't be written: No such file or directory\. The settings in use"):
        Store(tmp_path / "absent" / "intercom.toml").write(Settings())


def test_a_disk_that_is_full_leaves_the_old_file_whole(tmp_path: Path) -> None:
    file = tmp_path / "intercom.toml"
    file.write_text("[audio]\nvolume = 80\n")
    program = (
        "import resource, sys\nfrom pathlib import Path\n"
        "from intercom.settings.schema import Settings\nfrom intercom.settings.store import Store\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))\n"
        "Store(Path(sys.argv[1])).write(Settings())\n"
    )
    ended = subprocess.run([sys.executable, "-c", program, file], capture_output=True, text=True, check=False)
    assert "can't be written: File too large" in ended.stderr
    assert file.read_text() == "[audio]\nvolume = 80\n"
    assert [one.name for one in tmp_path.iterdir()] == ["intercom.toml"]
