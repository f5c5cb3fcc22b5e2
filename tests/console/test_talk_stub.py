"""The far side of a line whose station answers what it is told to, such as one of another time."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from intercom.console.frames import Frame, Long, Reply, decode_request, encode
from intercom.console.machine import Write
from intercom.console.parcels import digest
from intercom.console.talk import KEEP_S, Talk
from intercom.console.watch import News
from intercom.errors import IntercomError
from tests.console.noise import NoisyLine


class Stub:
    """A station that gives these answers, the last one again and again; `asked` holds when it was asked."""

    def __init__(self, *answers: dict[str, Any] | Long) -> None:
        self.line, self.asked = NoisyLine(self), list[float]()
        self._answers = list(answers)

    async def feed(self, data: bytes, write: Write) -> None:
        request = decode_request(data.decode().strip("\x15\r\n"))
        assert request is not None
        self.asked.append(self.line.now_s())
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        await write(f"{encode(_frame(request.id, answer))}\r\n".encode())
        if len(self.asked) == 3:
            await write(f"{encode(News(7, 'call', {}))}\r\n".encode())


def _frame(id_: str, answer: dict[str, Any] | Long) -> Frame:
    return replace(answer, id=id_) if isinstance(answer, Long) else Reply(id_, is_ok=True, members=answer)


def test_who_subscribes_gives_a_sign_of_life_before_the_line_is_given_back() -> None:
    station = Stub({})
    with station.line as line:
        assert next(Talk(line).subscribe(["call"])) == News(7, "call", {})
    assert station.asked == [0, KEEP_S, 2 * KEEP_S]


HELLO = {"protocol": 1, "limits": {"line": 1024}, "boot": "a", "revision": 1, "name": "hall"}
LONG = Long("", 3, digest(b"abc"))


def hello(talk: Talk) -> object:
    return talk.hello()


def ask(talk: Talk) -> object:
    return talk.ask("help")


def ask_long(talk: Talk) -> object:
    return talk.ask("help", {"word": "x" * 1024})


@pytest.mark.parametrize(
    ("act", "answers", "why"),
    [
        (hello, [HELLO | {"protocol": 2}], "The station speaks protocol 2, this program 1"),
        (hello, [HELLO | {"name": 5}], "The station sent what is no answer"),
        (hello, [{}], "The station sent what is no answer"),
        (ask, [LONG, {}], "The station sent what is no answer"),
        (ask, [LONG, {"chunk": "%"}], "The station sent what is no answer"),
        (ask, [LONG, {"chunk": ""}], "The station sends less than it promised"),
        (ask, [LONG, {"chunk": "AAAA"}], "What arrived is not what was sent"),
        (ask, [LONG, {"chunk": "YWJj"}], "The station sent what is no answer"),
        (ask, [LONG, LONG], "The station sent what is no answer"),
        (ask_long, [{}], "The station sent what is no answer"),
        (ask_long, [{"at": 0}], "The station takes nothing of what is sent"),
    ],
)
def test_a_station_that_answers_nonsense_is_told(act: Callable[[Talk], object], answers: list[Any], why: str) -> None:
    with Stub(*answers).line as line, pytest.raises(IntercomError, match=why):
        act(Talk(line))
