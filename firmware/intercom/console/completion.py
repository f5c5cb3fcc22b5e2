"""What may come next on a line begun: commands, options, settings, and the values that an argument may have.  Pure.

All of it comes from the table of commands: from their names, the words that show their options, and their types.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import NamedTuple

from msgspec import inspect, structs

from intercom.console.command import Command
from intercom.errors import UsageError
from intercom.settings.paths import find, leaves

_OPTION = re.compile(r"\[--([\w-]+)( \w+)?\]")


class Choice(NamedTuple):
    """A word that may stand in place of the last one begun, and what it means."""

    word: str
    help: str = ""


def choices(line: str, commands: Mapping[str, Command]) -> list[Choice]:
    """What the last word of the line, which may be empty, can become; a section of settings ends with a dot."""
    *before, begun = line.split(" ")
    before = [word for word in before if word]
    found = {choice.word: choice for choice in _possible(before, begun, commands) if choice.word.startswith(begun)}
    return [choice for word, choice in found.items() if word != begun]


def added(line: str, found: Sequence[Choice]) -> str:
    """What is sure to follow on the line; a space behind what is whole."""
    begun = line.rpartition(" ")[2]
    sure = _shared([choice.word for choice in found])[len(begun) :]
    return f"{sure} " if len(found) == 1 and not found[0].word.endswith(".") else sure


def _possible(before: Sequence[str], begun: str, commands: Mapping[str, Command]) -> Iterator[Choice]:
    yield from _names(before, commands)
    command = _named(before, commands)
    if command is None:
        return
    options = dict(_OPTION.findall(command.words))
    given = before[len(command.name.split()) :]
    if given and options.get(given[-1].removeprefix("--")):
        return  # the value of an option
    yield from (Choice(f"--{option}") for option in options if f"--{option}" not in given)
    plain = [word for number, word in enumerate(given) if not _is_optional(number, given, options)]
    positional = [field for field in structs.fields(command.arguments) if field.encode_name not in options]
    if len(plain) < len(positional):
        field = positional[len(plain)]
        yield from map(Choice, _values(inspect.type_info(field.type)))
        yield from _named_by(command, field.encode_name, plain, begun, commands)


def _named_by(
    command: Command, argument: str, before: Sequence[str], begun: str, commands: Mapping[str, Command]
) -> Iterator[Choice]:
    """The choices of an argument that no type but its name tells."""
    is_needed = any(field.required for field in structs.fields(command.arguments))
    match argument:
        case "path":
            yield from _settings(begun, is_section_good=not is_needed)
        case "word":
            yield from _names((), commands)
            yield from _settings(begun, is_section_good=True)
        case "value" if before:
            yield from map(Choice, _values_of(before[0]))


def _names(before: Sequence[str], commands: Mapping[str, Command]) -> Iterator[Choice]:
    """The next word of each command that begins so; what it does where that is its last."""
    begun = "".join(f"{word} " for word in before)
    for name, command in commands.items():
        if name.startswith(begun):
            word, _, rest = name.removeprefix(begun).partition(" ")
            if not rest or f"{begun}{word}" not in commands:
                yield Choice(word, "" if rest else command.help)


def _named(words: Sequence[str], commands: Mapping[str, Command]) -> Command | None:
    """The longest command that the words begin with."""
    names = (" ".join(words[:count]) for count in range(len(words), 0, -1))
    return next((commands[name] for name in names if name in commands), None)


def _is_optional(number: int, given: Sequence[str], options: Mapping[str, str]) -> bool:
    """Whether a word is an option or the value of one."""
    before = given[number - 1].removeprefix("--") if number else ""
    return given[number].removeprefix("--") in options or bool(options.get(before))


def _settings(begun: str, *, is_section_good: bool) -> Iterator[Choice]:
    """The settings of the section begun, and the sections in it."""
    for path, leaf in leaves().items():
        if path.startswith(begun):
            word, dot, _ = path[len(begun) :].partition(".")
            if not dot:
                yield Choice(path, leaf.description)
            else:
                yield Choice(f"{begun}{word}" if is_section_good else f"{begun}{word}.")


def _values_of(path: str) -> list[str]:
    """The values of a setting that has few."""
    try:
        return _values(inspect.type_info(find(path).kind))
    except UsageError:
        return []


def _values(kind: inspect.Type) -> list[str]:
    match kind:
        case inspect.Metadata(type=inner):
            return _values(inner)
        case inspect.UnionType(types=types):
            return [value for each in types for value in _values(each)]
        case inspect.BoolType():
            return ["on", "off"]
        case inspect.LiteralType(values=values):
            return [str(value) for value in values]
        case _:
            return []


def _shared(words: Sequence[str]) -> str:
    """The letters that all begin with."""
    same = takewhile(lambda letters: len(set(letters)) == 1, zip(*words, strict=False))
    return "".join(letters[0] for letters in same)
