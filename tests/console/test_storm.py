"""A far end that answers whatever it is sent: no storm, no command that nobody typed, and one sentence tells why."""

import os
import termios
import tty
from itertools import cycle
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from intercom.console.desk import Desk
from intercom.console.doubt import ECHO, SENTENCES
from intercom.console.port import SerialPort
from intercom.console.session import HumanSession
from intercom.settings.schema import Console
from tests.console.cable import OURS, Cable
from tests.console.station import SmallStation

SENTENCE = SENTENCES[ECHO]
QUIET_S = 1.2  # longer than the station is deaf
STORM = 6000  # bytes


async def test_a_tty_left_in_echo_mode_gets_one_answer_and_one_sentence_and_set_raw_all_is_as_ever(
    tmp_path: Path,
) -> None:
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
        tty.setraw(cable.far)
        sent = len(cable.seen[OURS])
        os.write(cable.far, b"\rmute on\r")
        await cable.until("hall> mute on\r\n", after=sent)
        await station.was_muted.wait()
        await cable.until("hall> ", after=sent + 20)
        assert port.status()["why"] == ""


async def test_what_a_tab_lists_is_no_command_when_it_comes_back(tmp_path: Path) -> None:
    station, port = SmallStation(), SerialPort(Console(port=str(tmp_path / "tty")))
    async with Cable(tmp_path / "tty") as cable:
        echoing = termios.tcgetattr(cable.far)
        tty.setraw(cable.far)
        async with port.serving(station):
            await cable.until("hall> ")
            os.write(cable.far, b"c")
            await cable.until("hall> c")
            termios.tcsetattr(cable.far, termios.TCSANOW, echoing)
            os.write(cable.far, b"\t")
            await cable.until(SENTENCE[:60])
            await cable.silence(QUIET_S)
    assert b"\r\ncall  " in cable.seen[OURS]
    assert len(cable.seen[OURS]) < 1000
    assert station.log == []


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


async def test_who_clears_the_line_first_is_heard_even_if_it_comes_together_with_an_echo() -> None:
    station, shown = SmallStation(), bytearray()

    async def write(data: bytes) -> None:
        shown.extend(data)

    session = HumanSession(Desk(station, "test"))
    await session.feed(b"hall> call  none\rhall> \x15mute on\r", write)
    assert station.log == ["mute True"]
    assert shown.endswith(b"mute on\r\nMute on.\r\nhall> ")


async def test_an_echo_with_holes_is_found_out_though_no_line_of_it_is_whole() -> None:
    """Recorded at a USB gadget whose far end had no room for all that it sent back."""
    heard = b"\r\n\r\nnetwork token n0\r\nr    slo4i  nt\r\n\r\nsettings     tstation         gate, re6 MB of "
    station, shown = SmallStation(), bytearray()

    async def write(data: bytes) -> None:
        shown.extend(data)

    session = HumanSession(Desk(station, "test"))
    await session.feed(b"status\r\n", write)
    await session.feed(heard, write)
    assert session.why == ECHO
    assert not shown.endswith(b"MB of ")


@given(st.lists(st.integers(1, 100), min_size=2))
async def test_an_echo_with_holes_ends_wherever_they_are(runs: list[int]) -> None:
    """So many bytes in turn come back, and are lost."""
    kept = cycle([is_kept for run, is_kept in zip(runs, cycle([True, False])) for _ in range(run)])
    now, printed, coming = 0.0, 0, bytearray()

    async def write(data: bytes) -> None:
        nonlocal printed
        printed += len(data)
        coming.extend(byte for byte in data.replace(b"\r", b"\r\n") if next(kept))

    session = HumanSession(Desk(SmallStation(), "test"), now=lambda: now)
    await session.feed(b"status\r\n", write)
    while coming or session.due is not None:
        if coming:
            data = bytes(coming)
            coming.clear()
            await session.feed(data, write)
        else:
            now = session.due or now
            await session.tick(write)
        assert printed < STORM
