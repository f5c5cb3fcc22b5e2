"""The serial console from its other end: commands a second, a push at 115200 baud, what it costs to follow the log.

One station without sound or exchange, its line a pty.  Where a baud rate counts, a forwarder before the pty lets each
byte take its time.
"""

import asyncio
import os
import pty
import select
import socket
import tempfile
import threading
import time
import tty
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

from bench import process
from bench.cells import Cell
from bench.figures import Outcome
from bench.program import Program
from bench.stations import INTERCOM, WITHIN_S
from intercom.console import scram
from intercom.console.accounts import ADMIN
from intercom.console.cable import BITS, FileCable
from intercom.console.gate import Gate
from intercom.console.talk import Talk
from intercom.settings import armour
from intercom.settings.template import template

BAUD, AT_ONCE = 115_200, 16
LINES_PER_S, LOOKS_S = 50, 0.05
LATE_S = 0.005  # what the forwarder has overslept is made up for
PASSWORD = "correct horse battery"
SETTINGS = """
[signaling]
url = ""
[audio]
capture = "none"
playback = "none"
[console]
port = "{port}"
"""


async def measure(cell: Cell) -> Outcome:
    """Ask, push, follow; each for a quarter of the cell's seconds, but for the push, which takes what it takes."""
    for_s = cell.seconds / 4
    with tempfile.TemporaryDirectory() as name:
        async with _station(Path(name)) as (program, file, control):
            figures = await asyncio.to_thread(_asked, file, for_s)
            figures |= await asyncio.to_thread(_pushed, file)
            unread = await asyncio.to_thread(_logged, program.pid, control, for_s)
            with _following(file) as lines_per_s:
                read = await asyncio.to_thread(_logged, program.pid, control, for_s)
    more = {"cpu_unread_s_per_min": [unread], "cpu_log_s_per_min": [read], "log_lines_per_s": lines_per_s}
    return Outcome({**figures, **more})


def _asked(file: int, for_s: float) -> dict[str, list[float]]:
    """How many commands a second are answered, one after the other."""
    talk, took_ms, end = _logged_in(FileCable(file)), list[float](), time.monotonic() + for_s
    while (asked_at := time.monotonic()) < end:
        talk.ask("show", {"path": "audio.volume"})
        took_ms.append((time.monotonic() - asked_at) * 1000)
    return {"commands_per_s": [len(took_ms) / for_s], "command_ms": took_ms}


def _pushed(file: int) -> dict[str, list[float]]:
    """How long a whole settings file takes to be a candidate, and how often that is what its bytes alone take."""
    text = armour.armoured(template())
    with _paced(file) as cable:
        talk = _logged_in(cable)
        begun_at = time.monotonic()
        talk.ask("import", {"text": text})
        took_s = time.monotonic() - begun_at
    return {"push_s": [took_s], "push_ratio": [took_s / (len(text) * cable.byte_s)]}


def _logged(pid: int, control: Path, for_s: float) -> float:
    """The CPU seconds a minute with which the station obeys a program at its socket, a line of the log each time."""
    with closing(socket.socket(socket.AF_UNIX)) as line:
        line.connect(os.fspath(control))
        talk, begun_at, begun_s = Talk(FileCable(line.fileno())), time.monotonic(), process.cpu_s(pid)
        for number in range(int(for_s * LINES_PER_S)):
            time.sleep(max(0.0, begun_at + number / LINES_PER_S - time.monotonic()))
            talk.ask("set", {"path": "audio.volume", "value": number % 100})
        return (process.cpu_s(pid) - begun_s) / (time.monotonic() - begun_at) * 60


@contextmanager
def _following(file: int) -> Iterator[list[float]]:
    """Have the log streamed to the line, and read there; how many lines a second came is there at the end."""
    _logged_in(FileCable(file)).ask("subscribe", {"kinds": ["log"]})
    begun_at, came, rates = time.monotonic(), bytearray(), list[float]()
    with _thread(file, came.extend):
        yield rates
    rates.append(came.count(b"log {") / (time.monotonic() - begun_at))


def _logged_in(cable: FileCable) -> Talk:
    talk, client = Talk(cable), scram.Client(ADMIN, PASSWORD)
    talk.hello()
    proof = client.final(talk.ask("auth-begin", {"message": client.first()})["message"])
    proof.verify(talk.ask("auth-end", {"message": proof.message})["message"])
    return talk


@contextmanager
def _paced(file: int) -> Iterator[FileCable]:
    """A cable to that end of a pty, on which each byte takes its time, in both directions at once."""
    ours, theirs = socket.socketpair()
    with closing(ours), closing(theirs), _thread(file, _pace(theirs.fileno())), _thread(theirs.fileno(), _pace(file)):
        yield FileCable(ours.fileno(), baud=BAUD)


def _pace(file: int) -> Callable[[bytes], object]:
    free_at = [0.0]

    def send(data: bytes) -> None:
        free_at[0] = max(free_at[0], time.monotonic() - LATE_S) + len(data) * BITS / BAUD
        time.sleep(max(0.0, free_at[0] - time.monotonic()))
        os.write(file, data)

    return send


@contextmanager
def _thread(file: int, take: Callable[[bytes], object]) -> Iterator[None]:
    """Have all that comes taken, in a thread, a few bytes at a time."""
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            if select.select([file], [], [], LOOKS_S)[0]:
                take(os.read(file, AT_ONCE))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield
    finally:
        is_over.set()
        reader.join()


@asynccontextmanager
async def _station(folder: Path) -> AsyncIterator[tuple[Program, int, Path]]:
    """A station, the far end of its line, and its control socket."""
    far, near = pty.openpty()
    tty.setraw(near)
    state, file = folder / "state", folder / "intercom.toml"
    file.write_text(SETTINGS.format(port=os.ttyname(near)))
    async with Gate(state) as gate:
        await gate.choose("", ADMIN, PASSWORD, is_very_first=True)
    words = (INTERCOM, "run", "--config", file, "--state", state)
    async with Program(*words, folder=folder, environment={}) as program, asyncio.timeout(WITHIN_S):
        while b"> " not in await asyncio.to_thread(os.read, far, 4096):
            pass
        yield program, far, state / "control.sock"
    for end in (far, near):
        os.close(end)
