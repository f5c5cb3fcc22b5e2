"""Why nobody answers, told from what is heard instead; and at a real line that somebody else has."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from intercom import Remote
from intercom.console import frames
from intercom.errors import NoAnswerError, SerialError
from intercom.remote.silence import silence
from tests.remote.fixtures import served
from tests.remote.screen import Screen
from tests.remote.wires import Wires

NOISE = random.Random(5).randbytes(200)


@pytest.mark.parametrize(
    ("heard", "told"),
    [
        (b"", "nobody answers. See that the station is on"),
        (b"\r\nDebian GNU/Linux 12 hall ttyAMA0\r\n\r\nhall login: ", "a login prompt answers"),
        (b"Password: ", "a login prompt answers"),
        (b"\x15@1f2e hello {} ~e3b7a416\r\n", "what is sent comes back"),
        (NOISE, "noise is heard, such as another speed makes. Try --baud"),
        (b"U-Boot 2024.01\r\nHit any key to stop autoboot\r\n", "what answers is no intercom"),
    ],
)
def test_what_is_heard_tells_why(heard: bytes, told: str) -> None:
    assert f"At /dev/ttyUSB0, 115200 baud, {told}" in str(silence(heard, port="/dev/ttyUSB0", baud=115200))


def test_a_line_that_sends_back_all_is_told(tmp_path: Path) -> None:
    with Wires(tmp_path) as wires:
        wires.returns = True
        with pytest.raises(NoAnswerError, match="what is sent comes back"), Remote(str(wires.far)):
            pass


def test_two_stations_on_one_line_are_told(tmp_path: Path) -> None:
    def add_another(data: bytes, is_from_station: bool) -> bytes:
        reply = frames.decode_reply(data.decode().strip()) if is_from_station else None
        return data + f"{frames.encode(replace(reply, members={'boot': 'another'}))}\r\n".encode() if reply else data

    with served(tmp_path) as station:
        station.wires.carries = add_another
        with pytest.raises(SerialError, match="More than one station answers"), Remote(station.port):
            pass


def test_who_has_the_port_already_is_named(tmp_path: Path) -> None:
    with served(tmp_path) as station, Screen(["picocom", station.port]) as person:
        person.has("Terminal ready")
        with pytest.raises(SerialError, match=r"picocom, process [0-9]+ holds it"), Remote(station.port):
            pass
