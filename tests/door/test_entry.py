"""Digits of a call to attempts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intercom.door.entry import LONGEST, MOST_A_CALL, SILENCE_S, Entry


def dialled(text: str, *, every_s: float = 0.2, takes_inband: bool = False) -> list[str]:
    """The attempts of what is dialled at that pace; a blank is a pause of 3 s."""
    entry, at_s, attempts = Entry(takes_inband=takes_inband), 100.0, []
    for symbol in text:
        at_s += SILENCE_S if symbol == " " else every_s
        ended = entry.tick(at_s) if symbol == " " else entry.feed(symbol, at_s)
        attempts += [ended] if ended else []
    return attempts


@pytest.mark.parametrize(
    ("text", "attempts"),
    [
        ("739482#", ["739482"]),
        ("739482 ", ["739482"]),
        ("739482", []),
        ("739482739482#", ["739482739482"]),
        ("73948#", ["73948"]),  # somebody wants an answer
        ("73948 ", []),  # somebody brushed the keypad
        ("7 739482#", ["739482"]),
        ("7394827394829999#", ["7394827394829"]),  # as much as tells that it is none
        ("#", []),
        ("###739482##", ["739482"]),
        ("12*739482#", ["739482"]),
        ("12A739482#", ["739482"]),
        ("111111#222222#333333#444444#", ["111111", "222222", "333333"]),
        ("1#2#3#739482#", ["1", "2", "3"]),
        ("1 2 3 4 739482#", ["739482"]),
    ],
)
def test_what_is_dialled_gives_these_attempts(text: str, attempts: list[str]) -> None:
    assert dialled(text) == attempts


def test_silence_ends_a_run_three_seconds_after_its_last_digit() -> None:
    entry = Entry(takes_inband=False)
    assert entry.due() is None
    for n, digit in enumerate("739482"):
        entry.feed(digit, 10.0 + 2.9 * n)
    assert entry.due() == pytest.approx(10 + 2.9 * 5 + SILENCE_S)
    assert entry.tick(27.4) is None
    assert entry.tick(27.5) == "739482"
    assert entry.due() is None


def test_a_digit_that_comes_before_the_tick_ends_what_was_before_it() -> None:
    entry = Entry(takes_inband=False)
    for digit in "739482":
        entry.feed(digit, 1.0)
    assert entry.feed("1", 5.0) == "739482"
    assert entry.feed("#", 5.1) == "1"


def test_tones_within_the_voice_count_only_where_that_is_allowed() -> None:
    for takes_inband in (False, True):
        entry = Entry(takes_inband=takes_inband)
        ended = [entry.feed(symbol, 1.0, is_inband=True) for symbol in "739482#"][-1]
        assert ended == ("739482" if takes_inband else None)


def test_an_entry_does_not_show_what_was_dialled() -> None:
    entry = Entry(takes_inband=False)
    for digit in "73948261":
        entry.feed(digit, 1.0)
    assert "7394" not in repr(entry)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("0123456789*#AD"), st.floats(0, 5)), max_size=300))
def test_no_dialling_gives_more_than_three_attempts_nor_is_more_kept_than_tells_a_code(
    dialling: list[tuple[str, float]],
) -> None:
    entry, at_s, attempts = Entry(takes_inband=False), 0.0, []
    for symbol, pause_s in dialling:
        at_s += pause_s
        attempts += [ended] if (ended := entry.feed(symbol, at_s)) else []
    assert len(attempts) <= MOST_A_CALL
    assert all(len(attempt) <= LONGEST + 1 and attempt.isdecimal() for attempt in attempts)
