"""Does in the machine what the host asks: one JSON object a line comes by a virtual serial port, one answers it.

`{"id", "do", "with"}` is answered by `{"id", "result"}` or `{"id", "error"}`; each request has a thread of its own.
"""

import ctypes
import json
import os
import select
import subprocess
import threading
import time
import tty
from collections.abc import Callable
from pathlib import Path
from typing import Any

from intercom.console import client

FOLDER = Path("/clone")

PIDFD_GETFD = 438
CLEAR = b"\x15"  # ^U; until it is set raw, the terminal sends back what it is sent, after which the station is deaf

_programs: dict[str, subprocess.Popen[bytes]] = {}
_held: list[int] = []
_enough = threading.Event()
_sending = threading.Lock()


def read(path: str) -> str:
    """Return what is in a file."""
    return Path(path).read_text(errors="replace")


def write(path: str, text: str) -> None:
    """Write a file."""
    Path(path).write_text(text)


def run(words: list[str], within_s: float = 60.0) -> str:
    """Run a program to its end and return what it said; raises where it fails."""
    ran = subprocess.run(words, capture_output=True, text=True, timeout=within_s, check=False)
    if ran.returncode:
        raise RuntimeError(f"{words} ended with {ran.returncode}: {ran.stdout}{ran.stderr}")
    return ran.stdout


def start(name: str, words: list[str]) -> int:
    """Start a program that goes on, its log in NAME.log, and return its process number."""
    with (FOLDER / f"{name}.log").open("ab") as log:
        _programs[name] = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    return _programs[name].pid


def ended(name: str, within_s: float) -> int:
    """Wait until a program that was started ends, and return its exit code (negative: the signal's number)."""
    return _programs[name].wait(within_s)


def signal(pid: int, number: int) -> float:
    """Send a signal and return the time before that."""
    at = time.monotonic()
    os.kill(pid, number)
    return at


def ask(folder: str, words: list[str]) -> dict[str, Any]:
    """Have the station whose state is in `folder` do a command, as its command line does."""
    return client.ask(words, path=FOLDER / folder / "control.sock").result


def flood(path: str, texts: list[str], every_s: float, count: int) -> float:
    """Write these texts into a file in turn, `count` times or until it is `enough`; return how long that took."""
    begin = time.monotonic()
    _enough.clear()
    with Path(path).open("wb", buffering=0) as file:
        for index in range(count):
            if _enough.wait(max(0.0, begin + index * every_s - time.monotonic())):
                break
            os.pwrite(file.fileno(), texts[index % len(texts)].encode(), 0)
    return time.monotonic() - begin


def enough() -> None:
    """End every flood."""
    _enough.set()


def type_at(device: str, text: str, until: str, within_s: float = 50.0) -> str:
    """Type a text at a terminal and return what it shows, up to the words `until`."""
    port, shown, end = os.open(device, os.O_RDWR | os.O_NOCTTY), b"", time.monotonic() + within_s
    try:
        tty.setraw(port)
        os.write(port, CLEAR + text.encode())
        while until.encode() not in shown:
            if not select.select([port], [], [], max(0.0, end - time.monotonic()))[0]:
                raise TimeoutError(f"{device} shows only {shown!r}")
            shown += os.read(port, 4096)
    finally:
        os.close(port)
    return shown.decode(errors="replace")


def hold(pid: int) -> int:
    """Keep open what a process holds of GPIO lines, whatever becomes of it; return how many there were."""
    process, libc = os.pidfd_open(pid), ctypes.CDLL(None)
    lines = [file for file in Path(f"/proc/{pid}/fd").iterdir() if str(file.readlink()) == "anon_inode:gpio-line"]
    _held.extend(libc.syscall(PIDFD_GETFD, process, int(line.name), 0) for line in lines)
    return len(lines)


def let_go() -> None:
    """Close what is held."""
    while _held:
        os.close(_held.pop())


ACTS: dict[str, Callable[..., Any]] = {
    act.__name__: act for act in (read, write, run, start, ended, signal, ask, flood, enough, type_at, hold, let_go)
}


def serve(port: int) -> None:
    """Answer requests for as long as the machine is on."""
    with os.fdopen(port, "rb", buffering=0) as file:
        for line in file:
            threading.Thread(target=_answer, args=(port, json.loads(line)), daemon=True).start()


def _answer(port: int, request: dict[str, Any]) -> None:
    try:
        answer = {"result": ACTS[request["do"]](**request["with"])}
    except Exception as error:  # noqa: BLE001  the test that asked fails, and says why
        answer = {"error": f"{type(error).__name__}: {error}"}
    with _sending:
        _write_all(port, json.dumps({"id": request["id"], **answer}).encode() + b"\n")


def _write_all(port: int, data: bytes) -> None:
    while data:
        data = data[os.write(port, data) :]


if __name__ == "__main__":
    serve(os.open(next(Path("/dev").glob("vport*")), os.O_RDWR))
