"""The machine's header: contacts that are closed, and every level that a program drives onto a pin."""

import re
from concurrent.futures import Future
from itertools import pairwise
from typing import Any, NamedTuple

from tests.hardware.machine import ANSWERS_WITHIN_S, Machine

TRACE = "/sys/kernel/tracing/trace"
# The kernel's own numbers for lines: "12.345678: gpio_value: 538 set 1", "12.345678: gpio_direction: 538 out (0)".
EVENT = re.compile(r" (\d+\.\d+): gpio_(value|direction): (\d+) (set|in|out)\b *\(?(-?\d)")
LAST_LINE = 53
PRESS_S = 0.15
HOLD_EVERY_S = 0.005
TAKE_LAST_LINE = f"""
import gpiod
gpiod.request_lines("/dev/gpiochip0", {{{LAST_LINE}: gpiod.LineSettings(direction=gpiod.line.Direction.OUTPUT)}})
"""


class Event(NamedTuple):
    """What was done to a line, `at` in seconds of the machine's monotonic clock.

    `what` is "low" or "high" (driven so), "out" or "in" (its direction).
    """

    at: float
    what: str


class Header:
    """The pins of a machine, by their BCM numbers; a contact connects its pin to ground."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._folder = machine.do("run", words=["sh", "-c", "echo /sys/devices/platform/gpio-sim.0/gpiochip*"]).strip()
        machine.do("run", words=["python", "-c", TAKE_LAST_LINE])
        self._first = max(number for _, number, _ in self._trace()) - LAST_LINE

    def now(self) -> float:
        """Return the time of the machine's monotonic clock."""
        return float(self._machine.do("read", path="/proc/uptime").split()[0])

    def press(self, pin: int) -> None:
        """Close the contact at this pin for a moment."""
        self.flood(pin, every_s=PRESS_S, count=2).result(ANSWERS_WITHIN_S)

    def flood(self, pin: int, *, every_s: float, count: int) -> Future[Any]:
        """Begin to close and open the contact by turns; `count` is how often in all, and even."""
        turns = ["pull-down", "pull-up"]
        return self._machine.begin("flood", path=self._contact(pin), texts=turns, every_s=every_s, count=count)

    def hold(self, pin: int, *, for_s: float) -> Future[Any]:
        """Begin to hold the contact closed until `let_go`, though gpio-sim pulls it up for whoever takes the line."""
        count = int(for_s / HOLD_EVERY_S)
        texts = ["pull-down"]
        return self._machine.begin("flood", path=self._contact(pin), texts=texts, every_s=HOLD_EVERY_S, count=count)

    def let_go(self, pin: int, held: Future[Any]) -> None:
        """End that, and open the contact."""
        self._machine.do("enough")
        held.result(ANSWERS_WITHIN_S)
        self.open(pin)

    def close(self, pin: int) -> None:
        """Close the contact at this pin."""
        self._machine.do("write", path=self._contact(pin), text="pull-down")

    def open(self, pin: int) -> None:
        """Open it again."""
        self._machine.do("write", path=self._contact(pin), text="pull-up")

    def is_high(self, pin: int) -> bool:
        """Whether this pin is high now, whoever makes it so."""
        return str(self._machine.do("read", path=f"{self._folder}/sim_gpio{pin}/value")).strip() == "1"

    def events(self, pin: int, since: float = 0.0) -> list[Event]:
        """Return what programs did to this pin."""
        return [Event(at, what) for at, number, what in self._trace() if number == self._first + pin and at >= since]

    def forget(self) -> None:
        """Begin the record of events anew."""
        self._machine.do("write", path=TRACE, text="")

    def changes(self, pin: int, since: float) -> int:
        """Return how often programs changed its level."""
        levels = [event.what for event in self.events(pin, since) if event.what in {"low", "high"}]
        return sum(now != before for before, now in pairwise(levels))

    def _contact(self, pin: int) -> str:
        return f"{self._folder}/sim_gpio{pin}/pull"

    def _trace(self) -> list[tuple[float, int, str]]:
        found = EVENT.findall(self._machine.do("read", path=TRACE))
        return [(float(at), int(number), _what(kind, how, value)) for at, kind, number, how, value in found]


def _what(kind: str, how: str, value: str) -> str:
    return how if kind == "direction" else ("high" if value == "1" else "low")
