"""A program's session: frames of a line in, frames out, commands run in their order.  No I/O of its own."""

from collections.abc import Awaitable, Callable

from intercom.console import commands, frames
from intercom.console.codes import failure
from intercom.console.desk import Desk
from intercom.console.frames import Reply, Request
from intercom.console.lines import Line, Lines
from intercom.errors import IntercomError, UsageError

REMEMBERED = 16

Write = Callable[[bytes], Awaitable[None]]


class MachineSession:
    """A program's: frames are answered by frames, all else by silence.

    The last 16 answers are remembered: a frame that comes again is answered again, never run twice.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lines = Lines()
        self._answered: dict[str, bytes] = {}

    async def feed(self, data: bytes, write: Write) -> None:
        """Take what arrived; `write` is awaited for each answer."""
        for event in self._lines.feed(data):
            if isinstance(event, Line):
                await write(await self.answer(event.text))

    async def answer(self, line: str) -> bytes:
        """The answer to one frame; empty where its check or shape is wrong."""
        request = frames.decode_request(line)
        if request is None:
            return b""
        if line not in self._answered:
            self._answered[line] = f"{frames.encode(await self._reply(request))}\r\n".encode("ascii")
            if len(self._answered) > REMEMBERED:
                del self._answered[next(iter(self._answered))]
        return self._answered[line]

    async def _reply(self, request: Request) -> Reply:
        try:
            if request.arguments is None:
                raise UsageError("The arguments must be a JSON object.")
            result = await commands.find(request.verb).run(self._desk, request.arguments)
        except IntercomError as error:
            return Reply(request.id, is_ok=False, members=failure(error))
        return Reply(request.id, is_ok=True, members=result)
