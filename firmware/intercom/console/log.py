"""The commands about the log: its latest lines, and each new one as it is written."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

from msgspec import Meta, Struct

from intercom.console.access import Access
from intercom.console.command import Command, Nothing, Result
from intercom.console.desk import Desk
from intercom.console.loglines import MOST
from intercom.errors import UsageError


class Lines(Struct, forbid_unknown_fields=True):
    """How many lines, and the number of the one after which."""

    count: Annotated[int, Meta(ge=1, le=MOST)] = 20
    after: Annotated[int, Meta(ge=0)] = 0


async def log(desk: Desk, given: Lines) -> Result:
    """The latest lines, and the number of the last that there is."""
    lines = desk.operator.log_lines
    return {"lines": [asdict(line) for line in lines.latest(given.count, after=given.after)], "last": lines.count}


async def follow(_: Desk, __: Nothing) -> Result:
    """Stands for what a person's terminal does."""
    raise UsageError("A person follows the log at a terminal.", "A program subscribes to `log`.")


def told_line(line: Mapping[str, Any]) -> str:
    """A line of the log; its level, where it is no news."""
    level = "" if line["level"] == "info" else f"{line['level']}: "
    return f"{line['at'][11:19]} {level}{line['text']}"


def told(result: Result) -> str:
    """A line of the log each."""
    return "\n".join(map(told_line, result["lines"]))


FOLLOW = Command(
    "log follow",
    "",
    "Each line of the log as it is written, until a key is pressed.",
    Access.VIEWER,
    Nothing,
    follow,
    told,
)
COMMANDS = [
    Command("log", "[COUNT] [--after NUMBER]", "The latest lines of the log.", Access.VIEWER, Lines, log, told),
    FOLLOW,
]
