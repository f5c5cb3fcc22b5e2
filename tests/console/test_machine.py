"""A program's session: what it remembers, whom it tells, and when the line is the program's alone."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from intercom.console.access import Access
from intercom.console.answers import LONG_REMEMBERED, REMEMBERED
from intercom.console.desk import Desk
from intercom.console.frames import Long, Reply, Request, decode_answer, encode
from intercom.console.lines import LIMIT
from intercom.console.machine import ALONE_S, MachineSession, Write
from intercom.console.programs import COMMANDS
from intercom.console.seat import Entry, Seat
from intercom.console.session import HumanSession
from intercom.console.watch import MOST, News
from tests.console.station import SmallStation

VIEWER, ADMIN = Entry("viewer", Access.VIEWER), Entry("admin", Access.OPERATOR)


class Line:
    """The station's end of a line, and what was written to it."""

    def __init__(self) -> None:
        self.station = SmallStation()
        self.desk = Desk(self.station, "serial test", Seat("/dev/test"))
        self.desk.enter(ADMIN)
        self.now_s = 100.0
        self.written: list[bytes] = []
        self._is_written = asyncio.Event()
        self.session = self.begin()

    def begin(self) -> MachineSession:
        """A session, such as after a restart of the station."""
        return MachineSession(self.desk, clock=lambda: self.now_s)

    async def ask(self, id_: str, verb: str, **arguments: object) -> Any:
        """What is answered."""
        answer = await self.session.answer(encode(Request(id_, verb, arguments)))
        assert len(answer) <= LIMIT + 2
        return decode_answer(answer.decode().rstrip("\r\n"))

    async def write(self, data: bytes) -> None:
        self.written.append(data)
        self._is_written.set()

    async def until_written(self, count: int) -> None:
        """Wait until so much was written."""
        async with asyncio.timeout(10):
            while len(self.written) < count:
                self._is_written.clear()
                await self._is_written.wait()

    @asynccontextmanager
    async def streaming(self, write: Write | None = None) -> AsyncIterator[None]:
        """News goes out meanwhile."""
        task = asyncio.create_task(self.session.stream(write or self.write))
        await asyncio.wait([task], timeout=0)
        yield
        task.cancel()

    def news(self) -> list[News]:
        """What was told."""
        frames = [decode_answer(line.decode().rstrip("\r\n")) for line in self.written]
        return [frame for frame in frames if isinstance(frame, News)]


def code(reply: Reply) -> str:
    return str(reply.members["code"])


async def test_hello_tells_what_a_program_must_know() -> None:
    line = Line()
    assert (await line.ask("1", "hello")).members == {
        "protocol": 1,
        "limits": {"line": 1024, "chunk": 512, "long": 524_288, "remembered": 16},
        "boot": line.station.boot,
        "revision": 1,
        "name": "hall",
    }


async def test_a_request_whose_repetition_comes_while_it_is_run_is_run_once_and_answered_alike() -> None:
    line = Line()
    async with asyncio.TaskGroup() as both:
        first, again = (both.create_task(line.ask("1", "press", button="answer", **{"for": 10})) for _ in range(2))
        await asyncio.wait([first, again], timeout=0)
        line.station.may_let_go.set()
    assert await first == await again == Reply("1", is_ok=True, members={"button": "answer", "down": False})
    assert line.station.log == ["press for 10.0"]


async def test_a_failure_is_remembered_like_a_success() -> None:
    line = Line()
    refused = await line.ask("1", "hangup")
    line.station.ring()
    assert await line.ask("1", "hangup") == refused
    assert (await line.ask("2", "hangup")).is_ok


async def test_the_last_16_requests_are_known_again_and_no_more() -> None:
    line = Line()
    for number in range(REMEMBERED + 1):
        await line.ask(str(number), "mute", state="on")
    for number in range(1, REMEMBERED + 1):
        await line.ask(str(number), "mute", state="on")
    assert len(line.station.log) == REMEMBERED + 1
    await line.ask("0", "mute", state="on")
    assert len(line.station.log) == REMEMBERED + 2


@pytest.mark.parametrize("leave", [Desk.logout, lambda desk: desk.enter(VIEWER)], ids=["logout", "another login"])
async def test_nothing_that_was_told_to_one_is_told_to_the_next(leave: Callable[[Desk], None]) -> None:
    line = Line()
    async with line.streaming():
        await line.ask("1", "subscribe", kinds=["call"])
        await line.ask("2", "mute", state="on")
        assert isinstance(await line.ask("3", "help"), Long)
        await line.ask("4", "push", size=5, sha256="0" * 64)
        line.station.news.tell("call", state="began")
        leave(line.desk)
        assert code(await line.ask("2", "mute", state="on")) == "refused"
        assert code(await line.ask("5", "pull", id="3", at=0)) == "conflict"
        assert code(await line.ask("6", "chunk", at=0, chunk="AAAA")) in ("refused", "conflict")
    assert line.news() == []
    assert line.station.log == ["mute True"]


async def test_the_answer_to_a_logout_is_remembered() -> None:
    line = Line()
    left = await line.ask("1", "logout")
    assert left.is_ok
    line.desk.enter(ADMIN)
    assert (await line.ask("2", "mute", state="on")).is_ok
    assert await line.ask("2", "mute", state="on") == Reply("2", is_ok=True, members={"state": "on"})
    assert line.station.log == ["mute True"]


async def test_a_request_that_comes_again_after_the_station_started_anew_is_not_run_again() -> None:
    line = Line()
    done = await line.ask("1", "mute", state="on")
    interrupted = asyncio.create_task(line.ask("2", "press", button="answer", **{"for": 10}))
    await asyncio.wait([interrupted], timeout=0)
    interrupted.cancel()
    await asyncio.wait([interrupted])
    line.session = line.begin()
    assert await line.ask("1", "mute", state="on") == done
    told = await line.ask("2", "press", button="answer", **{"for": 10})
    assert told.members["message"] == "The station started anew while it ran this."
    assert line.station.log == ["mute True", "press for 10.0"]


async def test_long_answers_are_kept_until_four_others_came() -> None:
    line = Line()
    for number in range(LONG_REMEMBERED + 1):
        assert isinstance(await line.ask(f"a{number}", "help"), Long)
    assert code(await line.ask("1", "pull", id="a0", at=0)) == "conflict"
    assert (await line.ask("2", "pull", id="a1", at=0, size=3)).members == {"chunk": "b2sg"}
    assert (await line.ask("3", "pull", id="a1", at=100_000)).members == {"chunk": ""}


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        ("pull", {"id": "a", "at": -1}),
        ("pull", {"id": "a", "at": 0, "size": 513}),
        ("push", {"size": 0, "sha256": "0" * 64}),
        ("push", {"size": 600_000, "sha256": "0" * 64}),
        ("push", {"size": 5, "sha256": "Z" * 64}),
        ("chunk", {"at": 0, "chunk": "A" * 800}),
        ("chunk", {"at": 0, "chunk": "%"}),
        ("subscribe", {"kinds": ["gossip"]}),
        ("hello", {"who": "me"}),
    ],
)
async def test_wrong_members_are_refused(verb: str, arguments: dict[str, object]) -> None:
    assert code(await Line().ask("1", verb, **arguments)) == "usage"


async def test_who_has_not_logged_in_may_say_hello_and_no_more() -> None:
    line = Line()
    line.desk.logout()
    for row in COMMANDS:
        given: dict[str, object] = {"id": "a", "at": 0} if row.verb == "pull" else {}
        reply = await line.ask(row.verb, row.verb, **given)
        assert reply.is_ok == (row.verb == "hello")
        assert reply.is_ok or code(reply) == ("conflict" if row.verb == "pull" else "refused")


async def test_news_is_told_in_order_and_its_numbers_tell_what_a_slow_line_lost() -> None:
    line, may_write = Line(), asyncio.Event()

    async def write(data: bytes) -> None:
        await line.write(data)
        await may_write.wait()

    async with line.streaming(write):
        line.station.news.tell("call", state="too early")
        assert (await line.ask("1", "subscribe", kinds=["call", "log"])).members == {"kinds": ["call", "log"]}
        line.station.news.tell("status", changed=["light"])
        line.station.news.tell("call", state="began")
        await line.until_written(1)
        for number in range(MOST + 5):
            line.station.news.tell("log", text=str(number))
        assert (await line.ask("2", "mute", state="on")).is_ok
        may_write.set()
        await line.until_written(MOST + 1)
    news = line.news()
    assert news[0] == News(1, "call", {"state": "began"})
    assert [one.number for one in news[1:]] == list(range(7, MOST + 7))
    assert news[-1].members == {"text": str(MOST + 4)}


async def test_news_that_is_longer_than_a_line_is_cut() -> None:
    line = Line()
    async with line.streaming():
        await line.ask("1", "subscribe", kinds=["log"])
        line.station.news.tell("log", text="ü" * 2000, where="here", more=list(range(1000)))
        line.station.news.tell("log", **{f"part{number}": "ü" * 200 for number in range(9)})
        await line.until_written(2)
    assert [len(data) <= LIMIT + 2 for data in line.written] == [True, True]
    assert line.news()[0].members == {"text": "ü" * 100, "where": "here"}
    assert line.news()[1].members == {"part0": "ü" * 100}


class TestAlone:
    """While a program has the line, people's part of it is silent."""

    def setup_method(self) -> None:
        self.line = Line()
        self.session = HumanSession(self.line.desk)
        self.session._machine = self.line.session

    async def typed(self, keys: bytes) -> bytes:
        self.line.written.clear()
        await self.session.feed(keys, self.line.write)
        return b"".join(self.line.written)

    async def begin(self) -> None:
        assert (await self.typed(encode(Request("1", "hello", {})).encode() + b"\r")).startswith(b"\r\n%1 ok ")

    async def test_nobody_is_heard_but_frames(self) -> None:
        await self.begin()
        assert await self.typed(b"mute on\r\x15hangup\r" + b"x" * 3000 + b"\r\xff\xfe\r\x1b[A") == b""
        asked = encode(Request("2", "mute", {"state": "off"})).encode()
        assert (await self.typed(asked + b"\r")).startswith(b'%2 ok {"state":"off"}')
        assert self.line.station.log == ["mute False"]

    async def test_no_prompt_is_shown_to_it_when_the_station_has_started_anew(self) -> None:
        await self.begin()
        session = HumanSession(self.line.desk, lambda: self.line.now_s)
        assert session.prompt == b""
        self.line.now_s += ALONE_S
        assert session.prompt == b"hall> "

    async def test_a_control_c_gives_it_back_but_not_one_in_a_frame(self) -> None:
        await self.begin()
        assert await self.typed(b"@3 mute\x03") == b""
        assert await self.typed(b"mute on\r") == b""
        assert await self.typed(b"\x03") == b"hall> "
        assert b"Mute on." in await self.typed(b"mute on\r")

    async def test_60_s_without_a_frame_give_it_back(self) -> None:
        await self.begin()
        self.line.now_s += ALONE_S - 1
        await self.typed(encode(Request("2", "diff", {})).encode() + b"\r")
        self.line.now_s += ALONE_S - 1
        assert await self.typed(b"mute on\r") == b""
        self.line.now_s += 1
        assert b"Mute on." in await self.typed(b"mute on\r")

    async def test_a_paste_that_nobody_ended_is_not_fed_with_frames(self) -> None:
        await self.typed(b"import\r")
        await self.begin()
        assert (await self.typed(encode(Request("2", "diff", {})).encode() + b"\r")).startswith(b"%2 ok ")
