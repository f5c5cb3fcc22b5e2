"""Whether somebody reads at the other end: a line's echoes end at once, and people are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.console.doubt import BABBLE, BABBLE_S, DRIVEL, ECHO, NOISE, SENTENCES, SILENCE_S, Doubt, Sitting
from intercom.console.lines import Echo, Event, Interrupted, Line, Refused

PROMPT = b"hall> "
STATUS = b"station         hall, ready\r\ncall            none\r\nhall> "


def sitting(begun: bytes = b"", prompt: bytes = PROMPT, *, is_pasting: bool = False, is_asked: bool = False) -> Sitting:
    return Sitting(begun, prompt, is_pasting, is_asked)


@pytest.mark.parametrize(
    ("event", "begun", "is_echo"),
    [
        (Line("call            none"), b"", True),
        (Line("  station         hall, ready "), b"", True),
        (Line("call        off"), b"", True),
        (Line("hall> status"), b"", True),
        (Line("! There is no such command."), b"", True),
        (Line("%1 ok {} ~01234567"), b"", True),
        (Line("!7 log {} ~01234567"), b"", True),
        (Echo(b" "), b"hall> ", True),
        (Echo(b" "), b"! ", True),
        (Echo(b" "), b"settings   ", True),
        (Echo(b" "), b"call  ", False),
        (Echo(b" "), b"      ", False),
        (Echo(b"h"), b"h", False),
        (Line("status"), b"", False),
        (Line("call none"), b"", False),
        (Line("    call none"), b"", False),
        (Line("call  none"), b"", False),
        (Line('set station.name "a   b"'), b"", False),
        (Echo(b" "), b"set station.name 'a   ", False),
        (Line("!help"), b"", False),
        (Line(""), b"", False),
        (Line("@1 status {} ~01234567"), b"", False),
    ],
)
def test_what_was_printed_is_never_taken_as_a_command(event: Event, begun: bytes, is_echo: bool) -> None:
    doubt = Doubt()
    doubt.print(STATUS)
    assert doubt.drops(event, sitting(begun), 0.0) is is_echo
    assert doubt.why == (ECHO if is_echo else "")


def test_settings_that_were_exported_may_be_pasted_but_not_behind_the_prompt_of_pasting() -> None:
    doubt = Doubt()
    doubt.print(b"volume = 60\r\n")
    assert not doubt.drops(Line("volume = 60"), sitting(prompt=b"| ", is_pasting=True), 0.0)
    assert not doubt.drops(Line("volume    = 60"), sitting(prompt=b"| ", is_pasting=True), 0.0)
    assert doubt.drops(Echo(b" "), sitting(b"| ", prompt=b"| ", is_pasting=True), 0.0)


def test_a_question_that_comes_back_is_no_answer_to_it() -> None:
    asked = sitting(prompt=b"A new one is needed.\r\nPassword: ", is_asked=True)
    assert Doubt().drops(Line("Password: secret"), asked, 0.0)
    assert not Doubt().drops(Line("three   green   bicycles"), asked, 0.0)


def test_where_nothing_is_asked_for_anything_may_be_typed() -> None:
    assert not Doubt().drops(Line("anything"), sitting(prompt=b""), 0.0)


def test_while_it_lasts_all_is_dropped_but_frames_and_the_sentence_comes_after_a_second_of_silence() -> None:
    doubt = Doubt()
    assert doubt.drops(Echo(b" "), sitting(PROMPT), 10.0)
    doubt.hear(b"status\r", 10.5)
    assert doubt.drops(Line("status"), sitting(), 10.5)
    assert not doubt.drops(Line("@1 status {} ~01234567"), sitting(), 10.5)
    assert doubt.tick(10.5 + SILENCE_S - 0.01) is None
    assert doubt.tick(10.5 + SILENCE_S) == SENTENCES[ECHO]
    assert not doubt.drops(Line("status"), sitting(), 12.0)


def test_the_sentence_is_told_once_until_a_command_was_understood() -> None:
    doubt, told = Doubt(), []
    for now in (0.0, 10.0, 20.0):
        doubt.drops(Line("hall> "), sitting(), now)
        told.append(doubt.tick(now + SILENCE_S))
    doubt.understand()
    doubt.drops(Line("hall> "), sitting(), 30.0)
    assert [*told, doubt.tick(30.0 + SILENCE_S)] == [SENTENCES[ECHO], "", "", SENTENCES[ECHO]]


@pytest.mark.parametrize("key", [b"\x03", b"\x15"])
def test_who_presses_ctrl_c_or_ctrl_u_is_read_at_once(key: bytes) -> None:
    doubt = Doubt()
    doubt.drops(Line("hall> "), sitting(), 0.0)
    doubt.hear(key, 0.1)
    assert not doubt.is_deaf
    assert not doubt.drops(Interrupted(), sitting(), 0.1)
    assert doubt.why == ""


def test_lines_in_a_row_that_mean_nothing_are_left_alone() -> None:
    doubt = Doubt()
    for index in range(BABBLE):
        assert not doubt.is_deaf
        doubt.miss(index * 0.4)
    assert doubt.is_deaf
    assert doubt.tick(9.0) == SENTENCES[DRIVEL]


def test_lines_that_are_no_text_count_as_such() -> None:
    doubt = Doubt()
    dropped = [doubt.drops(Refused("not UTF-8"), sitting(), 0.0) for _ in range(BABBLE)]
    assert dropped == [False] * (BABBLE - 1) + [True]


@given(st.lists(st.sampled_from(["known", "unknown"]), max_size=60).map(lambda row: [*row, "known"]))
def test_a_person_who_mistypes_fewer_than_five_in_a_row_is_never_left_alone(row: list[str]) -> None:
    doubt, in_a_row = Doubt(), 0
    for word in row:
        in_a_row = in_a_row + 1 if word == "unknown" else 0
        if in_a_row < BABBLE:
            doubt.miss(0.0) if word == "unknown" else doubt.understand()
        assert not doubt.is_deaf


def test_who_mistypes_slowly_is_never_left_alone() -> None:
    doubt = Doubt()
    for index in range(100):
        doubt.miss(index * BABBLE_S / (BABBLE - 2))
    assert not doubt.is_deaf


def test_noise_is_told_until_a_command_was_understood() -> None:
    doubt = Doubt()
    doubt.hear(bytes(range(0x80, 0xC0)), 0.0)
    assert doubt.why == NOISE
    doubt.understand()
    assert doubt.why == ""
