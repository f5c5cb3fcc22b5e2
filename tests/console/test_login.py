"""Logging in at a serial port: programs by SCRAM, people by what is not shown, and out again."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from intercom.console import scram
from intercom.console.accounts import ADMIN, VIEWER
from intercom.console.commands import VERBS
from intercom.console.desk import Desk
from intercom.console.frames import Reply, Request, encode
from intercom.console.gate import Gate
from intercom.console.machine import MachineSession
from intercom.console.port import SerialPort
from intercom.console.scram import Client
from intercom.console.session import HumanSession
from intercom.settings.paths import replace
from intercom.settings.schema import Console
from tests.console.gates import PASSWORDS, locked
from tests.console.station import SmallStation
from tests.console.terminal import PATIENCE_S, Terminal
from tests.console.test_session import Heard, ask

PORT, PROMPT = "/dev/ttyGS0", "hall> "
NEW = "three green bicycles"


def desk_at(gate: Gate) -> Desk:
    station = SmallStation()
    station.gate = gate
    return Desk(station, f"serial {PORT}", gate.seat(PORT))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_at(locked(tmp_path))


@pytest.fixture
def session(desk: Desk) -> MachineSession:
    return MachineSession(desk)


async def log_in(session: MachineSession, name: str = ADMIN, password: str = PASSWORDS[ADMIN]) -> Reply:
    client = Client(name, password)
    begun = await ask(session, "auth-begin", message=client.first())
    assert begun.is_ok, begun
    proof = client.final(begun.members["message"])
    reply = await ask(session, "auth-end", message=proof.message)
    if reply.is_ok:
        proof.verify(reply.members["message"])
    return reply


async def code_of(session: MachineSession, verb: str, /, **arguments: Any) -> str:
    reply = await ask(session, verb, **arguments)
    return "ok" if reply.is_ok else str(reply.members["code"])


async def test_a_program_that_proves_its_password_may_change_settings_under_its_name(
    desk: Desk, session: MachineSession
) -> None:
    assert await code_of(session, "set", path="audio.volume", value=60) == "refused"
    reply = await log_in(session)
    assert (reply.members["account"], reply.members["must_change"]) == (ADMIN, False)
    assert await code_of(session, "set", path="audio.volume", value=60) == "ok"
    assert await code_of(session, "commit") == "ok"
    assert desk.who == f"serial {PORT}, admin"


async def test_the_viewer_may_look_and_touch_nothing(session: MachineSession) -> None:
    assert (await log_in(session, VIEWER, PASSWORDS[VIEWER])).is_ok
    assert await code_of(session, "show", path="station") == "ok"
    assert await code_of(session, "set", path="audio.volume", value=60) == "refused"
    assert await code_of(session, "door-open") == "refused"


@pytest.mark.parametrize("name", [ADMIN, VIEWER, "nobody", "Admin", "a=b,c"])
async def test_a_wrong_password_and_an_unknown_name_look_the_same(session: MachineSession, name: str) -> None:
    first = [(await ask(session, "auth-begin", message=Client(name, "x").first())).members["message"] for _ in "12"]
    assert first[0].partition(",s=")[2] == first[1].partition(",s=")[2]
    assert first[0].endswith(f",i={scram.FEWEST}")
    reply = await log_in(session, name, "a wrong password")
    assert (reply.members["code"], reply.members["message"]) == ("refused", "Name or password is wrong.")


async def test_messages_in_the_wrong_order_log_nobody_in(desk: Desk, session: MachineSession) -> None:
    client = Client(ADMIN, PASSWORDS[ADMIN])
    assert await code_of(session, "auth-end", message="c=biws,r=x,p=AAAA") == "conflict"
    old = (await ask(session, "auth-begin", message=client.first())).members["message"]
    await ask(session, "auth-begin", message=client.first())
    assert await code_of(session, "auth-end", message=client.final(old).message) == "usage"
    assert await code_of(session, "auth-end", message=client.final(old).message) == "conflict"
    assert await code_of(session, "auth-begin", message=client.final(old).message) == "usage"
    assert desk.seat.entry is None


async def test_an_answer_that_was_lost_comes_again_and_the_login_stays(desk: Desk, session: MachineSession) -> None:
    client = Client(ADMIN, PASSWORDS[ADMIN])
    challenge = (await ask(session, "auth-begin", message=client.first())).members["message"]
    end = encode(Request("e1", "auth-end", {"message": client.final(challenge).message}))
    first = await session.answer(end)
    assert b" ok " in first
    assert await session.answer(end) == first
    assert desk.seat.account == ADMIN


async def test_after_logout_no_answer_is_told_again_and_nothing_edited_is_left(
    desk: Desk, session: MachineSession
) -> None:
    await log_in(session)
    show = encode(Request("s1", "show", {"path": "station"}))
    assert b"hall" in await session.answer(show)
    assert await code_of(session, "set", path="audio.volume", value=60) == "ok"
    assert await code_of(session, "logout") == "ok"
    assert b'"refused"' in await session.answer(show)
    await log_in(session)
    assert (await ask(session, "diff")).members["changes"] == []


async def test_without_any_password_a_program_is_told_so(tmp_path: Path) -> None:
    session = MachineSession(desk_at(Gate(tmp_path)))
    reply = await ask(session, "auth-begin", message=Client(ADMIN, "x").first())
    assert (reply.members["code"], reply.members["message"]) == ("conflict", "This station has no password yet.")


async def test_with_the_installations_password_a_program_can_do_nothing_but_change_it(tmp_path: Path) -> None:
    session = MachineSession(desk_at(locked(tmp_path, is_first=True)))
    assert (await log_in(session)).members["must_change"] is True
    for verb, command in VERBS.items():
        if command.access > 0:
            reply = await ask(session, verb)
            assert "must be changed" in reply.members["message"], verb
    assert await code_of(session, "password", new=NEW, name=VIEWER) == "refused"
    assert await code_of(session, "password", new=PASSWORDS[ADMIN]) == "usage"
    assert await code_of(session, "password", new=NEW) == "ok"
    assert await code_of(session, "show", path="station") == "ok"
    assert await code_of(session, "logout") == "ok"
    assert (await log_in(session, ADMIN, NEW)).members["must_change"] is False


async def test_who_finds_a_terminal_left_logged_in_can_not_change_its_password(desk: Desk) -> None:
    person, heard = HumanSession(desk), Heard()
    await person.feed(f"login\r{PASSWORDS[ADMIN]}\r".encode(), heard.write)
    frame = encode(Request("1", "password", {"new": NEW}))
    await person.feed(f"{frame}\r".encode(), heard.write)
    assert b'%1 err {"code":"refused"' in heard.data
    frame = encode(Request("2", "password", {"new": NEW, "old": PASSWORDS[ADMIN]}))
    await person.feed(f"{frame}\r".encode(), heard.write)
    assert b"%2 ok" in heard.data


async def test_a_changed_password_ends_the_logins_elsewhere(desk: Desk, session: MachineSession) -> None:
    gate = desk.operator.gate
    other = Desk(desk.operator, "serial other", gate.seat("other"))
    for each in (session, MachineSession(other)):
        await log_in(each)
    assert await code_of(session, "password", new=NEW) == "ok"
    assert (desk.seat.account, other.seat.account) == (ADMIN, "")


async def test_wrong_proofs_lock_the_port_for_people_and_programs(desk: Desk, session: MachineSession) -> None:
    for _ in range(5):
        assert not (await log_in(session, password="a wrong password")).is_ok
    reply = await ask(session, "auth-begin", message=Client(ADMIN, "x").first())
    assert "Too many passwords were wrong at this port." in reply.members["message"]
    heard = Heard()
    await HumanSession(desk).feed(b"login\r", heard.write)
    assert b"! Too many passwords were wrong at this port. Wait 1 s." in heard.data


@pytest.mark.parametrize("verb", ["login", "logout", "password", "auth-begin", "auth-end"])
async def test_at_the_control_socket_the_kernel_has_said_who_may(verb: str) -> None:
    session = MachineSession(Desk(SmallStation(), "uid 1000"))
    reply = await ask(session, verb)
    assert (reply.members["code"], reply.members["message"]) == (
        "refused",
        "This is for the serial line: here the rights of the control socket are the login.",
    )


@pytest.mark.parametrize(
    "typed",
    [
        b"login\rcorrect horse battery\r",
        b"login\rcorrect hosre\x7f\x7f\x7frse battery\r",
        b"login\rnonsense\x15correct horse battery\r",
    ],
)
async def test_what_is_typed_for_a_password_is_edited_and_never_shown(desk: Desk, typed: bytes) -> None:
    session, heard = HumanSession(desk), Heard()
    await session.feed(typed, heard.write)
    assert heard.data == b"login\r\nPassword: \r\nYou are logged in as admin.\r\n" + session.prompt


async def test_a_password_may_begin_as_a_machines_line_does(desk: Desk) -> None:
    session, heard = HumanSession(desk), Heard()
    await session.feed(f"login\r{PASSWORDS[ADMIN]}\rpassword\r{PASSWORDS[ADMIN]}\r".encode(), heard.write)
    await session.feed(b"@monkeys are fun\r@monkeys are fun\r", heard.write)
    assert b"is changed" in heard.data
    assert b"@monkeys" not in heard.data


async def test_a_frame_that_comes_while_a_password_is_asked_for_is_answered_and_no_guess(desk: Desk) -> None:
    session, heard = HumanSession(desk), Heard()
    frame = encode(Request("7", "status", {}))
    await session.feed(f"login\r{frame}\r".encode(), heard.write)
    assert b"%7 ok" in heard.data
    await session.feed(f"{PASSWORDS[ADMIN]}\r".encode(), heard.write)
    assert b"You are logged in as admin." in heard.data


async def test_an_answer_that_may_be_the_rest_of_a_frame_is_no_guess(desk: Desk) -> None:
    session, heard = HumanSession(desk), Heard()
    await session.feed(b"login\r" + encode(Request("7", "status", {})).encode()[3:] + b"\r", heard.write)
    assert b"! This ends like a machine's frame" in heard.data
    await session.feed(f"{PASSWORDS[ADMIN]}\r".encode(), heard.write)
    assert b"You are logged in as admin." in heard.data


async def test_who_does_nothing_is_logged_out_and_told(tmp_path: Path) -> None:
    station = SmallStation()
    station.gate = locked(tmp_path)
    station.settings = replace(station.settings, "console.idle_logout_s", 0.2)
    with Terminal(tmp_path / "tty") as terminal:
        async with SerialPort(Console(port=str(terminal.device))).serving(station):
            await terminal.shown(PROMPT)
            await terminal.type(f"login\r{PASSWORDS[ADMIN]}\rset audio.volume 60\r".encode())
            await terminal.shown("You are logged out, as nothing was done for a while.")
            await terminal.type(b"diff\r")
            await terminal.shown("! This needs a login.")


async def test_an_unplug_logs_out_but_a_restart_of_the_station_does_not(tmp_path: Path) -> None:
    station = SmallStation()
    station.gate = locked(tmp_path)
    seat = station.gate.seat(str(tmp_path / "tty"))
    port = SerialPort(Console(port=str(tmp_path / "tty")))
    with Terminal(tmp_path / "tty") as terminal:
        async with port.serving(station):
            await terminal.shown(PROMPT)
            await terminal.type(f"login\r{PASSWORDS[ADMIN]}\r".encode())
            await terminal.shown("You are logged in as admin.")
            await terminal.shown(PROMPT)
        async with port.serving(station):
            await terminal.shown(PROMPT)
            await terminal.type(b"diff\r")
            await terminal.shown("Nothing is changed.")
            assert seat.account == ADMIN
            terminal.unplug()
            with Terminal(tmp_path / "tty") as again:
                await again.shown(PROMPT)
                assert seat.account == ""


async def test_the_loop_goes_on_while_a_password_is_hashed(tmp_path: Path) -> None:
    locked(tmp_path)
    gate, turns = locked(tmp_path, iterations=300_000), 0
    async with gate, asyncio.timeout(PATIENCE_S):
        checking = asyncio.create_task(gate.check(PORT, ADMIN, PASSWORDS[ADMIN]))
        while not checking.done():
            await asyncio.sleep(0)
            turns += 1
    assert checking.result().account == ADMIN
    assert turns > 100
