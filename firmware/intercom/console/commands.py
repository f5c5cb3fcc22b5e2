"""The commands, in one table that the serial line, the control socket and the command line share."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from intercom.console import acts, buttons, changes, comfort, door, ring, texts, transfer
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
    Command("dnd", "[on|off]", "Let calls make no sound.", OPERATOR, comfort.Switch, comfort.dnd, comfort.told_dnd),
    Command(
        "privacy",
        "[on|off]",
        "Keep the microphone silent in every call.",
        OPERATOR,
        comfort.Switch,
        comfort.privacy,
        comfort.told_privacy,
    ),
    Command("missed", "", "Who found nobody.", OPERATOR, acts.Nothing, comfort.missed, comfort.told_missed),
    Command("missed clear", "", "Forget them.", OPERATOR, acts.Nothing, comfort.clear, say("Forgotten.")),
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
    Command("door open", "", "Open this station's door.", OPERATOR, acts.Nothing, door.open_, say("The door is open.")),
    Command(
        "door code add",
        "NAME [CODE] [--once] [--from TIME] [--to TIME] [--days DAYS] [--until DATE]",
        "A code that opens the door; without CODE one is made.",
        OPERATOR,
        door.NewCode,
        door.add,
        door.told_add,
    ),
    Command("door code remove", "NAME", "Forget a code.", OPERATOR, door.OldCode, door.remove, say("Removed {name}.")),
    Command("door code list", "", "The codes by name.", OPERATOR, acts.Nothing, door.codes, door.told_codes),
    Command(
        "door log",
        "[COUNT] [--verify]",
        "Who opened the door, or wanted to; `--verify`: all is as it was written.",
        OPERATOR,
        door.Log,
        door.log,
        door.told_log,
    ),
    Command(
        "door lockouts",
        "",
        "Whom wrong codes keep from trying.",
        OPERATOR,
        acts.Nothing,
        door.lockouts,
        door.told_lockouts,
    ),
    Command(
        "door reset",
        "",
        "Let the door be opened again after its case was.",
        OPERATOR,
        acts.Nothing,
        door.reset,
        door.told_reset,
    ),
    Command(
        "rules",
        "[--what-if BUTTON] [--all]",
        "What each button does in which state; or what one would do now.",
        OPERATOR,
        buttons.Rules,
        buttons.rules,
        buttons.told_rules,
    ),
    Command(
        "test ring",
        "[NAME]",
        "Show a light on the ring for 3 s; which there are.",
        OPERATOR,
        ring.Light,
        ring.try_ring,
        ring.told,
    ),
    Command(
        "test buttons",
        "[--for S]",
        "Tell what is done with the buttons, which do nothing else meanwhile.",
        OPERATOR,
        buttons.Trial,
        buttons.try_buttons,
        buttons.told_trial,
    ),
    Command("show", "[PATH]", "The settings, or those of a section.", OPERATOR, acts.Show, acts.show, texts.settings),
    Command("set", "PATH VALUE", "Change a setting; `commit` applies.", OPERATOR, acts.Set, acts.set_, texts.settings),
    Command("unset", "PATH", "Give a setting its default.", OPERATOR, acts.Unset, acts.unset, texts.settings),
    Command("diff", "", "What you changed and didn't commit.", OPERATOR, acts.Nothing, acts.diff, changes.told_diff),
    Command(
        "commit",
        "[COMMENT]",
        "Write your changes and apply them.",
        OPERATOR,
        changes.Commit,
        changes.commit,
        changes.told_commit,
    ),
    Command(
        "commit confirm",
        "SECONDS [COMMENT]",
        "The same, undone by itself unless `confirm` comes in time.",
        OPERATOR,
        changes.Trial,
        changes.commit_confirm,
        changes.told_commit,
    ),
    Command(
        "confirm",
        "",
        "Let what is committed stay.",
        OPERATOR,
        acts.Nothing,
        changes.confirm,
        say("Revision {revision} stays."),
    ),
    Command(
        "rollback",
        "[REVISION]",
        "Edit old settings, without REVISION those before the last; `commit` applies.",
        OPERATOR,
        changes.Old,
        changes.rollback,
        changes.told_rollback,
    ),
    Command(
        "history", "", "Who changed which settings when.", OPERATOR, acts.Nothing, changes.history, changes.told_history
    ),
    Command(
        "export",
        "",
        "The settings as text to keep or to paste, without secrets.",
        OPERATOR,
        acts.Nothing,
        transfer.export,
        say("{text}"),
    ),
    Command(
        "import",
        "[TEXT]",
        "Edit what `export` told, which is pasted after it; `commit` applies.",
        OPERATOR,
        transfer.Import,
        transfer.import_,
        transfer.told_import,
    ),
]

COMMANDS = {command.name: command for command in _TABLE}


FIRST_WORDS = frozenset(name.partition(" ")[0] for name in COMMANDS)

_VERBS = {command.verb: command for command in _TABLE}
_MOST_WORDS = max(len(name.split()) for name in COMMANDS)


def find(verb: str) -> Command:
    """The command of a frame's verb; raises UsageError with the nearest one, without quoting what was sent."""
    if verb in _VERBS:
        return _VERBS[verb]
    meant = nearest(verb, list(_VERBS))
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
