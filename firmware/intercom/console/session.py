"""A person's session: bytes of a line in, answers out, commands run in their order.  No I/O of its own."""

from intercom.console import commands, frames, transfer
from intercom.console.desk import Desk
from intercom.console.lines import Echo, Event, Interrupted, Line, Lines, Refused
from intercom.console.machine import MachineSession, Write
from intercom.errors import IntercomError, UsageError

_MANGLED = "This ends like a machine's frame but doesn't begin with @, so it was not run."


class HumanSession:
    """A person's at a terminal: prompt, echo, sentences; frames of a machine on the same line are answered too."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._machine = MachineSession(desk)
        self._lines = Lines()

    @property
    def prompt(self) -> bytes:
        """What invites the next line; of what is pasted, another."""
        if self._desk.pasted is not None:
            return b"| "
        return f"{self._desk.operator.settings.station.name}> ".encode()

    async def feed(self, data: bytes, write: Write) -> None:
        """Take what arrived; `write` is awaited for each echo and answer."""
        for event in self._lines.feed(data):
            await write(await self._answer(event))

    async def _answer(self, event: Event) -> bytes:
        match event:
            case Echo(data):
                return data
            case Line(text):
                return await self._answer_line(text)
            case Refused(why):
                return _terminal(f"! {why}") + self.prompt
            case Interrupted():
                self._desk.pasted = None
                return self.prompt

    async def _answer_line(self, text: str) -> bytes:
        if self._desk.pasted is not None:
            return _terminal(await self._paste(text)) + self.prompt
        if text.startswith("@"):
            answer = await self._machine.answer(text)
            return b"\r\n" + answer if answer else b""
        if text.startswith("AT"):
            return b""  # a modem manager probes
        return _terminal(await self._run(text)) + self.prompt

    async def _run(self, text: str) -> str:
        if not text.strip():
            return ""
        try:
            if frames.ends_like_frame(text):
                raise UsageError(_MANGLED, "Type it again.")
            command, arguments = commands.read_line(text)
            return command.text(frames.plain(await command.run(self._desk, arguments)))
        except IntercomError as error:
            return _refusal(error)

    async def _paste(self, line: str) -> str:
        try:
            result = await transfer.import_(self._desk, transfer.Import(f"{line}\n"))
            return "" if self._desk.pasted is not None else transfer.told_import(frames.plain(result))
        except IntercomError as error:
            return _refusal(error)


def _refusal(error: IntercomError) -> str:
    return "\n".join(f"! {line}" for line in str(error).split("\n"))


def _terminal(text: str) -> bytes:
    return "".join(f"{line}\r\n" for line in text.split("\n") if line).encode()
