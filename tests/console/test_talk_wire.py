"""The machine grammar over real files: a pseudo-terminal whose far end alters bytes, and news over it."""

import asyncio
import os
import random
import socket
import tty
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from intercom.console.alongside import alongside
from intercom.console.cable import FileCable
from intercom.console.desk import Desk
from intercom.console.session import HumanSession
from intercom.console.talk import Talk
from intercom.console.watch import News
from intercom.console.wire import Wire
from intercom.errors import NoAnswerError
from tests.console.noise import alter
from tests.console.station import SmallStation
from tests.console.test_talk import commands, ids

BAUD = 115_200


class NoisyCable(FileCable):
    """A real file; both what is sent and what is received is altered."""

    def __init__(self, file: int, *, rate: float, seed: int) -> None:
        super().__init__(file, baud=BAUD)
        self._rate, self._chance = rate, random.Random(seed)

    def send(self, data: bytes) -> None:
        super().send(alter(data, self._chance, self._rate))

    def receive(self, timeout_s: float) -> bytes:
        return alter(super().receive(timeout_s), self._chance, self._rate)


@asynccontextmanager
async def served(station: SmallStation) -> AsyncIterator[int]:
    """A console at a pseudo-terminal; its far end."""
    far, near = os.openpty()
    for end in (far, near):
        tty.setraw(end)
        os.set_blocking(end, False)
    wire, session = Wire(near), HumanSession(Desk(station, "test"))

    async def serve() -> None:
        async with alongside(session.stream(wire.write)):
            while received := await wire.read():
                await session.feed(received, wire.write)

    async with alongside(serve()):
        yield far
    for end in (far, near):
        os.close(end)


async def test_over_a_real_terminal_line_that_alters_bytes_each_command_is_run_once() -> None:
    station, asked = SmallStation(), list[str]()

    def talk_of(file: int) -> None:
        talk = Talk(NoisyCable(file, rate=1e-3, seed=4), ids=ids())
        assert talk.hello(patience_s=60).name == "hall"
        for arguments, noted in commands(30, random.Random(4)):
            talk.ask("feedback", arguments, patience_s=60)
            asked.append(noted)
        assert len(talk.ask("help")["commands"]) > 20

    async with served(station) as far:
        await asyncio.to_thread(talk_of, far)
    assert station.log == asked


async def test_news_comes_between_answers() -> None:
    station, subscribed, heard = SmallStation(), asyncio.Event(), list[News]()
    loop = asyncio.get_running_loop()

    def talk_of(file: int) -> None:
        talk = Talk(FileCable(file, baud=BAUD))
        talk.hello()
        news = talk.subscribe(["call", "log"])
        loop.call_soon_threadsafe(subscribed.set)
        heard.append(next(news))
        assert talk.ask("mute", {"state": "on"}) == {"state": "on"}
        heard.append(next(news))

    async with served(station) as far, asyncio.TaskGroup() as both:
        talking = both.create_task(asyncio.to_thread(talk_of, far))
        await subscribed.wait()
        station.news.tell("call", state="began")
        station.news.tell("log", text="a line")
        await talking
    assert heard == [News(1, "call", {"state": "began"}), News(2, "log", {"text": "a line"})]


def test_a_far_end_that_is_gone_is_told() -> None:
    ours, theirs = socket.socketpair()
    with ours:
        theirs.close()
        with pytest.raises(NoAnswerError, match="The station hung up"):
            Talk(FileCable(ours.fileno())).hello()


def test_silence_is_told_after_the_patience() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(NoAnswerError, match="doesn't answer within 0 s") as raised:
        Talk(FileCable(ours.fileno(), hint="Look.")).ask("status", patience_s=0.05)
    assert raised.value.hint == "Look."
