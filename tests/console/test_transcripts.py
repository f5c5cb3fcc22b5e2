"""Each transcript beside this file is what a terminal shows, replayed over a real pseudo-terminal.

What is typed but not shown stands in «».  Somebody is logged in from the beginning where no gate is named for it.
"""

import re
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from intercom.console import board, wifi
from intercom.console.gate import Gate
from intercom.console.port import SerialPort
from intercom.settings.schema import Console
from tests.console.gates import locked
from tests.console.station import SmallStation
from tests.console.terminal import Terminal

TRANSCRIPTS = {file.stem: file.read_text() for file in Path(__file__).parent.glob("*.txt")}
PROMPT, PASTING = "hall> ", "| "
PASSWORDS = "Password: ", "Your password: ", "New password: ", "Again: ", wifi.PASSWORD.text
PROMPTS = (PROMPT, PASTING, *PASSWORDS, board.SURE.text.rpartition("\n")[2])
GATES: dict[str, Callable[[Path], Gate]] = {
    "login": locked,
    "conversation": locked,
    "lockout": partial(locked, running_s=lambda: 0.0),
    "installed": partial(locked, is_first=True),
    "fresh": Gate,
}
BEFORE: dict[str, Callable[[SmallStation], None]] = {
    "ringing": SmallStation.ring,
    "reboot": lambda station: station.caretaker.befall(is_in_call=True),
    "factory-reset": lambda station: station.caretaker.befall(is_button_held=True),
}


@pytest.mark.parametrize("name", TRANSCRIPTS)
async def test_the_terminal_shows_what_the_transcript_says(name: str, tmp_path: Path) -> None:
    expected, station = TRANSCRIPTS[name], SmallStation()
    if name in BEFORE:
        BEFORE[name](station)
    if name in GATES:
        station.gate = GATES[name](tmp_path)
    with Terminal(tmp_path / "tty") as terminal:
        async with SerialPort(Console(port=str(terminal.device))).serving(station):
            lines = [line for line in expected.split("\n") if line.startswith(PROMPTS)]
            shown = await terminal.shown(PROMPT)
            for line, following in pairwise([*lines, PROMPT]):
                await terminal.type(keys(line.removeprefix(prompt(line))))
                shown += await terminal.shown(f"\n{prompt(following)}")
    assert shown == re.sub("«.*»", "", expected) + PROMPT


def prompt(line: str) -> str:
    """What the line begins with that is not typed."""
    return next(each for each in PROMPTS if line.startswith(each))


def keys(line: str) -> bytes:
    """What is typed for a line as it is shown."""
    line = line.removeprefix("«").removesuffix("»")
    return line.removesuffix("^C").encode() + b"\x03" if line.endswith("^C") else line.encode() + b"\r"
