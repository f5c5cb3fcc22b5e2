"""The door's words at a terminal, over a real warden."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from intercom.console.commands import COMMANDS
from intercom.console.desk import Desk
from intercom.console.door import NewCode
from intercom.console.frames import Request, decode_reply, encode
from intercom.console.machine import MachineSession
from intercom.console.session import HumanSession
from intercom.door.verdict import What
from intercom.door.warden import Warden
from intercom.errors import UsageError
from tests.console.station import SmallStation
from tests.door.wardens import CODE, OTHER, SETTINGS, WRONG, World


class Terminal:
    """What a person types line by line, and what is answered."""

    def __init__(self, desk: Desk) -> None:
        self._session = HumanSession(desk)

    async def says(self, line: str) -> str:
        """The answer to a line, without its echo and the prompt."""
        shown = bytearray()

        async def write(data: bytes) -> None:
            shown.extend(data)

        await self._session.feed(f"{line}\r".encode(), write)
        return shown.decode().removeprefix(line).removesuffix("hall> ").strip().replace("\r\n", "\n")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def warden(world: World, tmp_path: Path) -> AsyncIterator[Warden]:
    async with Warden(SETTINGS, tmp_path, senses=world.senses) as warden:
        yield warden


@pytest.fixture
def desk(warden: Warden) -> Desk:
    station = SmallStation()
    station.door = warden
    return Desk(station, "serial")


async def test_codes_are_added_listed_and_removed(desk: Desk) -> None:
    terminal = Terminal(desk)
    assert await terminal.says("door code list") == "There is no code."
    assert await terminal.says(f"door code add postman {CODE}") == "postman has a code now."
    made = await terminal.says("door code add cleaner --days mon-fri --from 08:00 --to 12:30 --until 2027-01-31 --once")
    assert re.fullmatch(r"The code of cleaner is \d{8}\.  Nobody can show it again\.", made)
    assert await terminal.says("door code list") == (
        "postman\ncleaner, mon,tue,wed,thu,fri 08:00-12:30, until 2027-01-31, once"
    )
    assert await terminal.says("door code remove postman") == "Removed postman."
    assert await terminal.says("door code list") == "cleaner, mon,tue,wed,thu,fri 08:00-12:30, until 2027-01-31, once"


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (
            "door code add anna 123456",
            "! That code is among the first that anybody would try. Leave it out to have one",
        ),
        (f"door code add anna {CODE}", "! That code can't be taken. Choose another, or leave it out to have one made."),
        (f"door code add {OTHER}", "! A code's name is 1 to 64 of A-Z a-z 0-9 _ . - and no number."),
        ("door code add", "! It is used as `door code add NAME [CODE] [--once] [--from TIME]"),
        ("door code remove nobody", "! There is no code of that name. `door code list` names them."),
        ("door log 0", "! It is used as `door log [COUNT] [--verify]`."),
        ("door code", "! There is no such command. `help door` lists those that there are."),
        ("dor", "! There is no such command. Did you mean `door`?"),
    ],
)
async def test_wrong_words_are_answered_without_a_digit_of_a_code(desk: Desk, line: str, answer: str) -> None:
    terminal = Terminal(desk)
    await terminal.says(f"door code add postman {CODE}")
    shown = await terminal.says(line)
    assert shown.startswith(answer)
    assert not {CODE, OTHER} & set(re.findall(r"\d{6,}", shown))


async def test_lockouts_are_shown_while_they_last(desk: Desk, warden: Warden, world: World) -> None:
    terminal = Terminal(desk)
    assert await terminal.says("door lockouts") == "Nobody is locked out."
    for n in range(50):
        await warden.attempt(WRONG, identity=f"web{n}", call="CA1")
        world.pass_s(0.01)
    lines = (await terminal.says("door lockouts")).split("\n")
    assert lines[0] == "all who are not in door.allow, until 2026-11-24 12:00:00, 50 wrong"
    assert "web49, until 2026-11-23 12:00:01, 1 wrong" in lines


async def test_who_mistyped_may_try_again_by_a_word_of_the_operator_which_is_written_down(
    desk: Desk, warden: Warden
) -> None:
    terminal = Terminal(desk)
    for identity in ("anna", "web"):
        await warden.attempt(WRONG, identity=identity, call="CA1")
    assert await terminal.says("door forgive nobody") == (
        "! Nobody of that name tried a wrong code. `door lockouts` names who is locked out."
    )
    assert await terminal.says("door forgive anna") == "anna may try codes again."
    assert await terminal.says("door lockouts") == "web, until 2026-11-23 12:00:01, 1 wrong"
    assert (await terminal.says("door log 1")).endswith("serial, lock-out lifted, anna")


async def test_everybody_is_forgiven_at_once_after_a_day_of_guessing(desk: Desk, warden: Warden) -> None:
    terminal = Terminal(desk)
    await terminal.says(f"door code add postman {CODE}")
    for n in range(50):
        await warden.attempt(WRONG, identity=f"web{n}", call="CA1")
    assert not (await warden.attempt(CODE, identity="anna", call="CA2")).is_allowed
    assert await terminal.says("door forgive") == "Everybody may try codes again."
    assert await terminal.says("door lockouts") == "Nobody is locked out."
    assert (await warden.attempt(CODE, identity="anna", call="CA2")).is_allowed


async def test_the_log_tells_who_how_when_and_whether(desk: Desk, warden: Warden) -> None:
    terminal = Terminal(desk)
    assert await terminal.says("door log") == "Nothing is written down yet."
    await warden.outcome(await warden.ask("kitchen", call="CA1"), is_open=True)
    await warden.ask("stranger", call="CA2")
    assert (await terminal.says("door log")).split("\n") == [
        "2026-11-23 12:00:00  kitchen, station, asked, allowed, CA1",
        "2026-11-23 12:00:00  kitchen, station, opened, CA1",
        "2026-11-23 12:00:00  stranger, station, asked, refused, You may not open this door., CA2",
    ]
    assert (await terminal.says("door log 1")).count("\n") == 0
    assert (await terminal.says("door log --verify")).startswith("3 records, as written; the last is number 3, ")


async def test_what_somebody_did_at_the_case_is_ended_by_a_word_and_written_down(desk: Desk, warden: Warden) -> None:
    terminal = Terminal(desk)
    assert await terminal.says("door reset") == "Nobody was at the case."
    await warden.note(What.TAMPERED, why="The case is open.")
    assert await terminal.says("door reset") == "The door can be opened again."
    assert (await terminal.says("door log 1")).endswith("serial, reset")


async def test_a_program_joins_the_words_by_hyphens(desk: Desk) -> None:
    frame = encode(Request("1", "door-code-add", {"name": "postman", "code": CODE}))
    reply = decode_reply((await MachineSession(desk).answer(frame)).decode().strip())
    assert reply is not None
    assert (reply.is_ok, reply.members) == (True, {"name": "postman", "code": ""})


async def test_help_lists_the_words_that_begin_so(desk: Desk) -> None:
    terminal = Terminal(desk)
    assert (await terminal.says("help door code")).count("door code ") == 3
    assert "door reset" in await terminal.says("help door")
    assert "door reset" not in await terminal.says("help status")


def test_no_error_and_no_repr_of_the_arguments_shows_a_code() -> None:
    command = COMMANDS["door code add"]
    with pytest.raises(UsageError) as refused:
        command.checked({"name": "postman", "code": CODE, "quux": 1})
    assert CODE not in str(refused.value) + repr(refused.value.__cause__) + repr(NewCode("postman", CODE))
