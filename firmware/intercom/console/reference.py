"""The reference of the commands, as the README has it: written from the table that the console itself uses.

`python -m intercom.console.reference README.md` writes it anew between its two marks.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from msgspec import inspect, structs

from intercom.console import commands
from intercom.console.access import Access
from intercom.console.command import Command

BEGIN, END = "<!-- reference: `make reference` writes it -->", "<!-- end of the reference -->"

_WHO = {Access.ANYONE: "anyone", Access.VIEWER: "who may look", Access.OPERATOR: "who may act"}
_TYPES = {
    inspect.StrType: "text",
    inspect.IntType: "whole number",
    inspect.FloatType: "number",
    inspect.BoolType: "true or false",
    inspect.BytesType: "Base64",
    inspect.DateTimeType: "time",
    inspect.AnyType: "any value",
}


def reference() -> str:
    """The reference, in Markdown."""
    return "\n".join([*_commands(), "", "Programs have these besides:", "", *_verbs()])


def inserted(text: str) -> str:
    """A text with the reference between its marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{reference()}\n{END}{after}"


def _commands() -> Iterator[str]:
    yield "| command | does | who | members in a frame |"
    yield "|---|---|---|---|"
    for command in commands.COMMANDS.values():
        members = _members(commands.VERBS[command.verb])
        yield _row(f"`{command.usage}`", command.help, _WHO[command.access], members)


def _verbs() -> Iterator[str]:
    yield "| verb | does | who | members |"
    yield "|---|---|---|---|"
    for command in (each for each in commands.VERBS.values() if each.name not in commands.COMMANDS):
        yield _row(f"`{command.verb}`", command.help, _WHO[command.access], _members(command))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _members(command: Command) -> str:
    fields = structs.fields(command.arguments)
    told = (f"`{field.encode_name}` {_words(inspect.type_info(field.type))}" for field in fields)
    return ", ".join(one if field.required else f"[{one}]" for one, field in zip(told, fields, strict=True))


def _words(kind: inspect.Type) -> str:
    match kind:
        case inspect.Metadata(type=inner):
            return _words(inner)
        case inspect.UnionType(types=types):
            return " or ".join(_words(each) for each in types if not isinstance(each, inspect.NoneType))
        case inspect.LiteralType(values=values):
            return "|".join(str(value) for value in values if value != "")
        case inspect.VarTupleType(item_type=item):
            return f"list of {_words(item)}"
        case _:
            return _TYPES[type(kind)]


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]):
        path.write_text(inserted(path.read_text()))
