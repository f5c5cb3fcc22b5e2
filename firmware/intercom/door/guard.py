"""The guard: a process of its own that alone drives the relay's line, and that locks whatever happens to the station.

    python -I -m intercom.door.guard FACTS          watch over the line; the station is on standard input
    python -I -m intercom.door.guard --safe FILE    drive it to its safe level once

FACTS and FILE are those of `door.relay`.  Standard input is a socket of whole messages (SOCK_SEQPACKET), times are
seconds of the monotonic clock:

    station:  open AT | tick AT
    guard:    opened LEVEL       it is open now, or for longer
              refused WHY        it was not opened
              open LEVEL         it is open still: the answer to a tick
              safe LEVEL WHY     it is locked: first of all, when it changes, and as the answer to a tick
              failed WHY         the line can't be driven; the guard ends

The line is driven safe first of all, at the end of the station's socket, when the station falls silent, at any signal,
and at the guard's own end.
"""

import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from math import nan
from pathlib import Path

from intercom.door import line
from intercom.door.line import Line
from intercom.door.pulse import Pulse
from intercom.door.relay import Relay
from intercom.errors import PinError

Take = Callable[[Relay], Line]

LONGEST_MESSAGE = 1024
WAITS_S = 2.0  # for another holder of the line, such as a guard that is about to end, in `--safe`
RETRY_S = 0.05
SPARED = frozenset(
    {signal.SIGKILL, signal.SIGSTOP}  # can't be caught
    | {signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGTRAP, signal.SIGSYS}  # our own bugs
    | {signal.SIGCHLD, signal.SIGCONT, signal.SIGURG, signal.SIGWINCH, signal.SIGPIPE}  # end nothing
)


def main(words: Sequence[str]) -> int:
    """Run as the module's head says; return the exit code."""
    match words:
        case ["--safe", file]:
            return make_safe(Path(file))
        case [facts]:
            return stand_guard(Relay.read(facts), socket.socket(fileno=0))
        case _:
            _say(str(__doc__))
            return 2


def stand_guard(relay: Relay, station: socket.socket, take: Take = line.take) -> int:
    """Watch over the line until the station is gone or a signal comes; return the exit code."""
    station.setblocking(False)
    with _told() as signals:
        try:
            held = take(relay)
        except PinError as error:
            _tell(station, f"failed {error}")
            return 1
        pulse = Pulse(relay.pulse_s, relay.longest_s)
        try:
            _tell(station, _state(pulse, relay))
            _watch(held, pulse, relay, station=station, signals=signals)
        except OSError as error:
            _tell(station, f"failed GPIO {relay.line} can't be driven: {error.strerror}.")
            return 1
        finally:
            with suppress(OSError):  # which the station was told of
                held.drive(is_open=False)
        _tell(station, _state(pulse, relay))
        _say(f"The lock is safe, its line {relay.safe}. {pulse.why}")
    return 0


def make_safe(file: Path, take: Take = line.take) -> int:
    """Drive the line safe that the facts in this file name; return the exit code, 0 also where there is no file."""
    try:
        relay = Relay.read(file.read_text("utf-8"))
    except FileNotFoundError:
        return 0
    except (OSError, ValueError) as error:
        _say(f"The lock may be open: {file} can't be read ({error}).")
        return 1
    gives_up_at = time.monotonic() + WAITS_S
    while True:
        try:
            take(relay)
        except PinError as error:
            if time.monotonic() >= gives_up_at:
                _say(f"The lock may be open: {error}")
                return 1
            time.sleep(RETRY_S)
        else:
            _say(f"The lock is safe: GPIO {relay.line} was driven {relay.safe}.")
            return 0


def _watch(held: Line, pulse: Pulse, relay: Relay, *, station: socket.socket, signals: socket.socket) -> None:
    wanted = select.poll()
    for source in (station, signals):
        wanted.register(source, select.POLLIN)
    while not pulse.is_over:
        due = pulse.due()
        ready = dict(wanted.poll(None if due is None else 1000 * max(0.0, due - time.monotonic())))
        now, was_open = time.monotonic(), pulse.is_open
        pulse.pass_time(now)
        words = [_state(pulse, relay)] if pulse.is_open is not was_open else []
        if signals.fileno() in ready:
            pulse.end(now, f"The guard was told to end by signal {signals.recv(1)[0]}.")
        elif station.fileno() in ready:
            words.append(_take(pulse, relay, _heard(station), now))
        if pulse.is_open is not was_open:
            held.drive(is_open=pulse.is_open)
        for each in words:
            _tell(station, each)


def _take(pulse: Pulse, relay: Relay, message: bytes, now: float) -> str:
    """Do what the station says; return the answer."""
    match message.split(b" "):
        case [b""]:
            pulse.end(now, "The station is gone.")
        case [b"tick", at]:
            pulse.tick(_seconds(at), now)
        case [b"open", at]:
            why = pulse.open(_seconds(at), now)
            return f"refused {why}" if why else f"opened {relay.unsafe}"
    return _state(pulse, relay)


def _state(pulse: Pulse, relay: Relay) -> str:
    return f"open {relay.unsafe}" if pulse.is_open else f"safe {relay.safe} {pulse.why}"


def _seconds(text: bytes) -> float:
    try:
        return float(text)
    except ValueError:
        return nan  # no time at all: it opens nothing


def _heard(station: socket.socket) -> bytes:
    """Return the next message; none: the station is gone."""
    try:
        return station.recv(LONGEST_MESSAGE)
    except BlockingIOError:
        return b"?"
    except OSError:
        return b""


def _tell(station: socket.socket, words: str) -> None:
    with suppress(OSError):  # it is gone, or does not listen: the line matters more
        station.send(words.encode()[:LONGEST_MESSAGE])


def _say(words: str) -> None:
    """Write to the log; it may wait for who reads that, so only when the line is safe."""
    with suppress(OSError):
        print(words, file=sys.stderr, flush=True)  # noqa: T201


@contextmanager
def _told() -> Iterator[socket.socket]:
    """Give a socket on which each signal that would end us arrives as a byte instead."""
    hears, speaks = socket.socketpair()
    with hears, speaks:
        speaks.setblocking(False)
        signal.set_wakeup_fd(speaks.fileno(), warn_on_full_buffer=False)
        for number in signal.valid_signals() - SPARED:
            signal.signal(number, lambda *_: None)
        try:
            yield hears
        finally:
            signal.set_wakeup_fd(-1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
