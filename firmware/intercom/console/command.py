"""What a command is: arguments from words or from JSON, one result, and its text for people."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from intercom.console.access import Access
from intercom.console.desk import Desk
from intercom.console.dialogue import Dialogue
from intercom.errors import RefusedError, UsageError

# Between any two commands: a flood of them would keep the interpreter from a call's sound where the machine is busy.
PAUSE_S = 0.001

logger = logging.getLogger(__name__)

Result = dict[str, Any]

_NEEDS = {
    Access.VIEWER: ("This needs a login.", "Type `login`."),
    Access.OPERATOR: ("This needs a login that may change things.", "Type `login`."),
}
_FIRST = ("The installation's password must be changed before anything else.", "`password` changes it.")
_ONLY_SERIAL = ("This is for the serial line: here the rights of the control socket are the login.", "")

_OPTION = re.compile(r"\[--([\w-]+)( \w+)?\]")


@dataclass(frozen=True, slots=True)
class Command:
    """One command: `words` shows people its arguments, `arguments` is their type, `text` the result for people.

    A name may have several words, such as `door log`; programs join them by hyphens.  People at a terminal are asked
    by `ask`, where there is one, in place of `act`.  What `is_for_serial` lines means nothing at the control socket.
    `secret` is an argument that is no word, as words are seen by others: programs give it, people are asked.
    """

    name: str
    words: str
    help: str
    access: Access
    arguments: type[msgspec.Struct]
    act: Callable[[Desk, Any], Awaitable[Result]]
    text: Callable[[Result], str]
    ask: Callable[[Desk, Any], Dialogue] | None = None
    is_for_serial: bool = False
    secret: str = ""

    @property
    def verb(self) -> str:
        """Its name in a frame."""
        return self.name.replace(" ", "-")

    @property
    def usage(self) -> str:
        """How it is typed."""
        return f"{self.name} {self.words}".strip()

    def read_line(self, rest: str) -> dict[str, Any]:
        """The arguments, by name, that a line holds after the command's name; the last one takes all that is left."""
        return self.read_words(rest.split(maxsplit=-1 if self._options() else len(self._positional()) - 1))

    def read_words(self, words: Sequence[str]) -> dict[str, Any]:
        """The arguments, by name, that words such as a shell's give; raises UsageError."""
        options, names = self._options(), self._positional()
        given: dict[str, Any] = {}
        plain: list[str] = []
        rest = iter(words)
        for word in rest:
            option = word.removeprefix("--")
            if word.startswith("--") and option in options:
                given[option] = next(rest, "") if options[option] else True
            else:
                plain.append(word)
        if len(plain) > len(names) > 0:
            plain[len(names) - 1 :] = [" ".join(plain[len(names) - 1 :])]
        if len(plain) > len(names):
            raise self._misuse()
        return given | dict(zip(names, plain, strict=False))

    def checked(self, given: Mapping[str, Any]) -> msgspec.Struct:
        """The arguments as their type; raises UsageError."""
        try:
            return msgspec.convert(given, self.arguments, strict=False)
        except msgspec.ValidationError as error:
            raise self._misuse() from error

    async def run(self, desk: Desk, given: Mapping[str, Any]) -> Result:
        """Do it; raises RefusedError without the right, UsageError for wrong arguments, what the operator raises."""
        try:
            return await self.act(desk, self._allowed(desk, given))
        finally:
            await asyncio.sleep(PAUSE_S)

    def begin(self, desk: Desk, given: Mapping[str, Any]) -> Dialogue | None:
        """What it asks a person first, who then has it done; raises as `run` does.  None: it asks nothing."""
        return self.ask(desk, self._allowed(desk, given)) if self.ask else None

    def _allowed(self, desk: Desk, given: Mapping[str, Any]) -> msgspec.Struct:
        if self.is_for_serial and not desk.seat.port:
            raise RefusedError(*_ONLY_SERIAL)
        if desk.access < self.access:
            raise RefusedError(*(_FIRST if desk.seat.entry and desk.seat.entry.is_first else _NEEDS[self.access]))
        arguments = self.checked(given)
        desk.seat.use()
        if self.access is Access.OPERATOR:
            logger.info("%s: %s", desk.who, self.name)
        return arguments

    def _options(self) -> dict[str, str]:
        return dict(_OPTION.findall(self.words))

    def _positional(self) -> list[str]:
        names = [field.encode_name for field in msgspec.structs.fields(self.arguments)]
        return [name for name in names if name not in self._options() and name != self.secret]

    def _misuse(self) -> UsageError:
        return UsageError(f"It is used as `{self.usage}`.", f"`help {self.name}` tells more.")


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """No arguments."""


def say(sentence: str) -> Callable[[Result], str]:
    """The text of a result that is told by one sentence with its members."""
    return lambda result: sentence.format(**result)
