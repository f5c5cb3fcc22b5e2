"""A person's session: bytes of a line in, answers out, commands run in their order.  No I/O of its own."""

import textwrap
import time
from collections.abc import Callable
from typing import Any

from intercom.console import commands, frames, provisioning, transfer
from intercom.console.alongside import alongside
from intercom.console.command import Command
from intercom.console.completion import added, choices
from intercom.console.desk import Desk
from intercom.console.dialogue import Questions
from intercom.console.doubt import Doubt, Sitting, parts
from intercom.console.following import Following
from intercom.console.lines import Echo, Interrupted, Line, Lines, Packet, Refused, Tab
from intercom.console.machine import MachineSession, Write
from intercom.errors import IntercomError, UsageError

WIDTH = 79

_MANGLED = "This ends like a machine's frame but doesn't begin with @, so it was not run."


class HumanSession:
    """A person's at a terminal: prompt, echo, sentences; frames of a machine on the same line are answered too.

    While a program has the line for itself, all but its frames and ^C is met with silence.
    """

    def __init__(self, desk: Desk, now: Callable[[], float] = time.monotonic) -> None:
        self._desk, self._now = desk, now
        self._doubt = Doubt()
        self._machine = MachineSession(desk, clock=now)
        self._lines = Lines(self._now)
        self._questions = Questions()
        self._following = Following(desk, self._doubt)

    @property
    def prompt(self) -> bytes:
        """What invites the next line, if a person has it; of what is pasted, another, and of an answer the question."""
        if self._machine.is_alone:
            return b""
        if asked := self._questions.asked:
            return asked.text.replace("\n", "\r\n").encode()
        if self._following.is_on:
            return b""
        if self._desk.pasted is not None:
            return b"| "
        return f"{self._desk.operator.settings.station.name}> ".encode()

    async def feed(self, data: bytes, write: Write) -> None:
        """Take what arrived; `write` is awaited for what is echoed and for each answer."""
        for part in parts(data):
            await self._take(part, write)

    async def _take(self, data: bytes, write: Write) -> None:
        self._doubt.hear(data, self._now())
        if self._following.is_on:
            data = self._following.end(data)
            await write(self.prompt)
        echoed = b""
        for event in self._lines.feed(data):
            if isinstance(event, Echo):
                echoed += self._echo(event)
                continue
            await write(echoed)
            echoed = b""
            if isinstance(event, Packet):
                await self._provision(event.data, write)
                continue
            answer = await self._answer(event)
            self._doubt.print(answer)
            self._lines.is_hidden = self._questions.asked is not None and self._questions.asked.is_hidden
            await write(answer)
        await write(echoed)

    @property
    def why(self) -> str:
        """What is wrong at the other end; empty: nothing that is known."""
        return self._doubt.why

    @property
    def due(self) -> float | None:
        """When to call `tick`, if at all."""
        return min((at for at in (self._doubt.due, self._desk.leaves_at_s) if at is not None), default=None)

    async def tick(self, write: Write) -> None:
        """Let time pass: after a silence, tell why nothing was answered; log out who does nothing."""
        if (leaves_at_s := self._desk.leaves_at_s) is not None and leaves_at_s <= self._now():
            await self._log_out(write)
        sentence = self._doubt.tick(self._now())
        if sentence is None:
            return
        self._lines, self._desk.pasted = Lines(self._now), None
        if sentence and not self._machine.is_alone:
            await write(b"\r\n" + _terminal(f"! {sentence}") + self.prompt)

    async def _log_out(self, write: Write) -> None:
        self._desk.logout()
        await self._questions.drop()
        self._lines = Lines(self._now)
        if not self._machine.is_alone:
            await write(b"\r\n" + _terminal("You are logged out, as nothing was done for a while.") + self.prompt)

    async def stream(self, write: Write) -> None:
        """Tell what is subscribed to or followed, beside `feed`, until cancelled."""
        async with alongside(self._following.stream(write)):
            await self._machine.stream(write)

    async def _provision(self, packet: bytes, write: Write) -> None:
        if not self._machine.is_alone:
            async for answer in provisioning.answers(packet, self._desk.operator):
                await write(answer)

    def _echo(self, echo: Echo) -> bytes:
        """What a key shows; a prompt that comes back is found at the space that ends it."""
        if self._machine.is_alone or self._doubt.is_deaf:
            return b""
        is_printed = echo.data == b" " and self._doubt.drops(echo, self._sitting, self._now())
        return b"" if is_printed else echo.data

    @property
    def _sitting(self) -> Sitting:
        is_asked = self._questions.asked is not None
        return Sitting(self._lines.begun, self.prompt, is_pasting=self._desk.pasted is not None, is_asked=is_asked)

    async def _answer(self, event: Line | Tab | Refused | Interrupted) -> bytes:
        is_unheard = self._machine.is_alone and isinstance(event, Tab | Refused)
        if is_unheard or self._doubt.drops(event, self._sitting, self._now()):
            return b""
        match event:
            case Line(text):
                return await self._answer_line(text)
            case Tab(begun):
                return self._complete(begun)
            case Refused(why):
                return _terminal(f"! {why}") + self.prompt
            case Interrupted():
                self._machine.leave()
                self._desk.pasted = None
                await self._questions.drop()
                return self.prompt

    def _complete(self, begun: str) -> bytes:
        """Type what is sure to follow; where nothing is, show what may."""
        if self._questions.asked or self._desk.pasted is not None:
            return self._lines.add(" ").data
        found = choices(begun, commands.COMMANDS)
        if sure := added(begun, found):
            return self._lines.add(sure).data
        words = textwrap.wrap("  ".join(choice.word for choice in found), WIDTH, break_on_hyphens=False)
        return b"\r\n" + _terminal("\n".join(words)) + self.prompt + begun.encode() if words else b""

    async def _answer_line(self, text: str) -> bytes:
        if text.startswith("@") and (not self._questions.asked or frames.decode_request(text)):
            begin = b"" if self._machine.is_alone else b"\r\n"
            answer = await self._machine.answer(text)
            return begin + answer if answer else b""
        if self._machine.is_alone:
            return b""
        if self._questions.asked:
            return _terminal(await self._reply(text)) + self.prompt
        if self._desk.pasted is not None:
            return _terminal(await self._paste(text)) + self.prompt
        if text.startswith("AT"):
            return b""  # a modem manager probes
        return _terminal(await self._run(text)) + self.prompt

    async def _run(self, text: str) -> str:
        if not text.strip():
            return ""
        try:
            command, arguments = self._understood(text)
            if dialogue := command.begin(self._desk, arguments):
                return await self._questions.begin(dialogue)
            return command.text(frames.plain(await command.run(self._desk, arguments)))
        except IntercomError as error:
            return _refusal(error)

    async def _reply(self, text: str) -> str:
        try:
            if frames.ends_like_frame(text):
                raise UsageError(_MANGLED, "Type it again.")
            return await self._questions.answer(text)
        except IntercomError as error:
            return _refusal(error)

    def _understood(self, text: str) -> tuple[Command, dict[str, Any]]:
        try:
            command, given = _read(text)
        except UsageError:
            self._doubt.miss(self._now())
            raise
        self._doubt.understand()
        return self._following.own.get(command.verb, command), given

    async def _paste(self, line: str) -> str:
        try:
            result = await transfer.import_(self._desk, transfer.Import(f"{line}\n"))
            return "" if self._desk.pasted is not None else transfer.told_import(frames.plain(result))
        except IntercomError as error:
            return _refusal(error)


def _read(text: str) -> tuple[Command, dict[str, Any]]:
    if frames.ends_like_frame(text):
        raise UsageError(_MANGLED, "Type it again.")
    return commands.read_line(text)


def _refusal(error: IntercomError) -> str:
    return "\n".join(f"! {line}" for line in str(error).split("\n"))


def _terminal(text: str) -> bytes:
    return "".join(f"{line}\r\n" for line in text.split("\n") if line).encode()
