"""ALSA's errors in words, and what is known of the machine's cards."""

import os
import subprocess
import sys
from pathlib import Path

import alsaaudio
import pytest

from intercom.audio.alsa import any_card_captures, holder, translate
from intercom.errors import AudioBusyError, AudioDeniedError, AudioError, AudioFormatError, AudioMissingError


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        ("No such file or directory [default]", AudioMissingError, "There is no PCM default, or no sound card"),
        ("No such device [default]", AudioMissingError, "The sound card of PCM default is not there."),
        ("No such device or address [default]", AudioMissingError, "The sound card of PCM default is not there."),
        ("Connection refused [default]", AudioMissingError, "The sound server behind PCM default does not run."),
        ("Device or resource busy [default]", AudioBusyError, "Another program holds PCM default."),
        ("Invalid argument [default]", AudioFormatError, "PCM default offers no format that we can use. Use its `plug"),
        ("Permission denied [default]", AudioDeniedError, "no right to use PCM default. Add the user to the group"),
        ("Input/output error [default]", AudioError, "PCM default does not work: Input/output error."),
        ("PCM device is closed", AudioError, "PCM default does not work: PCM device is closed."),
    ],
)
def test_an_error_of_alsa_names_what_is_wrong(text: str, kind: type[AudioError], says: str) -> None:
    error = translate(alsaaudio.ALSAAudioError(text), "default", "capture")
    assert type(error) is kind
    assert says in str(error)


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
    assert any_card_captures(cards=tmp_path) == captures


def test_a_machine_without_sound_has_no_microphone(tmp_path: Path) -> None:
    assert not any_card_captures(cards=tmp_path / "nowhere")


TWO_OPENERS = """
import sys, threading
from intercom.audio import alsa
from intercom.errors import AudioMissingError
sys.setswitchinterval(1e-5)
alsa.quieten()
def open_often(kind):
    for _ in range(3000):
        try: kind("default", period_ms=10)
        except AudioMissingError: pass
threads = [threading.Thread(target=open_often, args=(kind,)) for kind in (alsa.Capture, alsa.Playback)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def test_two_threads_that_find_no_card_neither_block_each_other_nor_write_to_stderr(tmp_path: Path) -> None:
    conf = tmp_path / "asound.conf"
    conf.write_text('pcm.default { type hw card { @func card_inum strings [ "nowhere" ] } }\n')
    command = [sys.executable, "-c", TWO_OPENERS]
    environ = {**os.environ, "ALSA_CONFIG_PATH": str(conf)}
    done = subprocess.run(command, env=environ, capture_output=True, timeout=20, check=True)
    assert done.stderr == b""
