"""A factory reset: what is forgotten, what is kept, and a power cut in the middle of it."""

import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from intercom.audio import board
from intercom.door import audit
from intercom.door.chain import Record
from intercom.errors import IntercomError
from intercom.settings import last_good
from intercom.settings.archive import Archive
from intercom.settings.file import load
from intercom.settings.schema import Audio, Buttons, Call, Console, Door, Panel, Settings, Signaling
from intercom.settings.template import template
from intercom.settings.transaction import Commit
from intercom.station import factory, rescue
from tests.settings.strategies import valid_settings
from tests.station.resetter import CUT, reset

CANARY = "hunter2canary"
WIRING = Settings(
    panel=Panel(buttons=Buttons(answer=17, service=24)),
    door=Door(pin=26, contact=4),
    console=Console(port="/dev/serial0", baud=9600),
)
USED = replace(
    WIRING,
    call=Call(to=CANARY),
    signaling=Signaling(api_key="SK" + 32 * "0", api_secret=CANARY),
    panel=replace(WIRING.panel, rules={"open.answer.press": "mute"}),
    door=replace(WIRING.door, allow=(CANARY,)),
)
SECRETS = ("comfort.json", "accounts.json", "stories/1.json", "door/codes.json", "door/lockouts.json", "door/key")
KEPT = (board.FILE, "relay.json", "door/tampered")


def used(folder: Path) -> Path:
    """A station with a past, in a folder of its own."""
    state, file = folder / "state", folder / "intercom.toml"
    for name in (*SECRETS, *KEPT):
        (state / name).parent.mkdir(parents=True, exist_ok=True)
        (state / name).write_text(CANARY if name in SECRETS else "kept")
    file.write_text(f"# {CANARY}\n{template(USED)}")
    archive = Archive(file, state, USED)
    archive.commit(replace(USED, audio=Audio(volume=60)), Commit("serial", CANARY, confirm_s=60))
    last_good.start(file, state)
    log = audit.AuditLog(state / audit.FOLDER)
    log.append(Record(what="opened", who="kitchen"))
    (folder / "wifi").touch()
    return folder


def holds(folder: Path, text: str) -> list[Path]:
    """The files in which a text stands."""
    return [path for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


def is_new(folder: Path) -> bool:
    """Whether nothing but the wiring is left, and it starts so."""
    state = folder / "state"
    assert load(folder / "intercom.toml") == WIRING
    assert holds(folder, CANARY) == []
    assert not (folder / "wifi").exists()
    assert not (state / factory.MARKER).exists()
    assert [(state / name).read_text() for name in KEPT] == ["kept"] * len(KEPT)
    found = audit.read(state / audit.FOLDER)
    assert (found.why, {line.what for line in found.lines}) == ("", {"opened", "factory reset"})
    return last_good.start(folder / "intercom.toml", state)[0] == WIRING


def test_all_but_the_wiring_what_was_measured_and_the_doors_log_is_forgotten(tmp_path: Path) -> None:
    factory.order(used(tmp_path) / "state")
    reset(tmp_path)
    assert is_new(tmp_path)
    entries = Archive(tmp_path / "intercom.toml", tmp_path / "state", WIRING).entries()
    assert [entry.revision for entry in entries] == [1]


def test_nothing_is_forgotten_that_nobody_ordered(tmp_path: Path) -> None:
    before = (used(tmp_path) / "intercom.toml").read_text()
    reset(tmp_path)
    assert (tmp_path / "intercom.toml").read_text() == before
    assert len(holds(tmp_path, CANARY)) > len(SECRETS)
    assert (tmp_path / "wifi").exists()


def test_a_power_cut_before_any_change_leaves_what_the_next_start_finishes(tmp_path: Path) -> None:
    fresh, place = used(tmp_path / "fresh"), tmp_path / "place"
    factory.order(fresh / "state")
    program = [sys.executable, "-m", "tests.station.resetter"]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as resetter:
        assert resetter.stdin
        assert resetter.stdout
        cuts, status = 0, CUT
        while status == CUT:
            cuts += 1
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(fresh, place)
            resetter.stdin.write(f"{cuts}\t{place}\n")
            resetter.stdin.flush()
            status = int(resetter.stdout.readline())
            assert load(place / "intercom.toml").panel.buttons == WIRING.panel.buttons
            if (place / "state" / factory.MARKER).exists():
                (place / "wifi").touch()
                reset(place)
            assert is_new(place), cuts
        resetter.stdin.close()
    assert (status, cuts > 20) == (0, True)


def test_a_wifi_that_cannot_be_forgotten_now_is_forgotten_at_the_next_start(tmp_path: Path) -> None:
    file, state = used(tmp_path) / "intercom.toml", tmp_path / "state"

    def fail() -> None:
        raise IntercomError("NetworkManager is not running.")

    factory.order(state)
    factory.carry_out(file, state, forget_wifi=fail)
    file.write_text(file.read_text().replace('to = ""', 'to = "since"'))
    reset(tmp_path)
    assert load(file).call.to == "since"
    assert not (tmp_path / "wifi").exists()
    assert not (state / factory.MARKER).exists()


def test_where_the_file_is_broken_the_wiring_is_that_of_the_last_good_one(tmp_path: Path) -> None:
    (used(tmp_path) / "intercom.toml").write_text("[panel\n")
    factory.order(tmp_path / "state")
    reset(tmp_path)
    assert is_new(tmp_path)


def test_a_reset_that_can_not_be_ordered_says_so(tmp_path: Path) -> None:
    with pytest.raises(IntercomError, match=r"can't be ordered: No such file or directory\. Nothing is changed"):
        factory.order(tmp_path / "nowhere")


@given(valid_settings())
@settings(max_examples=100, deadline=None)
def test_a_station_that_is_reset_twice_is_as_one_that_is_reset_once(chosen: Settings) -> None:
    once = factory.of(chosen)
    assert factory.of(once) == once
    assert rescue.of(once).panel == once.panel == rescue.of(chosen).panel
    assert msgspec.structs.replace(once.door, allow=chosen.door.allow) == rescue.of(chosen).door
    assert once.signaling == Signaling()
