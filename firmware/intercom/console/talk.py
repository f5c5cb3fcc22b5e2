"""A program's talk with a station over a line that may lose and alter what is sent: each request is run exactly once.

A request is sent until it is answered, always with the same id, by which the station knows it again.  What is too long
for a line goes in chunks, smaller ones the worse the line is, and goes on where it ended.
"""

import secrets
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import chain, count, repeat
from typing import Any, TypeVar

import msgspec

from intercom.console import frames
from intercom.console.cable import Cable, HungUpError
from intercom.console.codes import raised
from intercom.console.frames import Long, Reply, Request
from intercom.console.hearing import Answered, Ear
from intercom.console.lines import LIMIT
from intercom.console.parcels import CHUNK, LONGEST, Parcel, digest
from intercom.console.watch import News
from intercom.errors import IntercomError, NoAnswerError, UsageError

PATIENCE_S = 10.0
LINGER_S = 0.2
KEEP_S = 20.0  # between two signs of life: the station gives the line back after 60 s
SMALLEST, STEP = 32, 32

_CLEAR = b"\x15"  # drops what is left of a line that was begun
_PAUSES_S = (0.3, 0.6, 1.2)
_LONGEST_PAUSE_S = 2.0
_CHUNK_PAUSES_S = (0.3,) * 4
_UPDATE = "Update the older of both ends."

Progress = Callable[[int, int], None]
"""Told how many bytes of how many are over."""


class Hello(msgspec.Struct):
    """What a station says of itself; `boot` is another after each start, `limits` are in bytes but for `remembered`."""

    protocol: int
    limits: dict[str, int]
    boot: str
    revision: int
    name: str


class _Place(msgspec.Struct):
    at: int


class _Chunk(msgspec.Struct):
    chunk: bytes


Told = TypeVar("Told", Hello, _Place, _Chunk)


class Talk:
    """One talk over a cable, from one thread; raises what the station raises.

    NoAnswerError tells that nobody answered: then nobody knows whether the request was run.  SerialError tells that
    two stations answer.
    """

    def __init__(self, cable: Cable, *, ids: Iterator[str] | None = None) -> None:
        self._cable = cable
        self._ids = ids or _ids()
        self._ear, self._answered = Ear(), Answered()
        self._heard: deque[Reply | Long] = deque()
        self._news: deque[News] = deque(maxlen=1000)
        self._chunk = CHUNK
        self._begun: Parcel | None = None  # what was fetched of an answer, to go on with
        self._sent_s = cable.now_s()

    @property
    def other(self) -> bytes:
        """The end of what was heard that is no frame, such as noise or a login prompt."""
        return self._ear.other

    def hello(self, *, patience_s: float = PATIENCE_S) -> Hello:
        """Begin; the line is ours alone, for as long as we say something every minute."""
        told = _read(self.ask("hello", patience_s=patience_s), Hello)
        if told.protocol != frames.PROTOCOL:
            raise IntercomError(
                f"The station speaks protocol {told.protocol}, this program {frames.PROTOCOL}.", _UPDATE
            )
        self._listen(self._cable.now_s() + LINGER_S)
        self._refuse_second()
        return told

    def ask(
        self,
        verb: str,
        arguments: Mapping[str, Any] | None = None,
        *,
        patience_s: float = PATIENCE_S,
        on_progress: Progress | None = None,
    ) -> dict[str, Any]:
        """Have it run once; what it gives, however long.  `patience_s` is that for each answer on the way."""
        request = Request(next(self._ids), verb, arguments or {})
        if len(frames.encode(request)) > LIMIT:
            self._push(frames.content(request).encode("ascii"), patience_s, on_progress)
            request, on_progress = Request(request.id, "run", {}), None
        answer = self._exchange(request, patience_s)
        if isinstance(answer, Long):
            answer = self._fetch(answer, patience_s, on_progress)
        return _result(answer)

    def subscribe(self, kinds: Collection[str]) -> Iterator[News]:
        """News of these kinds, as it comes; a gap in its numbers tells what was lost."""
        self.ask("subscribe", {"kinds": list(kinds)})
        return self._follow(kinds)

    def _follow(self, kinds: Collection[str]) -> Iterator[News]:
        while True:
            while self._news:
                yield self._news.popleft()
            until_s = self._sent_s + KEEP_S
            if self._cable.now_s() >= until_s:
                self.ask("subscribe", {"kinds": list(kinds)})
            else:
                self._listen(until_s, is_enough=lambda: bool(self._news))
                self._refuse_second()

    def _push(self, whole: bytes, patience_s: float, on_progress: Progress | None) -> None:
        if len(whole) > LONGEST:
            raise UsageError(f"A request has at most {LONGEST} bytes.")

        def chunk(at: int, size: int) -> dict[str, Any]:
            return {"at": at, "chunk": b64encode(whole[at : at + size]).decode()}

        begin = Request(next(self._ids), "push", {"size": len(whole), "sha256": digest(whole)})
        at = _read(_result(self._exchange(begin, patience_s)), _Place).at
        while at < len(whole):
            before, at = at, _read(_result(self._move("chunk", chunk, at, patience_s)), _Place).at
            if at <= before:
                raise IntercomError("The station takes nothing of what is sent.", _UPDATE)
            _report(on_progress, at, len(whole))

    def _fetch(self, long: Long, patience_s: float, on_progress: Progress | None) -> Reply:
        parcel = self._begun
        if parcel is None or parcel.sha256 != long.sha256:
            parcel = self._begun = Parcel(long.size, long.sha256)
        while parcel.at < parcel.size:
            at = parcel.at
            answer = self._move("pull", lambda at, size: {"id": long.id, "at": at, "size": size}, at, patience_s)
            parcel.take(at, _read(_result(answer), _Chunk).chunk)
            if parcel.at == at:
                raise IntercomError("The station sends less than it promised.", _UPDATE)
            _report(on_progress, parcel.at, parcel.size)
        self._begun = None
        reply = frames.decode_put_off(long, parcel.opened())
        if reply is None:
            raise IntercomError("The station sent what is no answer.", _UPDATE)
        return reply

    def _move(self, verb: str, chunk: Callable[[int, int], dict[str, Any]], at: int, patience_s: float) -> Reply | Long:
        """Have the chunk moved that is at that place, a smaller one where the line doesn't carry it."""
        until_s = self._cable.now_s() + patience_s
        while True:
            request = Request(next(self._ids), verb, chunk(at, self._chunk))
            try:
                answer = self._exchange(request, patience_s, pauses_s=_CHUNK_PAUSES_S)
            except NoAnswerError as error:
                if isinstance(error, HungUpError) or self._cable.now_s() >= until_s:
                    raise
                self._chunk = max(SMALLEST, self._chunk // 2)
            else:
                self._chunk = min(CHUNK, self._chunk + STEP)
                return answer

    def _exchange(
        self, request: Request, patience_s: float, *, pauses_s: Collection[float] | None = None
    ) -> Reply | Long:
        """Send it until it is answered; after each pause, the whole patience or all pauses over, give up."""
        line = frames.encode(request).encode("ascii") + b"\r\n"
        until_s = self._cable.now_s() + patience_s
        for sent, pause_s in enumerate(pauses_s or chain(_PAUSES_S, repeat(_LONGEST_PAUSE_S)), 1):
            self._send(_CLEAR + (b"\r" if sent > 1 else b"") + line)
            wait_s = len(line) * self._cable.byte_s + pause_s
            answer = self._answer_to(request.id, sent, min(self._cable.now_s() + wait_s, until_s))
            if answer:
                return answer
            if self._cable.now_s() >= until_s:
                break
        raise NoAnswerError(f"The station doesn't answer within {patience_s:.0f} s.", self._cable.hint)

    def _answer_to(self, id_: str, sent: int, until_s: float) -> Reply | Long | None:
        self._listen(until_s, is_enough=lambda: any(answer.id == id_ for answer in self._heard))
        mine = next((answer for answer in self._heard if answer.id == id_), None)
        if mine:
            self._heard.remove(mine)
            self._answered.take(mine, sent)
        self._refuse_second()
        return mine

    def _listen(self, until_s: float, *, is_enough: Callable[[], bool] = lambda: False) -> None:
        while not is_enough() and (left_s := until_s - self._cable.now_s()) > 0:
            for frame in self._ear.feed(self._cable.receive(left_s)):
                if isinstance(frame, News):
                    self._news.append(frame)
                else:
                    self._heard.append(frame)

    def _refuse_second(self) -> None:
        while self._heard:
            self._answered.check(self._heard.popleft())

    def _send(self, data: bytes) -> None:
        self._cable.send(data)
        self._sent_s = self._cable.now_s()


def _result(answer: Reply | Long) -> dict[str, Any]:
    if isinstance(answer, Long):
        raise IntercomError("The station sent what is no answer.", _UPDATE)
    if not answer.is_ok:
        raise raised(answer.members)
    return dict(answer.members)


def _read(result: dict[str, Any], kind: type[Told]) -> Told:
    try:
        return msgspec.convert(result, kind)
    except msgspec.ValidationError as error:
        raise IntercomError("The station sent what is no answer.", _UPDATE) from error


def _report(on_progress: Progress | None, done: int, whole: int) -> None:
    if on_progress:
        on_progress(done, whole)


def _ids() -> Iterator[str]:
    """Ids that no talk before this one had."""
    begin = secrets.token_hex(4)
    return (f"{begin}{number:x}" for number in count(1))
