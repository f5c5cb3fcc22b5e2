"""An exchange, a gate and a kitchen in one machine, as three programs; the gate is wired to its header."""

import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from tests.hardware.header import Header
from tests.hardware.machine import Machine

WITHIN_S = 100.0
STATIONS = ("kitchen", "gate")
ANSWER, LEDS, RELAY, STUCK = 17, (5, 6, 12, 13, 16, 25), 26, 22

EXCHANGE = """
[exchange]
host = "127.0.0.1"
"""
STATION = """
[station]
identity = "{identity}"
name = "{identity}"

[signaling]
url = "wss://localhost:8443/signal"

[call]
to = "{to}"

[audio]
capture = "plughw:Loopback,{capture}"
playback = "plughw:Loopback,{playback}"
profile = "light"
echo = "off"
"""
GATE = f"""
[panel]
factory = "gpiod"

[panel.buttons]
answer = {ANSWER}
mute = {STUCK}

[panel.ring]
kind = "gpio"
pins = {list(LEDS)}

[console]
port = "/dev/ttyGS0"
"""


class House:
    """The programs in a machine; `gate` and `kitchen` are the names of the stations."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.header = Header(machine)
        self.pids: dict[str, int] = {}

    def build(self) -> None:
        """Start all three, each station with a key of the exchange; returns when both stations are registered."""
        self._write("exchange", EXCHANGE)
        self.start("exchange", "exchange")
        self.until(lambda: "ready" in self.log("exchange"), "the exchange is ready")
        self._write("kitchen", STATION.format(identity="kitchen", to="gate", capture="1,0", playback="1,1"))
        self._write("gate", STATION.format(identity="gate", to="kitchen", capture="0,1", playback="0,0") + GATE)
        for station in STATIONS:
            add = f"intercom station add {station} --into /clone/{station}.toml --state /clone/exchange"
            self.machine.do("run", words=add.split())
            self.start(station, "run")
        for station in STATIONS:
            self.until_status(station, lambda status: status["registration"] == "ready", "it is registered")

    def start(self, name: str, command: str) -> None:
        """Start a program in its folder."""
        words = ("intercom", command, "--config", f"/clone/{name}.toml", "--state", f"/clone/{name}")
        self.pids[name] = self.machine.do("start", name=name, words=words)

    def kill(self, name: str, number: signal.Signals) -> float:
        """Send a program a signal; return the machine's time just before."""
        return float(self.machine.do("signal", pid=self.pids[name], number=number))

    def log(self, name: str) -> str:
        """What a program said."""
        return str(self.machine.do("read", path=f"/clone/{name}.log"))

    def ask(self, station: str, *words: str) -> dict[str, Any]:
        """Have a station do a command, as its command line does."""
        answer: dict[str, Any] = self.machine.do("ask", folder=station, words=words)
        return answer

    def until_status(self, station: str, is_so: Callable[[dict[str, Any]], bool], meaning: str) -> dict[str, Any]:
        """Ask a station until its status is such a one; also while it starts."""
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
            assert time.monotonic() < end, f"not within {WITHIN_S:.0f} s: {meaning}\n{self._story()}"
            time.sleep(0.2)

    def _write(self, name: str, settings: str) -> None:
        self.machine.do("write", path=f"/clone/{name}.toml", text=settings)

    def _story(self) -> str:
        return "\n".join(f"The log of {name}:\n{self.log(name)[-3000:]}" for name in self.pids)
