"""Codes: which may be taken, when each is good, and that a guess costs the same however near it is."""

import hmac
from datetime import date, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intercom.door import codes, terms
from intercom.door.codes import Code, Codes
from intercom.door.hours import Hours, read, read_date
from intercom.errors import ConflictError, UsageError

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
NOON = datetime(2026, 11, 23, 12, tzinfo=timezone(timedelta(hours=1)))  # a Monday
GIVEN = {"name": "postman", "code": "73948261", "once": False, "from": "", "to": "", "days": "", "until": ""}


NONE = Codes()


def new(kept: Codes = NONE, **given: Any) -> Codes:
    return terms.add(kept, GIVEN | given, KEY, NOON).codes


@pytest.mark.parametrize(
    "weak", ["111111", "123456", "654321", "012345", "890123", "135791", "121212", "739739", "111112", "000000000000"]
)
def test_a_code_that_anybody_would_try_is_refused(weak: str) -> None:
    with pytest.raises(UsageError, match="the first that anybody would try") as refused:
        codes.check(weak)
    assert weak not in str(refused.value)


@pytest.mark.parametrize("wrong", ["", "73948", "7394827394820", "73948a", "٧٣٩٤٨٢", "739 482"])
def test_a_code_has_six_to_twelve_digits(wrong: str) -> None:
    with pytest.raises(UsageError, match="has 6 to 12 digits"):
        codes.check(wrong)


@pytest.mark.parametrize("good", ["739482", "193756", "100200", "739482739481"])
def test_other_codes_are_taken(good: str) -> None:
    assert codes.check(good) == good


def test_a_code_that_is_made_has_eight_digits_and_is_no_weak_one() -> None:
    made = {codes.make() for _ in range(50)}
    assert len(made) > 45
    assert all(len(codes.check(each)) == 8 for each in made)
    assert len(terms.add(Codes(), GIVEN | {"code": ""}, KEY, NOON).shown) == 8
    assert terms.add(Codes(), GIVEN, KEY, NOON).shown == ""


@pytest.mark.parametrize("name", ["", "a b", "73948261", "x" * 65, "ä", "anna-739482"])
def test_a_name_is_a_word_and_never_where_a_code_was_typed(name: str) -> None:
    with pytest.raises(UsageError, match="A code's name is") as refused:
        new(name=name)
    assert "7394" not in str(refused.value)


def test_a_code_is_taken_once_and_nobody_learns_whose_it_is() -> None:
    kept = new()
    with pytest.raises(ConflictError, match=r"^That code can't be taken\.") as refused:
        new(kept, name="anna")
    assert "postman" not in str(refused.value)
    with pytest.raises(ConflictError, match="There is a code of that name"):
        new(kept, code="5550123")


def test_no_more_codes_are_kept_than_there_is_room_for() -> None:
    kept = Codes(codes.key_id(KEY), tuple(Code(name=f"n{n}", mac=bytes(32), added=NOON) for n in range(codes.MOST)))
    with pytest.raises(ConflictError, match="no more are kept"):
        new(kept)


def test_codes_of_another_key_are_known_as_such() -> None:
    kept = new()
    assert (kept.is_under(KEY), kept.is_under(OTHER_KEY), Codes().is_under(OTHER_KEY)) == (True, False, True)
    with pytest.raises(ConflictError, match="under another device key"):
        terms.add(kept, GIVEN | {"name": "anna", "code": "5550123"}, OTHER_KEY, NOON)


@settings(deadline=None)
@given(st.text("0123456789", min_size=6, max_size=12))
def test_each_guess_near_or_far_is_compared_with_every_code(guess: str) -> None:
    kept = new(new(new(), name="anna", code="5550123"), name="otto", code="640318")
    compared: list[bool] = []

    def compare(one: bytes, other: bytes) -> bool:
        assert len(one) == len(other) == 32
        compared.append(hmac.compare_digest(one, other))
        return compared[-1]

    for digits in (guess, "73948261", "73948260", "5550123", "640318"):
        compared.clear()
        codes.look_up(kept.codes, codes.kept_as(digits, KEY), compare=compare)
        assert len(compared) == 3


def test_what_is_kept_holds_no_digit_of_a_code() -> None:
    kept = new(once=True, until="2027-01-31")
    assert b"7394" not in msgspec.json.encode(kept)
    assert "7394" not in repr(kept)
    assert msgspec.json.decode(msgspec.json.encode(kept), type=Codes) == kept
    assert terms.told(kept.codes[0]) == {
        "name": "postman",
        "once": True,
        "hours": "",
        "until": "2027-01-31",
        "added": "2026-11-23T12:00+01:00",
    }


@pytest.mark.parametrize(
    ("days", "begin", "end", "at", "holds"),
    [
        ("", "", "", "Mon 00:00", True),
        ("mon-fri", "", "", "Fri 23:59", True),
        ("mon-fri", "", "", "Sat 00:00", False),
        ("fri-mon", "", "", "Sun 12:00", True),
        ("sat,sun,wed", "", "", "Wed 12:00", True),
        ("", "08:00", "18:30", "Mon 07:59", False),
        ("", "08:00", "18:30", "Mon 08:00", True),
        ("", "08:00", "18:30", "Mon 18:29", True),
        ("", "08:00", "18:30", "Mon 18:30", False),
        ("", "18:00", "24:00", "Mon 23:59", True),
        ("", "18:00", "24:00", "Tue 00:00", False),
        ("fri", "22:00", "06:00", "Sat 05:59", True),
        ("fri", "22:00", "06:00", "Sat 06:00", False),
        ("fri", "22:00", "06:00", "Fri 05:59", False),
        ("fri", "22:00", "06:00", "Sat 22:00", False),
        ("sun", "22:00", "06:00", "Mon 01:00", True),
    ],
)
def test_a_code_is_good_in_its_hours(days: str, begin: str, end: str, at: str, holds: bool) -> None:
    day, clock = at.split()
    hour, minute = map(int, clock.split(":"))
    number = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].index(day)
    now = NOON.replace(hour=hour, minute=minute) + timedelta(days=number)
    assert read(days, begin, end).hold(now) is holds


@pytest.mark.parametrize(
    ("days", "begin", "end", "told"),
    [
        ("", "08:00", "", "a begin and an end"),
        ("", "", "08:00", "a begin and an end"),
        ("", "08:00", "08:00", "end when they begin"),
        ("", "25:00", "26:00", "Times are written as"),
        ("", "08:00+02:00", "12:00", "Times are written as"),
        ("monday", "", "", "Days are written as"),
        ("mon-", "", "", "Days are written as"),
        ("mon,,tue", "", "", "Days are written as"),
    ],
)
def test_hours_that_make_no_sense_are_told(days: str, begin: str, end: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        read(days, begin, end)


def test_hours_read_back_as_they_are_shown() -> None:
    assert str(read("mon-wed,sun", "08:00", "24:00")) == "mon,tue,wed,sun 08:00-00:00"
    assert str(Hours()) == ""
    with pytest.raises(UsageError, match="A date is written as"):
        read_date("31.1.2027")


@pytest.mark.parametrize(
    ("given", "days_later", "why"),
    [
        ({}, -9999, ""),
        ({"until": "2026-11-24"}, 1, ""),
        ({"until": "2026-11-24"}, 2, "it was good until 2026-11-24"),
        ({"until": "2026-11-24"}, -9999, "the clock is not set"),
        ({"days": "mon"}, -7, "the clock is not set"),
        ({"days": "tue"}, 0, "it is not for this hour"),
    ],
)
def test_a_code_knows_why_it_opens_nothing_now(given: dict[str, Any], days_later: int, why: str) -> None:
    assert new(**given).codes[0].why_not(NOON + timedelta(days=days_later)) == why


def test_the_last_day_of_a_code_counts() -> None:
    assert new(until="2026-11-23").codes[0].until == date(2026, 11, 23)
