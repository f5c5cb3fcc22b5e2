"""What is known of the machine's cards."""

from pathlib import Path

import pytest

from intercom.audio.cards import advice, any_captures, holder, present


def test_the_program_that_holds_a_card_is_named(tmp_path: Path) -> None:
    for direction, owner in (("c", "owner_pid   : 4711\n"), ("p", "")):
        status = tmp_path / f"asound/card1/pcm0{direction}/sub0/status"
        status.parent.mkdir(parents=True)
        status.write_text(f"state: RUNNING\n{owner}trigger_time: 1.0\n")
    (tmp_path / "4711").mkdir()
    (tmp_path / "4711/comm").write_text("arecord\n")
    assert holder("capture", cards=tmp_path / "asound", processes=tmp_path) == "arecord (process 4711)"
    assert holder("playback", cards=tmp_path / "asound", processes=tmp_path) == ""


def test_a_holder_that_has_just_gone_is_not_named(tmp_path: Path) -> None:
    status = tmp_path / "asound/card0/pcm0c/sub0/status"
    status.parent.mkdir(parents=True)
    status.write_text("owner_pid   : 4711\n")
    assert holder("capture", cards=tmp_path / "asound", processes=tmp_path) == ""


@pytest.mark.parametrize(
    ("pcm", "captures"),
    [("", False), ("00-00: HDMI : : playback 1\n", False), ("01-00: USB Audio : : playback 1 : capture 1\n", True)],
)
def test_a_machine_has_a_microphone_when_the_kernel_says_so(tmp_path: Path, pcm: str, captures: bool) -> None:
    (tmp_path / "pcm").write_text(pcm)
    assert any_captures(cards=tmp_path) == captures


def test_a_machine_without_sound_has_no_microphone_and_no_devices(tmp_path: Path) -> None:
    assert not any_captures(cards=tmp_path / "nowhere")
    assert present(devices=tmp_path / "nowhere") == []


@pytest.mark.parametrize(
    ("pcm", "better"),
    [
        ("hw:1", "hw:CARD=Device,DEV=0"),
        ("plughw:1,2", "plughw:CARD=Device,DEV=2"),
        ("plughw:CARD=1,DEV=2", "plughw:CARD=Device,DEV=2"),
        ("dsnoop:1,0", "dsnoop:CARD=Device,DEV=0"),
        ("sysdefault:1", "sysdefault:CARD=Device"),
    ],
)
def test_for_a_card_named_by_its_number_its_stable_name_is_told(tmp_path: Path, pcm: str, better: str) -> None:
    (tmp_path / "card1").mkdir()
    (tmp_path / "card1/id").write_text("Device\n")
    assert advice(pcm, cards=tmp_path) == f"Cards are numbered anew at each start: write {better} for {pcm}."


def test_for_the_number_of_a_card_that_is_not_there_it_is_told_where_names_are(tmp_path: Path) -> None:
    assert "the card's name for hw:7, as `aplay -L` prints it" in advice("hw:7", cards=tmp_path)


@pytest.mark.parametrize("pcm", ["default", "plughw:CARD=Device,DEV=0", "plughw:CARD=Device", "hw:Device,0", "pulse"])
def test_of_a_stable_name_nothing_is_said(pcm: str) -> None:
    assert advice(pcm) == ""
