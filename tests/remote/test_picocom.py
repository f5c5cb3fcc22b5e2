"""A person with picocom, as Debian has it, at the serial console: what the README shows is what the screen shows."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.console.test_transcripts import PASSWORDS, PROMPT
from tests.remote.fixtures import Served, guarded, served
from tests.remote.screen import Screen

CONVERSATION = Path("tests/console/conversation.txt").read_text()
QUIT = "\x01\x18"  # ^A ^X
HIDDEN = re.compile("«(.*)»")


@contextmanager
def picocom(station: Served) -> Iterator[Screen]:
    """Somebody who has opened the line, and pressed enter to see who is there."""
    with Screen(["picocom", "--baud", "115200", station.port]) as person:
        person.has("Terminal ready")
        person.type("\r")
        person.shows("hall>")
        yield person
        person.type(QUIT)
        assert person.ends() == 0


def test_picocom_shows_the_conversation_as_it_was_held(tmp_path: Path) -> None:
    lines = CONVERSATION.splitlines()
    shown = [HIDDEN.sub("", line).rstrip() for line in lines]
    with served(tmp_path, make=partial(guarded, tmp_path)) as station, picocom(station) as person:
        for number, line in enumerate(lines):
            if prompt := next((each for each in (PROMPT, *PASSWORDS) if line.startswith(each)), ""):
                person.shows(*shown[max(number - 5, 0) : number], prompt.rstrip())
                person.type(HIDDEN.sub(r"\1", line.removeprefix(prompt)) + "\r")
        person.shows("Logged out.", "hall>")
        assert person.lines[-len(shown) - 1 : -1] == shown


def test_what_is_rubbed_out_recalled_or_dropped_leaves_no_trace_on_the_screen(tmp_path: Path) -> None:
    with served(tmp_path) as station, picocom(station) as person:
        person.type("set audio.volumx\x7fe 66\x7f0\r")
        person.shows("hall> set audio.volume 60", "audio.volume = 60  # was 100", "hall>")
        person.type("unset audio.volume\x15diff\r")
        person.shows("hall> diff", "audio.volume = 60  # was 100", "hall>")
        person.type("commit, or rather not\x03")
        person.shows("hall> commit, or rather not^C", "hall>")
        person.type("set station.name Tür\x7f\x7fürschild\r")
        person.shows("hall> set station.name Türschild", 'station.name = "Türschild"  # was "hall"', "hall>")
