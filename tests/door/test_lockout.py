"""What a wrong code costs, in the age of a station: doubling waits, one limit over all, little memory."""

from itertools import cycle

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intercom.door.lockout import DAY_S, MOST_A_DAY, Lockouts

YEAR_S = 365 * DAY_S
NOBODY: tuple[str, ...] = ()


def wait_s(lockouts: Lockouts, identity: str, age_s: float, *, allow: tuple[str, ...] = NOBODY) -> float:
    lock = lockouts.lock(identity, age_s, allow=allow)
    return lock.until_s - age_s if lock else 0.0


def guesses_in_a_year(pauses_s: list[float]) -> int:
    """How many guesses are evaluated of somebody who waits out each lock-out, and then some."""
    lockouts, age_s, guesses = Lockouts(), 0.0, 0
    pauses = cycle(pauses_s)
    while age_s < YEAR_S:
        lockouts = lockouts.counting("guesser", age_s)
        guesses += 1
        age_s += wait_s(lockouts, "guesser", age_s, allow=("guesser",)) + next(pauses)
    return guesses


def test_the_wait_doubles_from_a_second_to_a_day() -> None:
    lockouts, age_s, waits = Lockouts(), 0.0, []
    for _ in range(20):
        lockouts = lockouts.counting("web", age_s)
        waits.append(wait_s(lockouts, "web", age_s))
        age_s += waits[-1]
    assert waits[:17] == [2.0**n for n in range(17)]
    assert waits[17:] == [DAY_S] * 3


def test_who_waits_out_each_lockout_gets_less_than_four_hundred_guesses_in_a_year() -> None:
    assert 365 <= guesses_in_a_year([0.0]) <= 400


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.floats(0, 10 * DAY_S), st.just(0.0)), min_size=1, max_size=50))
def test_no_pauses_give_a_guesser_more(pauses_s: list[float]) -> None:
    assert guesses_in_a_year(pauses_s) <= 400


def test_each_day_takes_one_wrong_code_back() -> None:
    lockouts = Lockouts()
    for _ in range(3):
        lockouts = lockouts.counting("web", 0.0)
    assert wait_s(lockouts, "web", 0.0) == 4
    for days, wait in ((0, 8), (1, 4), (2, 2), (9, 1)):
        age_s = 4 + days * DAY_S
        assert wait_s(lockouts.counting("web", age_s), "web", age_s) == wait


def test_one_identity_locks_out_no_other() -> None:
    lockouts = Lockouts().counting("web", 0.0)
    assert wait_s(lockouts, "web", 0.5) == 0.5
    assert wait_s(lockouts, "anna", 0.5) == 0


def test_fifty_wrong_codes_in_a_day_lock_out_all_but_those_who_are_allowed() -> None:
    lockouts = Lockouts()
    for n in range(MOST_A_DAY):
        assert wait_s(lockouts, "anna", n) == 0
        lockouts = lockouts.counting(f"web{n}", float(n))
    assert wait_s(lockouts, "anna", 60.0) == DAY_S - 60
    assert wait_s(lockouts, "kitchen", 60.0, allow=("kitchen",)) == 0
    assert [lock.identity for lock in lockouts.locks(60.0)] == [""]
    assert wait_s(lockouts, "anna", DAY_S) == 0
    assert wait_s(lockouts.counting("anna", DAY_S), "anna", DAY_S) == 1


def test_an_allowed_identity_is_locked_out_by_its_own_wrong_codes() -> None:
    assert wait_s(Lockouts().counting("kitchen", 0.0), "kitchen", 0.0, allow=("kitchen",)) == 1


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3000), st.floats(0, DAY_S / 10)), min_size=300, max_size=1500))
def test_whatever_identities_come_little_is_kept(attempts: list[tuple[int, float]]) -> None:
    lockouts, age_s = Lockouts(), 0.0
    for number, pause_s in attempts:
        age_s += pause_s
        if lockouts.lock(f"web{number}", age_s, allow=NOBODY) is None:
            lockouts = lockouts.counting(f"web{number}", age_s)
    assert len(lockouts.wrong) <= 5 * MOST_A_DAY
    assert len(lockouts.latest) <= MOST_A_DAY


def test_a_name_of_any_length_takes_little_room() -> None:
    lockouts = Lockouts().counting("x" * 10_000, 0.0)
    assert len(msgspec.json.encode(lockouts)) < 300
    assert wait_s(lockouts, "x" * 10_000, 0.0) == 1


@pytest.mark.parametrize("content", [b'{"wrong":{"web":[1e308,0]}}', b'{"age_s":-1}', b'{"wrong":{"web":[-5,0]}}'])
def test_what_no_station_wrote_is_not_read(content: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(content, type=Lockouts)


def test_what_years_of_guessing_leave_is_read_again() -> None:
    lockouts, age_s = Lockouts(), 0.0
    for _ in range(2000):
        lockouts = lockouts.counting("web", age_s)
        age_s += wait_s(lockouts, "web", age_s)
    assert lockouts.wrong["web"].debt < 2000
    assert lockouts.wrong["web"].until_s - lockouts.wrong["web"].age_s == DAY_S
    assert msgspec.json.decode(msgspec.json.encode(lockouts), type=Lockouts) == lockouts
