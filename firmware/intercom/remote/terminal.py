"""What runs a command at the far side needs of who asked for it, and gives to them."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, NamedTuple

from intercom.console.unseen import typed
from intercom.errors import UsageError
from intercom.remote.progress import OnProgress, unseen

# Asks for what no command holds: the words before the answer, and whether it is hidden.
Ask = Callable[[str, bool], str]


@dataclass(frozen=True, slots=True)
class Told:
    """A result, and its text for people."""

    result: Mapping[str, Any]
    text: str

    @property
    def json(self) -> str:
        """The result for programs."""
        return json.dumps(self.result, ensure_ascii=False, indent=2)


class Terminal(NamedTuple):
    """Who asked."""

    ask: Ask
    on_progress: OnProgress = unseen


def asked_once() -> Ask:
    """Asks whoever started the program, each question once, however many threads want to know."""
    lock, answers = Lock(), dict[str, str]()

    def ask(question: str, is_hidden: bool) -> str:
        with lock:
            if question not in answers:
                answers[question] = asked(question, is_hidden)
            return answers[question]

    return ask


def asked(question: str, is_hidden: bool) -> str:
    """Ask whoever started the program; what is not hidden is the next line of the standard input."""
    if is_hidden:
        return typed(question)
    if line := sys.stdin.readline():
        return line.rstrip("\r\n")
    raise UsageError("There is nothing more to read.", "Give it on the standard input.")
