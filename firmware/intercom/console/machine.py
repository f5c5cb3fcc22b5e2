"""A program's session: frames of a line in, frames out, commands run in their order.  No I/O of its own."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from intercom.console import commands, frames, programs
from intercom.console.answers import REMEMBERED
from intercom.console.codes import failure
from intercom.console.command import Nothing, Result
from intercom.console.desk import Desk
from intercom.console.frames import Reply, Request
from intercom.console.lines import LIMIT, Line, Lines
from intercom.console.memory import Memory
from intercom.console.parcels import CHUNK, LONGEST
from intercom.console.watch import News, Watch
from intercom.errors import ConflictError, IntercomError, UsageError

ALONE_S = 60.0
CUT = 100  # letters, each of up to 6 bytes as JSON writes it

Write = Callable[[bytes], Awaitable[None]]


class MachineSession:
    """A program's: frames are answered by frames, all else by silence.

    A request that comes again is answered again, never run twice: the last 16 are remembered until the next `hello`,
    which begins another program's talk, or logout.  News goes out by `stream`, which runs beside `feed`.
    """

    def __init__(self, desk: Desk, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._desk, self._clock = desk, clock
        self._memory = desk.seat.memory if desk.seat.port else Memory()
        self._lines, self._turn = Lines(), asyncio.Lock()
        self._watch: Watch | None = None
        acts: dict[str, Callable[[Desk, Any], Awaitable[Result]]] = {
            "hello": self._hello,
            "subscribe": self._subscribe,
            "pull": self._pull,
            "push": self._push,
            "chunk": self._chunk,
            "run": self._run,
        }
        self._own = {row.verb: replace(row, act=acts[row.verb]) for row in programs.COMMANDS}

    @property
    def is_alone(self) -> bool:
        """Whether the line is the program's alone: from its `hello` until `leave`, or 60 s without a frame."""
        return self._clock() < self._memory.alone_until_s

    def leave(self) -> None:
        """Let people have the line again."""
        self._memory.alone_until_s = self._clock()

    async def feed(self, data: bytes, write: Write) -> None:
        """Take what arrived; `write` is awaited for each answer."""
        for event in self._lines.feed(data):
            if isinstance(event, Line):
                await write(await self.answer(event.text))

    async def stream(self, write: Write) -> None:
        """Tell what is subscribed to, until cancelled; a slow line loses news, whose numbers tell it."""
        with self._desk.operator.watch(()) as self._watch:
            while True:
                news = await self._watch.next()
                self._notice_logout()
                if news.kind in self._watch.kinds:
                    await write(f"{_fitted(news)}\r\n".encode("ascii"))

    async def answer(self, line: str) -> bytes:
        """The answer to one frame; empty where its check or shape is wrong."""
        request = frames.decode_request(line)
        if request is None:
            return b""
        async with self._turn:  # so that one that is still being run is not run again
            self._notice_logout()
            if self.is_alone:
                self._memory.alone_until_s = self._clock() + ALONE_S
            try:
                if request.verb != "hello" and (answer := self._memory.answers.again(request.id, line)):
                    return answer
            except IntercomError as error:
                return self._memory.answers.fitted(_failed(request, error))
            self._memory.answers.begin(request.id, line)
            reply = await self._reply(request)
            self._notice_logout()
            return self._memory.answers.keep(line, reply)

    async def _reply(self, request: Request) -> Reply:
        try:
            return Reply(request.id, is_ok=True, members=await self._result(request))
        except IntercomError as error:
            return _failed(request, error)

    async def _result(self, request: Request) -> Result:
        if request.arguments is None:
            raise UsageError("The arguments must be a JSON object.")
        command = self._own.get(request.verb) or commands.find(request.verb)
        return await command.run(self._desk, request.arguments)

    def _notice_logout(self) -> None:
        if self._memory.sitting != self._desk.sitting:
            self._forget()

    def _forget(self) -> None:
        self._memory.forget(self._desk.sitting)
        if self._watch:
            self._watch.want(())

    async def _hello(self, desk: Desk, _: Nothing) -> Result:
        self._forget()
        self._memory.alone_until_s = self._clock() + ALONE_S
        return {
            "protocol": frames.PROTOCOL,
            "limits": {"line": LIMIT, "chunk": CHUNK, "long": LONGEST, "remembered": REMEMBERED},
            "boot": desk.operator.boot,
            "revision": desk.operator.revision,
            "name": desk.operator.settings.station.name,
        }

    async def _subscribe(self, _: Desk, given: programs.Subscribe) -> Result:
        if self._watch is None:
            raise ConflictError("There is no news on this line.", "Ask for `status` again and again.")
        self._watch.want(given.kinds)
        return {"kinds": given.kinds}

    async def _pull(self, _: Desk, given: programs.Pull) -> Result:
        return {"chunk": self._memory.answers.chunk(given.id, at=given.at, size=given.size)}

    async def _push(self, _: Desk, given: programs.Push) -> Result:
        return {"at": self._memory.parcels.begin(given.size, given.sha256)}

    async def _chunk(self, _: Desk, given: programs.Chunk) -> Result:
        return {"at": self._memory.parcels.take(given.at, given.chunk)}

    async def _run(self, _: Desk, __: Nothing) -> Result:
        request = frames.decode_content(self._memory.parcels.opened())
        if request is None:
            raise UsageError("A long request is a verb and a JSON object.")
        return await self._result(request)


def _failed(request: Request, error: IntercomError) -> Reply:
    return Reply(request.id, is_ok=False, members=failure(error))


def _fitted(news: News) -> str:
    """The news as a frame; where it is too long for a line, with the beginning of its texts alone."""
    frame = frames.encode(news)
    if len(frame) <= LIMIT:
        return frame
    cut = {name: text[:CUT] for name, text in news.members.items() if isinstance(text, str)}
    first = dict(list(cut.items())[:1])
    frame = frames.encode(replace(news, members=cut))
    return frame if len(frame) <= LIMIT else frames.encode(replace(news, members=first))
