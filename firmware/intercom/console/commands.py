"""The commands, in one table that the serial line, the control socket and the command line share."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from intercom.console import acts, texts
from intercom.console.command import Access, Command, Result
from intercom.console.desk import Desk
from intercom.errors import UsageError
from intercom.settings.paths import nearest, shown, under

ANYONE, OPERATOR = Access.ANYONE, Access.OPERATOR


class Help(Struct, forbid_unknown_fields=True):
    """A command, a setting or a section; empty: the commands."""

    word: str = ""


async def help_(_: Desk, given: Help) -> Result:
    """What commands and settings there are."""
    commands = [command for name, command in COMMANDS.items() if given.word in ("", name)]
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


def say(sentence: str) -> Callable[[Result], str]:
    """The text of a result that is told by one sentence with its members."""
    return lambda result: sentence.format(**result)


_TABLE = [
    # name, words, help, access, arguments, what it does, how it is told
    Command("status", "", "What the station does now.", ANYONE, acts.Nothing, acts.status, texts.status),
    Command("help", "[WORD]", "What a command or a setting means.", ANYONE, Help, help_, texts.help_),
    Command("call", "TO", "Call an identity or a group.", OPERATOR, acts.Call, acts.call, say("Calling {to}.")),
    Command("answer", "", "Accept the call that rings.", OPERATOR, acts.Nothing, acts.answer, say("Answered.")),
    Command("reject", "", "Reject it for all who are rung.", OPERATOR, acts.Nothing, acts.reject, say("Rejected.")),
    Command("ignore", "", "Stop the ringing here only.", OPERATOR, acts.Nothing, acts.ignore, say("Ignored.")),
    Command("hangup", "", "End the call, or cancel it.", OPERATOR, acts.Nothing, acts.hangup, say("Hung up.")),
    Command("mute", "on|off", "Mute the microphone, or open it.", OPERATOR, acts.Mute, acts.mute, say("Mute {state}.")),
    Command(
        "feedback",
        "SCORE [ISSUE]",
        "Tell how the call was or is, 1 (bad) to 5, and what was wrong.",
        OPERATOR,
        acts.Feedback,
        acts.feedback,
        say("Told: {score} of 5."),
    ),
    Command(
        "digits",
        "DIGITS",
        "Send tones to the far end: 0-9 * #, w waits 0.5 s.",
        OPERATOR,
        acts.Digits,
        acts.digits,
        say("Sending."),
    ),
    Command(
        "volume",
        "[WHICH] [LEVEL]",
        "How loud: LEVEL or `ring` LEVEL in percent, `mic` LEVEL in dB; at once, and kept.",
        OPERATOR,
        acts.Volume,
        acts.volume,
        texts.volume,
    ),
    Command(
        "press",
        "BUTTON [--for S] [--down]",
        "Press a simulated button: a tap, S seconds, or until `release`.",
        OPERATOR,
        acts.Press,
        acts.press,
        say("Pressed {button}."),
    ),
    Command(
        "release",
        "BUTTON",
        "Let go of a simulated button.",
        OPERATOR,
        acts.Release,
        acts.release,
        say("Released {button}."),
    ),
    Command("show", "[PATH]", "The settings, or those of a section.", OPERATOR, acts.Show, acts.show, texts.settings),
    Command("set", "PATH VALUE", "Change a setting; `commit` applies.", OPERATOR, acts.Set, acts.set_, texts.settings),
    Command("unset", "PATH", "Give a setting its default.", OPERATOR, acts.Unset, acts.unset, texts.settings),
    Command("diff", "", "What you changed and didn't commit.", OPERATOR, acts.Nothing, acts.diff, texts.changes),
    Command("commit", "", "Write your changes and apply them.", OPERATOR, acts.Nothing, acts.commit, texts.committed),
]

COMMANDS = {command.name: command for command in _TABLE}


def find(name: str) -> Command:
    """The command of that name; raises UsageError with the nearest one, without quoting what was typed."""
    if name in COMMANDS:
        return COMMANDS[name]
    meant = nearest(name, list(COMMANDS))
    raise UsageError("There is no such command.", f"Did you mean `{meant}`?" if meant else "")


def read_line(line: str) -> tuple[Command, dict[str, Any]]:
    """The command and its arguments that a person's line names; raises UsageError."""
    name, _, rest = line.strip().partition(" ")
    command = find(name)
    return command, command.read_line(rest)
