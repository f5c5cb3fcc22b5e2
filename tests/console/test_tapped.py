"""A serial line that somebody taps: all that a program said, said again, logs nobody in and has nothing done."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from intercom.console.accounts import ADMIN
from intercom.console.frames import Reply, Request, content, decode_reply, encode
from intercom.console.gate import Gate
from intercom.console.port import SerialPort
from intercom.console.scram import Client
from intercom.settings.schema import Console
from tests.console.gates import PASSWORDS, locked
from tests.console.station import SmallStation
from tests.console.terminal import Terminal

PROMPT = "hall> "


class Program:
    """Talks over a tapped terminal; `tapped` is all that it sent."""

    def __init__(self, terminal: Terminal) -> None:
        self.tapped = b""
        self._terminal, self._count = terminal, 0

    async def ask(self, verb: str, **arguments: Any) -> Reply:
        self._count += 1
        line = f"{encode(Request(str(self._count), verb, arguments))}\n".encode()
        self.tapped += line
        await self._terminal.type(line)
        await self._terminal.shown(f"%{self._count} ")
        reply = decode_reply(f"%{self._count} {(await self._terminal.shown(chr(10))).rstrip()}")
        assert reply is not None
        return reply

    async def do(self, verb: str, **arguments: Any) -> dict[str, Any]:
        reply = await self.ask(verb, **arguments)
        assert reply.is_ok, reply
        return dict(reply.members)

    async def push(self, request: Request) -> None:
        whole = content(request).encode()
        await self.do("push", size=len(whole), sha256=sha256(whole).hexdigest())
        await self.do("chunk", at=0, chunk=b64encode(whole).decode())
        await self.do("run")


async def converse(program: Program) -> None:
    """Log in, and change, call and open what can be."""
    client = Client(ADMIN, PASSWORDS[ADMIN])
    await program.do("hello")
    begun = await program.do("auth-begin", message=client.first())
    proof = client.final(begun["message"])
    proof.verify((await program.do("auth-end", message=proof.message))["message"])
    await program.do("set", path="audio.volume", value=7)
    await program.do("commit")
    await program.push(Request("0", "mute", {"state": "on"}))
    await program.do("door-open")


def station_behind(gate: Gate) -> SmallStation:
    station = SmallStation()
    station.gate = gate
    return station


async def heard(state: Path, device: Path) -> tuple[Program, SmallStation]:
    """What was tapped of a conversation that did something, and the station that did it."""
    station = station_behind(locked(state))
    with Terminal(device) as terminal:
        async with SerialPort(Console(port=str(device))).serving(station):
            await terminal.shown(PROMPT)
            program = Program(terminal)
            await converse(program)
            await terminal.type(b"\x03")  # gives the line back to people
            await terminal.shown(PROMPT)
    assert station.log == ["mute True", f"door opened by serial {device}, admin"]
    assert station.settings.audio.volume == 7
    return program, station


async def say_again(tapped: bytes, station: SmallStation, device: Path) -> None:
    with Terminal(device) as terminal:
        async with SerialPort(Console(port=str(device))).serving(station):
            await terminal.shown(PROMPT)
            await terminal.type(tapped)
            answered = await terminal.shown(f"%{tapped.count(b'@')} ")
            assert answered.count(" err ") >= 6


@pytest.mark.parametrize("is_fresh_process", [True, False], ids=["at another start", "after an unplug"])
async def test_all_that_was_tapped_does_nothing_when_it_is_said_again(tmp_path: Path, is_fresh_process: bool) -> None:
    device = tmp_path / "tty"
    program, station = await heard(tmp_path, device)
    if is_fresh_process:
        station = station_behind(Gate(tmp_path))
    else:
        station.gate.seat(str(device)).leave()
    log, revision = list(station.log), station.revision
    await say_again(program.tapped, station, device)
    assert (station.log, station.revision) == (log, revision)
    assert station.gate.seat(str(device)).account == ""


async def test_no_password_and_nothing_that_serves_as_one_crosses_the_line(tmp_path: Path) -> None:
    program, station = await heard(tmp_path, tmp_path / "tty")
    assert PASSWORDS[ADMIN].encode() not in program.tapped
    verifier = station.gate._porter.admit("another").verifier(ADMIN)
    for key in (verifier.stored_key, verifier.server_key):
        assert b64encode(key) not in program.tapped


async def test_what_was_said_is_run_for_who_may_so_the_lines_are_whole(tmp_path: Path) -> None:
    """The other tests fail for the right reason: but for the login, the same bytes do what they did."""
    device = tmp_path / "tty"
    program, _ = await heard(tmp_path, device)
    station = SmallStation()  # where everybody is admin
    with Terminal(device) as terminal:
        async with SerialPort(Console(port=str(device))).serving(station):
            await terminal.shown(PROMPT)
            await terminal.type(program.tapped)
            await terminal.shown(f"%{program.tapped.count(b'@')} ok ")
    assert station.settings.audio.volume == 7
