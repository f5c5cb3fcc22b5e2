"""The README's reference of commands and protocol is what the console does."""

import re
from pathlib import Path

import pytest

from intercom.console import answers, lines, machine, parcels, watch
from intercom.console.codes import CODES
from intercom.console.commands import COMMANDS, VERBS
from intercom.console.frames import decode_answer, decode_request
from intercom.console.reference import inserted, reference

README = Path("README.md").read_text()
PROTOCOL = " ".join(README.partition("### A program on the line")[2].partition("\n### ")[0].split())
FRAMES = re.findall(r"^[@%!]\d.* ~[0-9a-f]{8}$", README, re.MULTILINE)


def test_the_reference_is_what_make_reference_writes() -> None:
    assert inserted(README) == README


def test_every_verb_is_in_it() -> None:
    told = set(re.findall(r"^\| `(.*?)` \|", reference().replace("\\|", "|"), re.MULTILINE))
    people = {command.verb: command.usage for command in COMMANDS.values()}
    assert told == {*people.values(), *(VERBS.keys() - people.keys())}


@pytest.mark.parametrize("frame", FRAMES)
def test_each_frame_that_is_shown_has_the_right_check(frame: str) -> None:
    assert decode_request(frame) or decode_answer(frame)


def test_frames_of_all_kinds_are_shown() -> None:
    assert {frame[0] for frame in FRAMES} == set("@%!")


@pytest.mark.parametrize(
    "words",
    [
        f"at most {lines.LIMIT} bytes",
        f"the last {answers.REMEMBERED} requests",
        f"until {machine.ALONE_S:.0f} s pass",
        f"chunks of at most {parcels.CHUNK} bytes",
        f"up to {parcels.LONGEST // 1024} KB",
        *(f"`{code}`" for code in CODES),
        *(f"`{kind}`" for kind in watch.KINDS),
    ],
)
def test_the_limits_are_the_right_ones(words: str) -> None:
    assert words in PROTOCOL
