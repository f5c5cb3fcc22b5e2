"""The guard's process over its real socket: it locks whatever happens, whatever it is told."""

import signal
import time

import pytest

from tests.door.guards import RELAY, Guard, python
from tests.figures import Figures

LIMIT_S = 0.3  # for a guard to be up, in time of the processor: this machine does other things too
SLACK_S = 0.5

# A guard whose line tells on standard error what it is driven to, and breaks when it is opened.
BROKEN = """
import socket, sys
from intercom.door import guard
from intercom.door.relay import Relay

class Line:
    def drive(self, *, is_open):
        print("open" if is_open else "safe", file=sys.stderr, flush=True)
        if is_open:
            raise {error}

sys.exit(guard.stand_guard(Relay.read(sys.argv[1]), socket.socket(fileno=0), lambda relay: Line()))
"""
NONSENSE = [
    b" ", b"\n", b"open", b"open ", b"open now", b"open inf", b"open nan", b"open 0", b"open -1", b"open 1e308",
    b"open 1 2", b"OPEN 1", b"opened high", b"tick", b"tick x", b"\xff" * 64, b"open " + b"9" * 5000, b"\0" * 5000,
]  # fmt: skip
# What a terminal, an operator, systemd and its watchdog, a shell's job control and whoever else may send.
ENDING = [
    signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM, signal.SIGABRT, signal.SIGTSTP, signal.SIGUSR1,
    signal.SIGRTMAX,
]  # fmt: skip


def test_it_is_up_at_once_and_says_first_of_all_that_it_is_safe(figures: Figures) -> None:
    costs_s = []
    for _ in range(3):
        with Guard() as guard:
            assert guard.says() == "safe low It has not been opened yet."
            ticks = [int(field) for field in guard.stat()[13:15]]
            costs_s.append(sum(ticks) / 100)
    figures.note(f"the door's guard is up after {min(costs_s):.2f} s of processor time")
    assert min(costs_s) < LIMIT_S


def test_it_opens_for_the_pulse_while_the_station_lives() -> None:
    with Guard() as guard:
        guard.says()
        assert guard.open() == "opened high"
        began_at = time.monotonic()
        assert guard.tick() == "open high"
        assert guard.tick_until("safe") == "safe low Its time was over."
        assert time.monotonic() - began_at < RELAY.pulse_s + SLACK_S


def test_the_other_level_is_safe_where_the_facts_say_so() -> None:
    with Guard(RELAY._replace(is_safe_high=True)) as guard:
        assert guard.says().startswith("safe high ")
        assert guard.open() == "opened low"


def test_a_flood_of_openings_keeps_it_open_for_the_longest_time_and_no_longer() -> None:
    with Guard() as guard:
        guard.says()
        guard.open()
        began_at = time.monotonic()
        while (said := guard.open()) == "opened high":
            pass
        assert said == "safe low Its time was over."
        assert guard.says().endswith("rests for a second.")
        assert RELAY.longest_s - 0.1 < time.monotonic() - began_at < RELAY.longest_s + SLACK_S


def test_it_locks_when_the_station_falls_silent() -> None:
    with Guard(RELAY._replace(pulse_s=60, longest_s=60)) as guard:
        guard.says()
        guard.open()
        began_at = time.monotonic()
        assert guard.says() == "safe low The station fell silent."
        assert time.monotonic() - began_at < 0.5 + SLACK_S
        assert guard.open() == "opened high"


def test_it_locks_and_ends_when_the_station_is_gone() -> None:
    with Guard() as guard:
        guard.says()
        guard.open()
        guard.socket.close()
        assert guard.ends() == (0, "The lock is safe, its line low. The station is gone.\n")


def test_a_station_that_is_gone_before_it_has_read_all_is_gone_too() -> None:
    with Guard() as guard:
        guard.open()  # what the guard says first is read, its answer is not
        guard.socket.close()
        assert guard.ends()[0] == 0


@pytest.mark.parametrize("number", ENDING)
def test_it_locks_and_ends_at_any_signal(number: int) -> None:
    with Guard() as guard:
        guard.says()
        guard.open()
        guard.gets(number)
        why = f"The guard was told to end by signal {int(number)}."
        assert guard.says() == f"safe low {why}"
        assert guard.ends() == (0, f"The lock is safe, its line low. {why}\n")


def test_nonsense_opens_nothing_and_ends_nothing() -> None:
    with Guard() as guard:
        guard.says()
        for message in NONSENSE:
            guard.send(message)
            said = guard.says()
            assert said.startswith("safe low ") or said == "refused It was asked for too long ago."
        assert guard.open() == "opened high"


def test_what_was_asked_while_it_could_not_hear_opens_nothing() -> None:
    with Guard() as guard:
        guard.says()
        asked_at = time.monotonic()
        guard.gets(signal.SIGSTOP)
        guard.send(f"open {asked_at - 0.6}".encode())
        guard.gets(signal.SIGCONT)
        assert guard.says() == "refused It was asked for too long ago."


def test_a_guard_that_fails_by_its_own_fault_has_locked() -> None:
    with Guard(command=python(BROKEN.format(error="RuntimeError('a bug')"))) as guard:
        guard.says()
        guard.send(f"open {time.monotonic()}".encode())
        code, log = guard.ends()
    assert (code, log.splitlines()[:2]) == (1, ["open", "safe"])
    assert "RuntimeError: a bug" in log


def test_a_line_that_is_lost_is_told() -> None:
    with Guard(command=python(BROKEN.format(error="OSError(19, 'No such device')"))) as guard:
        guard.says()
        assert guard.open() == "failed GPIO 26 can't be driven: No such device."
        assert guard.ends() == (1, "open\nsafe\n")


def test_a_line_that_can_not_be_had_is_told() -> None:
    with Guard(RELAY._replace(is_simulated=False)) as guard:
        assert guard.says().startswith("failed /nonexistent can't be opened as a GPIO chip: ")
        assert guard.ends() == (1, "")


def test_words_it_does_not_know_are_answered_by_its_own() -> None:
    with Guard(command=python("import sys; from intercom.door import guard; sys.exit(guard.main([]))")) as guard:
        code, log = guard.ends()
    assert code == 2
    assert "python -I -m intercom.door.guard FACTS" in log
