"""Questions that a command asks a person, such as for a password that is not to be shown."""

from collections.abc import AsyncGenerator, Awaitable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ask:
    """A question: `text` stands before the answer, which is not echoed where it `is_hidden`."""

    text: str
    is_hidden: bool = False


Dialogue = AsyncGenerator[Ask | str, str]
"""Yields what it asks and is sent the answers; last of all it yields a sentence, or raises IntercomError."""


class Questions:
    """Those of one terminal; `asked` is the one that waits for an answer, None where a command is waited for."""

    def __init__(self) -> None:
        self.asked: Ask | None = None
        self._dialogue: Dialogue | None = None

    async def begin(self, dialogue: Dialogue) -> str:
        """Ask the first; what is to be told, empty where it is asked."""
        self._dialogue = dialogue
        return await self._take(anext(dialogue))

    async def answer(self, line: str) -> str:
        """Take an answer; what is to be told, empty where another question is asked."""
        return await self._take(self._dialogue.asend(line)) if self._dialogue else ""

    async def drop(self) -> None:
        """Ask no more."""
        dialogue, self._dialogue, self.asked = self._dialogue, None, None
        if dialogue:
            await dialogue.aclose()

    async def _take(self, step: Awaitable[Ask | str]) -> str:
        self.asked, told = None, ""
        try:
            match await step:
                case Ask() as question:
                    self.asked = question
                case str() as told:
                    pass
        finally:
            if self.asked is None:
                await self.drop()
        return told
