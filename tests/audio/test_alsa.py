"""ALSA's errors in words, and two PCMs on a simulated card: what they agree to, lose and win back."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from intercom.audio.alsa import translate
from intercom.audio.pcm import Direction
from intercom.errors import AudioBusyError, AudioDeniedError, AudioError, AudioFormatError, AudioMissingError

PlugIn = Callable[..., None]


@pytest.mark.parametrize(
    ("number", "kind", "says"),
    [
        (errno.ENOENT, AudioMissingError, "There is no PCM default, or no sound card"),
        (errno.ENODEV, AudioMissingError, "The sound card of PCM default is not there."),
        (errno.ENXIO, AudioMissingError, "The sound card of PCM default is not there."),
        (errno.ECONNREFUSED, AudioMissingError, "The sound server behind PCM default does not run."),
        (errno.EBUSY, AudioBusyError, "Another program holds PCM default."),
        (errno.EINVAL, AudioFormatError, "PCM default offers no format that we can use. Use its `plug"),
        (errno.EACCES, AudioDeniedError, "no right to use PCM default. Add the user to the group"),
        (errno.EIO, AudioError, "PCM default does not work: Input/output error."),
    ],
)
def test_an_error_of_alsa_names_what_is_wrong(number: int, kind: type[AudioError], says: str) -> None:
    error = translate(OSError(number, os.strerror(number)), "default", Direction.CAPTURE)
    assert type(error) is kind
    assert says in str(error)


TWO_OPENERS = """
import sys, threading
from intercom.audio import alsa, pcm
from intercom.errors import AudioMissingError
sys.setswitchinterval(1e-5)
pcm.quieten()
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
