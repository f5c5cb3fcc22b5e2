"""A ringtone of one's own: any plain WAV file, and what is told of any other."""

import struct
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intercom.audio import ringtone
from intercom.audio.frames import RATE
from intercom.audio.ringtone import MOST_S, PAUSE_MS, load
from intercom.audio.tones import Tone
from tests.rig.ear import listen
from tests.rig.simcard import Pcm

PAUSE = RATE * PAUSE_MS // 1000


def wav(path: Path, *, rate: int = RATE, channels: int = 1, width: int = 2, seconds: float = 1.0) -> Path:
    """Write a file in which every channel hums 440 Hz at -6 dBFS."""
    hum = 0.5 * np.sin(2 * np.pi * 440 * np.arange(int(rate * seconds)) / rate)
    numbers = np.repeat(hum, channels) * (2 ** (8 * width - 1) - 1)
    if width == 1:
        content = (numbers + 128).astype(np.uint8).tobytes()
    else:
        content = numbers.astype("<i4").view(np.uint8).reshape(-1, 4)[:, :width].tobytes()
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, width, rate, 0, "NONE", ""))
        file.writeframes(content)
    return path


def sound(path: Path) -> Pcm:
    """Return one round without its pause."""
    made = load(str(path))
    assert made.why == ""
    pcm = np.frombuffer(made.pcm, np.int16)
    assert not pcm[-PAUSE:].any()
    return pcm[:-PAUSE]


@pytest.mark.parametrize("width", [1, 2, 3, 4])
@pytest.mark.parametrize(
    ("rate", "channels"), [(48_000, 1), (44_100, 2), (8_000, 1), (11_025, 2), (96_000, 6), (22_254, 1)]
)
def test_any_rate_any_channels_and_any_width_sound_the_same(
    tmp_path: Path, rate: int, channels: int, width: int
) -> None:
    pcm = sound(wav(tmp_path / "ring.wav", rate=rate, channels=channels, width=width))
    assert len(pcm) == RATE
    heard = listen(pcm[4800:-4800])
    assert heard.is_tone(440)
    assert heard.dbfs == pytest.approx(-9.03, abs=0.1)
    assert (abs(int(pcm[0])), abs(int(pcm[-1]))) == (0, 0)


def test_the_long_form_of_the_header_is_read_too(tmp_path: Path) -> None:
    plain = wav(tmp_path / "ring.wav", channels=2).read_bytes()
    head = struct.unpack("<HHIIHH", plain[20:36])
    guid = struct.pack("<H", 1) + bytes.fromhex("000000001000800000aa00389b71")
    long = struct.pack("<4sIHHIIHHHHI", b"fmt ", 40, 0xFFFE, *head[1:], 22, 16, 3) + guid
    body = b"WAVE" + long + plain[36:]
    (tmp_path / "long.wav").write_bytes(struct.pack("<4sI", b"RIFF", len(body)) + body)
    assert np.array_equal(sound(tmp_path / "long.wav"), sound(tmp_path / "ring.wav"))


def test_no_more_than_its_first_half_minute_rings(tmp_path: Path) -> None:
    assert len(sound(wav(tmp_path / "song.wav", rate=8_000, width=1, seconds=MOST_S + 5))) == MOST_S * RATE


def test_of_a_large_file_only_so_much_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ringtone, "MOST_BYTES", 44 + RATE)
    assert len(sound(wav(tmp_path / "large.wav"))) == RATE // 2


def test_it_is_looped_with_a_pause(tmp_path: Path) -> None:
    made = load(str(wav(tmp_path / "ring.wav", seconds=0.5)))
    tone = Tone("ringtone", made.pcm)
    assert tone.pull(RATE // 2 + PAUSE) == made.pcm
    assert tone.pull(RATE // 2) == made.pcm[:RATE]
    assert not tone.is_over


def test_no_path_is_the_built_in_one() -> None:
    assert load("").status() == {"state": "built-in", "file": "", "why": ""}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "The ringtone can't be read: No such file or directory."),
        (b"", "no WAV file"),
        (b"ID3 this is an MP3", "no WAV file"),
        (b"RIFF\x04\x00\x00\x00WAVE", "no WAV file"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x03\x00" + bytes(22), "no WAV file"),  # floating point
    ],
)
def test_a_file_that_is_none_leaves_the_built_in_one_and_says_why(
    tmp_path: Path, content: bytes | None, why: str
) -> None:
    path = tmp_path / "ring.wav"
    if content is not None:
        path.write_bytes(content)
    made = load(str(path))
    assert (made.pcm, made.file, made.status()["state"]) == (b"", str(path), "built-in")
    assert why in made.why


def test_a_folder_a_pipe_silence_and_strange_rates_are_refused(tmp_path: Path) -> None:
    assert load(str(tmp_path)).why == "The ringtone is no file."
    assert load("/dev/zero").why == "The ringtone is no file."
    with wave.open(str(tmp_path / "silent.wav"), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(bytes(9600))
    assert load(str(tmp_path / "silent.wav")).why == "There is no sound in the ringtone."
    assert "sample rate" in load(str(wav(tmp_path / "slow.wav", rate=1_000))).why


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_broken_file_raises(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(wav(tmp_path / "ring.wav", seconds=0.01).read_bytes())
    places = st.dictionaries(st.integers(0, 60), st.integers(0, 255), max_size=6)
    for at, value in data.draw(places).items():
        content[at] = value
    (tmp_path / "ring.wav").write_bytes(content[: data.draw(st.integers(0, len(content)))])
    made = load(str(tmp_path / "ring.wav"))
    assert bool(made.pcm) is not bool(made.why)
