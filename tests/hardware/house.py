"""A gate wired to the machine's header, and what it calls: a kitchen with an exchange, the demo of `make run`."""

import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from tests.hardware.header import Header
from tests.hardware.machine import Machine

WITHIN_S, LOOKS_EVERY_S = 150.0, 0.5
ANSWER, SERVICE, LEDS, RELAY = 17, 24, (5, 6, 12, 13, 16, 25), 26
KITCHEN = "intercom"  # the demo's station calls itself so
PASSWORD = "three green bicycles"

# It has no sound card and a button, so no simulated door: that leaves the machine more strength for the gate.
OF_KITCHEN = """
[call]
to = "gate"

[audio]
capture = "none"
playback = "none"
profile = "light"
echo = "off"

[panel]
factory = "sim"

[panel.buttons]
answer = 17
"""
OF_GATE = f"""
[call]
to = "{KITCHEN}"

[audio]
capture = "hw:Loopback,0,1"
playback = "hw:Loopback,0,0"
profile = "light"
echo = "off"

[rtc]
codecs = ["pcmu"]

[panel]
factory = "gpiod"

[panel.buttons]
answer = {ANSWER}
service = {SERVICE}

[panel.ring]
kind = "gpio"
pins = {list(LEDS)}

[console]
port = "/dev/ttyGS0"

[door]
pin = {RELAY}
pulse_s = 30
longest_s = 60
"""
COMMANDS = {"kitchen": "demo", "gate": "run"}


class House:
    """The programs of a machine that is on, by their names, `kitchen` and `gate`; `live` starts them."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.header = Header(machine)
        self.pids: dict[str, int] = {}
        self._were_cut: list[str] = []

    def live(self) -> None:
        """Have both run, and return when they are idle."""
        if not (self.pids or self._were_cut):
            self._furnish()
        for station in tuple(self._were_cut):
            self.start(station)
        for station in COMMANDS:
            self.until_status(station, lambda status: status["light"]["pattern"] == "heartbeat", "it is idle")

    def start(self, name: str) -> None:
        """Start a program."""
        words = f"intercom {COMMANDS[name]} --config /clone/{name}.toml --state /clone/{name}"
        self.pids[name] = self.machine.do("start", name=name, words=words.split())
        self._were_cut = [each for each in self._were_cut if each != name]

    def cut(self) -> None:
        """Cut the machine's power and boot it; nothing runs in it until it is started, or `live` starts what ran."""
        self._were_cut += self.pids
        self.pids.clear()
        self.machine.cut()
        self.machine.boot()

    def end(self, name: str, number: signal.Signals = signal.SIGTERM) -> float:
        """End a program by a signal; return the machine's time just before."""
        at = self.signal(self.pids[name], number)
        self.machine.do("ended", name=name, within_s=WITHIN_S, answers_within_s=WITHIN_S)
        return at

    def signal(self, pid: int, number: signal.Signals) -> float:
        """Send a process a signal; return the machine's time just before."""
        return float(self.machine.do("signal", pid=pid, number=number))

    def guard(self) -> int:
        """Return the process that holds the gate's relay, the only one that the gate starts."""
        gate = self.pids["gate"]
        return int(self.machine.do("read", path=f"/proc/{gate}/task/{gate}/children"))

    def log(self, name: str) -> str:
        """Return what a program has said."""
        return str(self.machine.do("read", path=f"/clone/{name}.log"))

    def ask(self, station: str, *words: str) -> dict[str, Any]:
        """Have a station do a command, as its command line does."""
        answer: dict[str, Any] = self.machine.do("ask", folder=station, words=words)
        return answer

    def type(self, text: str, *, until: str) -> str:
        """Type a line at the gate's serial console; return what is shown, up to the words `until`."""
        return str(self.machine.do("type_at", device="/dev/ttyACM0", text=f"{text}\r", until=until))

    def log_in(self) -> None:
        """Log in at the gate's serial console; a fresh station takes the password as its first, and wants it twice."""
        self.type(f"login\r{PASSWORD}\r{PASSWORD}", until="You are logged in as admin.")

    def until_status(self, station: str, is_so: Callable[[dict[str, Any]], bool], meaning: str) -> dict[str, Any]:
        """Ask a station, which may still be starting, until its status is such a one."""
        seen: dict[str, Any] = {}

        def is_seen() -> bool:
            with suppress(RuntimeError):
                seen.update(self.ask(station, "status"))
            return bool(seen) and is_so(seen)

        self.until(is_seen, f"{station}: {meaning}")
        return seen

    def until(self, is_so: Callable[[], bool], meaning: str) -> None:
        """Look again and again until it is so."""
        end = time.monotonic() + WITHIN_S
        while not is_so():
            assert time.monotonic() < end, f"not within {WITHIN_S:.0f} s: {meaning}"
            time.sleep(LOOKS_EVERY_S)

    def story(self) -> str:
        """Return the ends of all logs."""
        return "".join(f"The log of {name}:\n{self.log(name)[-3000:]}\n" for name in self.pids)

    def _furnish(self) -> None:
        self.machine.do("write", path="/clone/kitchen.toml", text=OF_KITCHEN)
        self.machine.do("write", path="/clone/gate.toml", text=OF_GATE)
        self.start("kitchen")
        self.until(lambda: "ready https" in self.log("kitchen"), "the exchange is ready")
        key = "intercom station add gate --into /clone/gate.toml --state /clone/kitchen"
        self.machine.do("run", words=key.split())
        self.start("gate")
