"""The warden in its loop: one wish after the other, in a thread of its own, and no code anywhere."""

import asyncio
import threading
from pathlib import Path

import pytest

from intercom.door.judge import Senses
from intercom.door.verdict import How, What
from intercom.door.warden import Warden
from intercom.errors import DoorError, IntercomError
from tests.door.wardens import CODE, OTHER, SETTINGS, WRONG, World, full_disk, given, records


async def test_a_one_time_code_that_many_send_at_once_opens_once(tmp_path: Path) -> None:
    async with Warden(SETTINGS, tmp_path) as warden:
        await warden.add_code(given("once", CODE, once=True), who="uid 0")
        verdicts = await asyncio.gather(
            *(warden.attempt(CODE, identity=f"web{n}", call="CA1") for n in range(20)),
        )
    assert [verdict.is_allowed for verdict in verdicts] == [True] + [False] * 19


async def test_of_many_guesses_of_one_identity_at_once_one_is_compared(tmp_path: Path) -> None:
    world = World()
    async with Warden(SETTINGS, tmp_path, senses=world.senses) as warden:
        await warden.add_code(given("postman", CODE), who="uid 0")
        await asyncio.gather(*(warden.attempt(WRONG, identity="web", call="CA1") for _ in range(20)))
    assert len(world.compared) == 1


async def test_disk_and_comparison_are_a_thread_of_their_own(tmp_path: Path) -> None:
    threads: set[str] = set()

    def compare(one: bytes, other: bytes) -> bool:
        threads.add(threading.current_thread().name)
        return one == other

    async with Warden(SETTINGS, tmp_path, senses=Senses(compare=compare)) as warden:
        await warden.add_code(given("postman", CODE), who="uid 0")
        assert (await warden.attempt(CODE, identity="web", call="CA1")).is_allowed
    assert threads == {"door_0"}
    assert "door_0" not in {thread.name for thread in threading.enumerate()}


async def test_who_stops_waiting_stops_nothing_that_was_begun(tmp_path: Path) -> None:
    """The call may end while its code is judged: then the code is used up and stands in the log."""
    is_comparing, may_go = threading.Event(), threading.Event()

    def compare(one: bytes, other: bytes) -> bool:
        is_comparing.set()
        may_go.wait(10)
        return one == other

    async with Warden(SETTINGS, tmp_path, senses=Senses(compare=compare)) as warden:
        await warden.add_code(given("once", CODE, once=True), who="uid 0")
        asking = asyncio.create_task(warden.attempt(CODE, identity="web", call="CA1"))
        await asyncio.to_thread(is_comparing.wait, 10)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        may_go.set()
        (record,) = (await warden.log(1))["records"]
        assert (record["why"], record["allowed"]) == ("once", True)
        assert warden.codes() == {"codes": []}


async def test_a_hand_at_the_case_overtakes_what_is_being_judged(tmp_path: Path) -> None:
    is_comparing, may_go = threading.Event(), threading.Event()

    def compare(one: bytes, other: bytes) -> bool:
        is_comparing.set()
        may_go.wait(10)
        return one == other

    async with Warden(SETTINGS, tmp_path, senses=Senses(compare=compare)) as warden:
        await warden.add_code(given("postman", CODE), who="uid 0")
        asking = asyncio.create_task(warden.attempt(CODE, identity="web", call="CA1"))
        await asyncio.to_thread(is_comparing.wait, 10)
        noting = asyncio.create_task(warden.note(What.TAMPERED, why="The case is open."))
        await asyncio.sleep(0)
        may_go.set()
        assert not (await asking).is_allowed
        await noting
        assert warden.is_tampered
    async with Warden(SETTINGS, tmp_path) as warden:
        assert warden.is_tampered
        assert await warden.reset("uid 0") == {"was_tampered": True}
    async with Warden(SETTINGS, tmp_path) as warden:
        assert not warden.is_tampered


async def test_the_status_tells_lockouts_and_what_fails_and_no_code(tmp_path: Path) -> None:
    world = World()
    async with Warden(SETTINGS, tmp_path, senses=world.senses) as warden:
        await warden.add_code(given("postman", CODE), who="uid 0")
        assert warden.status() == {
            "tampered": False,
            "codes": {"state": "ready", "why": "", "count": 1},
            "lockouts": [],
            "log": {"state": "whole", "why": ""},
        }
        for _ in range(2):
            await warden.attempt(WRONG, identity="web", call="CA1")
            world.pass_s(1)
        locked = [{"identity": "web", "until": "2026-11-23T12:00:03+01:00", "wrong": 2}]
        assert warden.status()["lockouts"] == warden.lockouts()["lockouts"] == locked
        with full_disk():
            await warden.note(What.FORCED)
            await warden.attempt(CODE, identity="kitchen", call="CA1")
        assert warden.status()["codes"]["state"] == warden.status()["log"]["state"] == "failed"


async def test_a_lockout_goes_on_after_a_clean_end_where_it_was(tmp_path: Path) -> None:
    world = World()
    for _ in range(4):
        async with Warden(SETTINGS, tmp_path, senses=world.senses) as warden:
            await warden.attempt(WRONG, identity="web", call="CA1")
            world.pass_s(0.75)
    async with Warden(SETTINGS, tmp_path, senses=world.senses) as warden:
        (lock,) = warden.lockouts()["lockouts"]
    assert lock == {"identity": "web", "until": "2026-11-23T12:00:03+01:00", "wrong": 2}
    assert [one["why"] for one in records(tmp_path)].count("no such code") == 2


async def test_the_log_is_told_and_verified(tmp_path: Path) -> None:
    async with Warden(SETTINGS, tmp_path) as warden:
        verdict = await warden.grant("uid 0", how=How.SOCKET)
        await warden.outcome(verdict, is_open=True)
        told = await warden.log(1)
        assert [(one["what"], one["who"], one["how"]) for one in told["records"]] == [("opened", "uid 0", "socket")]
        assert (await warden.verify())["last"] == 2
        (log,) = (tmp_path / "door").glob("audit.*.jsonl")
        log.write_bytes(log.read_bytes().replace(b"uid 0", b"uid 1"))
        with pytest.raises(DoorError, match="is not as it was written: Record 2 is missing, or it or the one before"):
            await warden.verify()


async def test_no_code_is_in_any_file_log_line_answer_or_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    told: list[object] = []

    async def heard(asking: object) -> None:
        try:
            told.append(await asking)  # type: ignore[misc]
        except IntercomError as error:
            told.append((str(error), repr(error)))

    async with Warden(SETTINGS, tmp_path) as warden:
        for name, code in (("postman", CODE), ("anna", OTHER), ("otto", CODE), (CODE, OTHER), ("weak", "123456")):
            await heard(warden.add_code(given(name, code, once=name == "anna"), who="uid 0"))
        for digits in (CODE, OTHER, WRONG, WRONG, "12345", CODE * 2):
            await heard(warden.attempt(digits, identity=f"web{len(digits)}", call="CA1"))
        await heard(warden.note(What.TAMPERED))
        await heard(warden.attempt(CODE, identity="web", call="CA1"))
        told += [warden.status(), warden.codes(), await warden.log(200)]
        with full_disk():
            await heard(warden.attempt(CODE, identity="web", call="CA1"))
    files = everything_in(tmp_path)
    assert b"postman" in files
    everything = f"{told!r} {caplog.text} {files!r}"
    for digits in (CODE, OTHER, WRONG, "123456"):
        assert digits not in everything


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
