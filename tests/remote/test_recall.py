"""Which lines are remembered: whole commands, and no secret, whatever is typed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.console.commands import COMMANDS
from intercom.remote import recall
from intercom.settings.paths import leaves

SECRETS = [leaf.path for leaf in leaves().values() if leaf.is_secret]
CANARY = "hunter2hunter2"


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("status", "status"),
        ("  set  audio.volume   60 ", "set audio.volume 60"),
        ("push /etc/hall.toml commit", "push /etc/hall.toml commit"),
        (CANARY, ""),
        ("", ""),
        ("login", ""),
        ("password", ""),
        (f"auth begin {CANARY}", ""),
        (f"set signaling.api_secrets {CANARY}", ""),
        (f"set signaling.api_secret {CANARY}", "set signaling.api_secret"),
        (f"door code add cleaner {CANARY}", "door code add"),
        ("door code add cleaner", "door code add cleaner"),
        ("set", ""),
    ],
)
def test_a_line_is_kept_as_it_may_be(line: str, kept: str) -> None:
    assert recall.worth_keeping(line) == kept


@given(path=st.sampled_from(SECRETS), blanks=st.text(" \t", min_size=1), more=st.text())
def test_no_secret_setting_is_ever_kept(path: str, blanks: str, more: str) -> None:
    assert CANARY not in recall.worth_keeping(f"set{blanks}{path}{blanks}{CANARY}{more}")


def test_an_argument_whose_name_tells_of_a_secret_is_known_as_one() -> None:
    for command in COMMANDS.values():
        names = {"code", "password", "passphrase", "secret"} & set(command.arguments.__struct_encode_fields__)
        if command.name != "door code remove":
            assert names <= recall.secret_arguments(command) | {command.secret}, command.name


def test_the_file_is_its_owners_alone_and_keeps_the_last_thousand_lines(tmp_path: Path) -> None:
    path = tmp_path / "new" / "history"
    for number in range(2 * recall.KEPT + 2):
        recall.keep(path, f"set audio.volume {number}")
    assert path.stat().st_mode & 0o777 == 0o600
    assert recall.kept(path)[-1] == f"set audio.volume {2 * recall.KEPT + 1}"
    assert len(path.read_text().splitlines()) == recall.KEPT
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_can_not_be_used_is_done_without(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.symlink_to(tmp_path / "elsewhere")
    recall.keep(path, "status")
    assert recall.kept(path) == []
    assert not (tmp_path / "elsewhere").exists()
