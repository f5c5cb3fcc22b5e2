"""A far end that answers whatever it is sent: no storm, no command that nobody typed, and one sentence tells why."""

import asyncio
import os
import termios
import tty
from pathlib import Path

from intercom.console.doubt import ECHO, SENTENCES
from intercom.console.port import SerialPort
from intercom.settings.schema import Console
from tests.console.cable import OURS, Cable
from tests.console.station import SmallStation

SENTENCE = SENTENCES[ECHO]
QUIET_S = 1.5


async def test_a_tty_left_in_echo_mode_gets_one_answer_and_one_sentence(tmp_path: Path) -> None:
    station, port = SmallStation(), SerialPort(Console(port=str(tmp_path / "tty")))
    async with Cable(tmp_path / "tty") as cable, port.serving(station):
        await cable.until(SENTENCE[:60])  # the prompt has come back
        assert port.status()["why"] == ECHO
        await cable.silence(QUIET_S)
        assert len(cable.seen[OURS]) < 300
        sent = len(cable.seen[OURS])
        os.write(cable.far, b"status\n")
        await cable.until(SENTENCE[:60], after=sent)
        await cable.silence(QUIET_S)
    assert len(cable.seen[OURS]) - sent < 3000
    assert cable.seen[OURS].count(SENTENCE.encode()) == 2
    assert station.log == []  # `call none` stands in the status, and would be a command


async def test_a_tty_that_begins_to_echo_in_the_middle_is_found_out_by_the_answer(tmp_path: Path) -> None:
    station, port = SmallStation(), SerialPort(Console(port=str(tmp_path / "tty")))
    async with Cable(tmp_path / "tty") as cable:
        echoing = termios.tcgetattr(cable.far)
        tty.setraw(cable.far)
        async with port.serving(station):
            await cable.until("hall> ")
            termios.tcsetattr(cable.far, termios.TCSANOW, echoing)
            os.write(cable.far, b"status\n")
            await cable.until(SENTENCE[:60])
            await cable.silence(QUIET_S)
    assert len(cable.seen[OURS]) < 4000
    assert station.log == []


async def test_once_the_tty_is_set_raw_the_console_works_as_ever(tmp_path: Path) -> None:
    station, port = SmallStation(), SerialPort(Console(port=str(tmp_path / "tty")))
    async with Cable(tmp_path / "tty") as cable, port.serving(station):
        await cable.until(SENTENCE[:60])
        await cable.silence(QUIET_S)
        tty.setraw(cable.far)
        sent = len(cable.seen[OURS])
        os.write(cable.far, b"\rmute on\r")
        await cable.until("hall> mute on\r\n", after=sent)
        await station.was_muted.wait()
        await cable.until("hall> ", after=sent + 20)
        assert port.status() == {"port": str(tmp_path / "tty"), "state": "open", "why": ""}


async def test_two_stations_whose_lines_are_joined_end_in_silence(tmp_path: Path) -> None:
    async with Cable(tmp_path / "one") as cable:
        (tmp_path / "two").symlink_to(os.ttyname(cable.far))
        ports = [SerialPort(Console(port=str(tmp_path / name))) for name in ("one", "two")]
        async with ports[0].serving(SmallStation()), ports[1].serving(SmallStation()):
            await cable.until("hall> ")
            await cable.silence(2 * QUIET_S)
    assert sum(map(len, cable.seen.values())) < 3000


async def test_a_shell_at_the_other_end_ends_in_silence(tmp_path: Path) -> None:
    station, port = SmallStation(), SerialPort(Console(port=str(tmp_path / "tty")))
    async with Cable(tmp_path / "tty") as cable, port.serving(station):
        shell = await asyncio.create_subprocess_exec(
            "sh", "-i", stdin=cable.far, stdout=cable.far, stderr=cable.far, start_new_session=True
        )
        await cable.silence(2 * QUIET_S)
        shell.kill()
        await shell.wait()
    assert sum(map(len, cable.seen.values())) < 6000
    assert station.log == []
