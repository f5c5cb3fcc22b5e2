"""What wrong passwords cost a serial port, in the age of a station, on the disk."""

import stat
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intercom.console.access import Access
from intercom.console.accounts import ADMIN
from intercom.console.keyring import ACCOUNTS, FOLDER, LOCKOUTS, Keyring
from intercom.console.lockouts import HOUR_S, Lockouts
from intercom.console.porter import Porter, give
from intercom.errors import IntercomError, RefusedError
from tests.console.gates import PASSWORDS, locked

PORT, DAY_S = "/dev/ttyGS0", 86_400.0


class Running:
    """A clock that no one sets; it begins anew with each start."""

    def __init__(self) -> None:
        self.at_s = 50.0

    def __call__(self) -> float:
        return self.at_s


def guess(porter: Porter, password: str = "a wrong password", name: str = ADMIN) -> None:
    porter.check(PORT, name, password)


def waits(count: int) -> list[float]:
    lockouts, age_s, waited = Lockouts(), 0.0, []
    for _ in range(count):
        lockouts = lockouts.counting(PORT, age_s)
        waited.append(lockouts.wait_s(PORT, age_s))
        age_s += waited[-1]
    return waited


def test_four_are_free_then_the_wait_doubles_to_five_minutes() -> None:
    assert waits(16) == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


def test_each_hour_takes_one_back() -> None:
    lockouts = Lockouts()
    for _ in range(6):
        lockouts = lockouts.counting(PORT, 0.0)
    after_s = 2 + 3 * HOUR_S
    assert [lockouts.counting(PORT, after_s).wait_s(PORT, after_s), len(lockouts.at(2 + 7 * HOUR_S).wrong)] == [0, 0]


def test_one_port_locks_out_no_other() -> None:
    lockouts = Lockouts()
    for _ in range(9):
        lockouts = lockouts.counting(PORT, 0.0)
    assert (lockouts.wait_s(PORT, 0.0), lockouts.wait_s("/dev/ttyUSB0", 0.0)) == (16, 0)


@given(st.lists(st.floats(0, DAY_S / 4), max_size=400))
@settings(max_examples=50, deadline=None)
def test_whatever_the_pauses_nobody_guesses_more_than_three_hundred_times_a_day(pauses_s: list[float]) -> None:
    lockouts, age_s, times = Lockouts(), 0.0, []
    for pause_s in [*pauses_s, *[0.0] * 400]:
        age_s += lockouts.wait_s(PORT, age_s) + pause_s
        lockouts = lockouts.counting(PORT, age_s)
        times.append(age_s)
    assert all(later - earlier >= DAY_S for earlier, later in zip(times, times[325:], strict=False))


def test_a_lock_out_outlives_a_restart_and_whatever_the_clock_does(tmp_path: Path) -> None:
    locked(tmp_path)
    running = Running()
    porter = Porter(tmp_path, running_s=running)
    for _ in range(9):
        running.at_s += 10
        with pytest.raises(RefusedError, match="wrong"):
            guess(porter)
    with pytest.raises(RefusedError, match=r"Wait 16 s\."):
        guess(porter, PASSWORDS[ADMIN])
    running.at_s = 3.0
    again = Porter(tmp_path, running_s=running)
    with pytest.raises(RefusedError, match=r"Wait 16 s\."):
        guess(again, PASSWORDS[ADMIN])
    running.at_s += 16
    assert again.check(PORT, ADMIN, PASSWORDS[ADMIN]).access is Access.OPERATOR


def test_a_guess_counts_before_it_is_looked_at(tmp_path: Path) -> None:
    locked(tmp_path)
    porter = Porter(tmp_path, running_s=Running())
    with pytest.raises(RefusedError):
        guess(porter)
    kept = Keyring(tmp_path).lockouts
    assert kept.wrong[PORT].debt == 1
    porter.check(PORT, ADMIN, PASSWORDS[ADMIN])
    assert Keyring(tmp_path).lockouts.wrong == {}


def test_a_viewers_password_buys_no_guesses(tmp_path: Path) -> None:
    locked(tmp_path)
    porter = Porter(tmp_path, running_s=Running())
    for _ in range(4):
        with pytest.raises(RefusedError):
            guess(porter)
        porter.check(PORT, "viewer", PASSWORDS["viewer"])
    with pytest.raises(RefusedError):
        guess(porter)
    with pytest.raises(RefusedError, match=r"Wait 1 s\."):
        guess(porter, PASSWORDS["viewer"], "viewer")


def test_files_are_for_the_stations_user_alone_and_hold_no_password(tmp_path: Path) -> None:
    locked(tmp_path)
    with pytest.raises(RefusedError):
        guess(Porter(tmp_path, running_s=Running()))
    for name in (ACCOUNTS, LOCKOUTS):
        file = tmp_path / FOLDER / name
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert not any(password in file.read_text() for password in PASSWORDS.values())
    assert stat.S_IMODE((tmp_path / FOLDER).stat().st_mode) == 0o700


@pytest.mark.parametrize("content", [b"", b"{}", b'{"seed":"AAAA"}', b"\xff", b"[" * 5000])
def test_where_the_accounts_are_damaged_nobody_gets_in_until_root_sets_a_password(
    tmp_path: Path, content: bytes
) -> None:
    locked(tmp_path)
    (tmp_path / FOLDER / ACCOUNTS).write_bytes(content)
    porter = Porter(tmp_path, running_s=Running())
    for attempt in (porter.is_fresh, lambda: guess(porter), lambda: porter.choose(ADMIN, "three green bicycles")):
        with pytest.raises(IntercomError, match="damaged"):
            attempt()
    give(tmp_path, ADMIN, "three green bicycles")
    assert porter.check(PORT, ADMIN, "three green bicycles").account == ADMIN


@pytest.mark.parametrize("content", [b"", b'{"age_s":-1}', b'{"wrong":{"a":[1e308,0]}}', b"\xff"])
def test_damaged_lock_outs_lock_nobody_out(tmp_path: Path, content: bytes) -> None:
    locked(tmp_path)
    (tmp_path / FOLDER / LOCKOUTS).write_bytes(content)
    assert Porter(tmp_path, running_s=Running()).check(PORT, ADMIN, PASSWORDS[ADMIN])


def test_where_nothing_can_be_written_the_lock_out_holds_and_the_right_password_is_good(tmp_path: Path) -> None:
    locked(tmp_path)
    (tmp_path / FOLDER / f".{LOCKOUTS}.new").mkdir()  # so that the file can't be made
    porter = Porter(tmp_path, running_s=Running())
    assert porter.check(PORT, ADMIN, PASSWORDS[ADMIN])
    for _ in range(5):
        with pytest.raises(RefusedError, match="wrong"):
            guess(porter)
    with pytest.raises(RefusedError, match=r"Wait 1 s\."):
        guess(porter)


def test_what_years_of_guessing_leave_is_read_again() -> None:
    lockouts = Lockouts()
    for n in range(500):
        lockouts = lockouts.counting(PORT, 300.0 * n)
    assert msgspec.json.decode(msgspec.json.encode(lockouts), type=Lockouts) == lockouts
