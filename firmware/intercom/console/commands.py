"""The commands, in one table that the serial line, the control socket and the command line share.

`COMMANDS` are people's by name, `VERBS` those of programs, which have a few more for the line itself.
"""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from intercom.console import (
    auth,
    board,
    buttons,
    calls,
    changes,
    clock,
    comfort,
    door,
    edits,
    log,
    login,
    programs,
    ring,
    story,
    texts,
    transfer,
    trials,
    volumes,
    wifi,
)
from intercom.console.access import Access
from intercom.console.command import Command, Nothing, Result
from intercom.console.desk import Desk
from intercom.errors import UsageError
from intercom.settings.paths import nearest, shown, under


class Help(Struct, forbid_unknown_fields=True):
    """A command, a setting or a section; empty: the commands."""

    word: str = ""


async def status(desk: Desk, _: Nothing) -> Result:
    """The station's snapshot."""
    return desk.operator.status()


async def help_(_: Desk, given: Help) -> Result:
    """What commands and settings there are."""
    commands = [command for name, command in COMMANDS.items() if _begins(name, given.word)]
    settings = under(given.word) if not commands else []
    return {
        "commands": [{"usage": command.usage, "help": command.help} for command in commands],
        "settings": [
            {
                "path": leaf.path,
                "description": leaf.description,
                "allowed": leaf.allowed,
                "default": shown(leaf, leaf.default),
            }
            for leaf in settings
        ],
    }


_TABLE = [
    Command("status", "", "What the station does now.", Access.ANYONE, Nothing, status, texts.status),
    Command("help", "[WORD]", "What a command or a setting means.", Access.ANYONE, Help, help_, texts.help_),
    *login.COMMANDS,
    *calls.COMMANDS,
    *story.COMMANDS,
    *comfort.COMMANDS,
    *volumes.COMMANDS,
    *door.COMMANDS,
    *buttons.COMMANDS,
    *ring.COMMANDS,
    *trials.COMMANDS,
    *clock.COMMANDS,
    *edits.COMMANDS,
    *changes.COMMANDS,
    *transfer.COMMANDS,
    *log.COMMANDS,
    *wifi.COMMANDS,
    *board.COMMANDS,
]

COMMANDS = {command.name: command for command in _TABLE}


FIRST_WORDS = frozenset(name.partition(" ")[0] for name in COMMANDS)

VERBS = {command.verb: command for command in (*_TABLE, *auth.COMMANDS, *programs.COMMANDS)}
_MOST_WORDS = max(len(name.split()) for name in COMMANDS)


def find(verb: str) -> Command:
    """The command of a frame's verb; raises UsageError with the nearest one, without quoting what was sent."""
    if verb in VERBS:
        return VERBS[verb]
    meant = nearest(verb, list(VERBS))
    raise UsageError("There is no such command.", f"Did you mean `{meant}`?" if meant else "")


def read_line(line: str) -> tuple[Command, dict[str, Any]]:
    """The command and its arguments that a person's line names; raises UsageError."""
    command = _named(line.split())
    count = len(command.name.split())
    rest = line.strip().split(maxsplit=count)[count:]
    return command, command.read_line("".join(rest))


def read_words(words: Sequence[str]) -> tuple[Command, dict[str, Any]]:
    """The command and its arguments that words such as a shell's name; raises UsageError."""
    command = _named(words)
    return command, command.read_words(words[len(command.name.split()) :])


def _named(words: Sequence[str]) -> Command:
    """The command whose name these words begin with, the longest; raises UsageError without quoting them."""
    for count in range(_MOST_WORDS, 0, -1):
        if (name := " ".join(words[:count])) in COMMANDS:
            return COMMANDS[name]
    first = words[0] if words else ""
    if first in FIRST_WORDS:
        raise UsageError("There is no such command.", f"`help {first}` lists those that there are.")
    meant = nearest(first, sorted(FIRST_WORDS))
    raise UsageError("There is no such command.", f"Did you mean `{meant}`?" if meant else "")


def _begins(name: str, words: str) -> bool:
    return not words or f"{name} ".startswith(f"{words} ")
